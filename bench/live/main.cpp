// SPDX-License-Identifier: MIT
//
// keytone_live: many live calls at once over the loopback, and what they cost; the same with rtpengine and
// baresip, and through a whole service.
#include "bench/live/baresip_side.hpp"
#include "bench/live/keytone_side.hpp"
#include "bench/live/point_run.hpp"
#include "bench/live/rtpengine_side.hpp"
#include "bench/live/service_side.hpp"
#include "tools/console/console.hpp"
#include "tools/console/interruption.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace keytone;
using namespace keytone::bench;

struct Options {
    std::vector<std::size_t> calls{1, 10, 100, 500, 1000, 2000};
    std::vector<unsigned> cores{1, 2};
    double seconds = 20.0;
    bool rtpengine = false;
    bool baresip = false;
    bool agents = false;
    bool alone = false;
    std::string server = ServiceProgram::beside_this_program();
    std::optional<double> api;
    bool record = false;
    bool each_socket = false;
    bool json = false;
};

/// The exit code. 0: every run was whole (Point::is_whole()). 1: one was not. 130: interrupted.
int run(const Options& options, tools::Console& console) {
    const LoadSound ulaw(G711Law::ulaw);
    const LoadSound alaw(G711Law::alaw);
    tools::catch_interruptions();
    if (!options.json) {
        console.print(table_head());
    }
    bool whole = true;
    const auto run_one = [&](Side& side, const PointSetup& setup, const LoadSound& sound, bool counts) {
        const auto point = run_point(side, setup, sound, [&](double share) {
            console.progress(share);
            return tools::interruption() == 0;
        });
        console.end_progress();
        if (!point) {
            return false;
        }
        console.print(options.json ? json_line(*point) : table_line(*point));
        if (const std::string what = complaint(*point); !what.empty() && !options.json) {
            console.error(point->side + ", " + std::to_string(setup.calls) + " calls: " + what);
        }
        whole = whole && (!counts || point->is_whole());
        return true;
    };
    for (const unsigned cores : options.cores) {
        for (const std::size_t calls : options.calls) {
            const PointSetup setup{calls, cores, options.seconds};
            if (!options.alone) {
                KeytoneSide keytone(ulaw, !options.each_socket);
                if (!run_one(keytone, setup, ulaw, true)) {
                    return 130;
                }
            }
            if (options.agents) {
                ServiceSide service(ulaw, {options.server, options.api, options.record});
                if (!run_one(service, setup, ulaw, true)) {
                    return 130;
                }
            }
            if (options.rtpengine) {
                RtpengineSide rtpengine;
                if (!run_one(rtpengine, setup, alaw, false)) {
                    return 130;
                }
            }
            if (options.baresip) {
                BaresipSide baresip(ulaw);
                if (!run_one(baresip, setup, ulaw, false)) {
                    return 130;
                }
            }
        }
    }
    return whole ? 0 : 1;
}

/// Why the programs beside this one cannot be measured so; empty where they can.
std::string refusal(const Options& options) {
    if (options.agents && access(options.server.c_str(), X_OK) != 0) {
        return options.server + " is not there: build keytone_server, or name the program by --server";
    }
    if (!options.agents && (options.api || options.record || options.alone)) {
        return "--api, --record and --alone are about a whole service: add --agents";
    }
    if (options.rtpengine && !RtpengineSide::is_installed()) {
        return "there is no rtpengine: apt-get install rtpengine-daemon, or leave out --rtpengine";
    }
    if (options.baresip && !BaresipSide::is_installed()) {
        return "there is no baresip: apt-get install baresip-core, or leave out --baresip";
    }
    if (options.baresip && std::ranges::max(options.calls) > BaresipSide::most_calls) {
        return "baresip has at most " + std::to_string(BaresipSide::most_calls) +
               " calls at once: name fewer by --calls, or leave out --baresip";
    }
    return "";
}

} // namespace

int main(int argc, char** argv) {
    tools::Console console("keytone_live");
    try {
        Options options;
        CLI::App program("Runs live calls over the loopback, and checks each packet and key that comes back.",
                         "keytone_live");
        program.add_option("--calls", options.calls, "Calls at once, a run for each [1 … 2000]")
            ->delimiter(',')
            ->check(CLI::Range(1, 10'000));
        program.add_option("--cores", options.cores, "Cores for the media threads, each in turn [1,2]")
            ->delimiter(',')
            ->check(CLI::Range(1, 64));
        program.add_option("--seconds", options.seconds, "Measured in each run [20]")
            ->check(CLI::Range(1.0, 60.0));
        program.add_flag("--rtpengine", options.rtpengine, "The same number of calls through rtpengine, too");
        program.add_flag("--baresip", options.baresip, "The same number of calls answered by baresip, too");
        program.add_flag("--agents", options.agents,
                         "The same number of calls through keytone-server, each with its agent, too");
        program.add_option("--server", options.server, "The program keytone-server [beside this one]");
        program
            .add_option("--api", options.api,
                        "Requests a second to its API meanwhile; 0: as fast as it answers")
            ->check(CLI::Range(0.0, 100'000.0));
        program.add_flag("--record", options.record, "It records the calls");
        program.add_flag("--alone", options.alone,
                         "Only the service: no run of the media threads by themselves");
        program.add_flag("--each-socket", options.each_socket, "A system call for each socket: no io_uring");
        program.add_flag("--json", options.json, "A line of JSON for each run");
        CLI11_PARSE(program, argc, argv);
        if (const std::string why = refusal(options); !why.empty()) {
            console.error(why);
            return 2;
        }
        return run(options, console);
    } catch (const std::exception& error) {
        console.error(error.what());
        return 1;
    }
}
