// SPDX-License-Identifier: MIT
#include "tools/console/program_run.hpp"

#include "tools/console/interruption.hpp"

#include <csignal>
#include <exception>
#include <new>

namespace keytone::tools {

ExitCode report(const Failure& failure, Console& console) {
    if (failure.reader_is_gone) {
        console.end_progress();
        end_by(SIGPIPE);
    }
    console.error(failure.message);
    return failure.code;
}

int run_program(Console& console, const std::function<ExitCode()>& work) {
    try {
        const ExitCode code = work();
        if (interruption() != 0) {
            end_by(interruption());
        }
        // A run whose output could not be written has failed, whatever else succeeded.
        const auto failure = console.output_failure();
        return static_cast<int>(failure ? report(*failure, console) : code);
    } catch (const std::bad_alloc&) {
        console.error("out of memory: do less at a time");
    } catch (const std::exception& error) {
        console.error(std::string("internal error, please report it: ") + error.what());
    }
    return static_cast<int>(ExitCode::failed);
}

} // namespace keytone::tools
