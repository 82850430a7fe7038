// SPDX-License-Identifier: MIT
//
// keytone-server: keytone on a telephone network.
#include "server/program/server_program.hpp"
#include "tools/console/program_run.hpp"
#include "tools/console/standard_streams.hpp"

#include <string>

namespace {

using namespace keytone::tools;

ExitCode run(int argc, char** argv, Console& console) {
    CLI::App program("", "keytone-server");
    keytone::server::ServerProgramOptions options;
    const auto work = keytone::server::describe_server_program(program, options);
    const auto usage = [](const CLI::ParseError& error) {
        return misused(std::string(error.what()) + ": see keytone-server --help");
    };
    if (const auto code = read_arguments(program, argc, argv, console, usage)) {
        return *code;
    }
    const auto failure = work(console);
    return failure ? report(*failure, console) : ExitCode::done;
}

} // namespace

int main(int argc, char** argv) {
    prepare_standard_streams();
    Console console("keytone-server");
    console.keep_streams_to_itself(); // The SIP library prints a line for each datagram that it cannot read.
    return run_program(console, [&] { return run(argc, argv, console); });
}
