// SPDX-License-Identifier: MIT
//
// keytone-server: keytone on a telephone network.
#include "server/program/live_commands.hpp"
#include "tools/console/console.hpp"
#include "tools/console/interruption.hpp"
#include "tools/console/standard_streams.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <new>
#include <optional>
#include <string>

namespace {

using keytone::server::LiveOptions;
using keytone::tools::Console;
using keytone::tools::ExitCode;
using keytone::tools::Failure;

constexpr const char* call_examples = R"(Examples:
  keytone-server call testdata/scenarios/transfer_extension.jsonl --to sip:100@192.0.2.1 -o call
  keytone-server call menu.jsonl --to sip:+15550100@sip.example --config /etc/keytone/server.toml --json

SCENARIO is JSON Lines, as keytone simulate takes it. What the agent asks for and says is done at its time from the
answer; what the scenario says of the far side is left out, as there is a real one.)";
constexpr const char* answer_examples = R"(Examples:
  keytone-server answer testdata/scenarios/transfer_extension.jsonl --listen 192.0.2.1:5060 -o call)";

void add_live_options(CLI::App& command, LiveOptions& options) {
    command.add_option("SCENARIO", options.scenario, "The agent's part, as JSON Lines; - is standard input")
        ->required()
        ->type_name("");
    command.add_option("-o,--output", options.folder, "Folder to write to")->type_name("FOLDER");
    command.add_option("--listen", options.listen, "Where SIP and RTP are received")
        ->type_name("ADDRESS:PORT");
    command.add_option("--trunk", options.trunk, "Where a transfer's numbers are dialled")
        ->type_name("HOST[:PORT]");
    command.add_option("--config", options.config, "Settings of the server")->type_name("FILE");
    command.add_option("--pcap", options.capture, "Write all packets, for Wireshark")->type_name("FILE");
    command.add_option("--prompts", options.prompts, "Where recorded prompts lie [beside the scenario]")
        ->type_name("FOLDER");
    command.add_flag("--json", options.json, "Print the events instead of plain words");
}

ExitCode report(const std::optional<Failure>& failure, Console& console) {
    if (!failure) {
        return ExitCode::done;
    }
    console.error(failure->message);
    return failure->code;
}

ExitCode run(int argc, char** argv, Console& console) {
    CLI::App program("keytone on a telephone network.", "keytone-server");
    program.require_subcommand(1);
    program.set_version_flag("-V,--version", "keytone-server " KEYTONE_VERSION, "Print the version and exit");
    program.footer("Exit code: 0 done, 1 there was no call or an output could not be written, 2 usage.");
    LiveOptions options;
    CLI::App* const call = program.add_subcommand("call", "Place a call and run a scenario on it");
    call->footer(call_examples);
    call->add_option("--to", options.to, "Who is called")->required()->type_name("URI");
    add_live_options(*call, options);
    CLI::App* const answer =
        program.add_subcommand("answer", "Run a scenario on the next call that comes in");
    answer->footer(answer_examples);
    add_live_options(*answer, options);
    CLI::App* const check = program.add_subcommand("check", "Say what is wrong with a configuration");
    check->footer("Examples:\n  keytone-server check /etc/keytone/server.toml");
    check->add_option("FILE", options.config, "The configuration")->required()->type_name("");
    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        console.print(program.help());
        return ExitCode::done;
    } catch (const CLI::CallForVersion& version) {
        console.print(std::string(version.what()) + "\n");
        return ExitCode::done;
    } catch (const CLI::ParseError& error) {
        return report(Failure{ExitCode::usage, std::string(error.what()) + ": see keytone-server --help"},
                      console);
    }
    return report(check->parsed() ? keytone::server::check_config(options.config, console)
                                  : keytone::server::run_live(options, console),
                  console);
}

} // namespace

int main(int argc, char** argv) {
    keytone::tools::prepare_standard_streams();
    Console console("keytone-server");
    console.keep_streams_to_itself(); // The SIP library tells of each datagram that it cannot read.
    try {
        const ExitCode code = run(argc, argv, console);
        if (keytone::tools::interruption() != 0) {
            keytone::tools::end_by(keytone::tools::interruption());
        }
        const auto failure = console.output_failure();
        return static_cast<int>(failure ? report(failure, console) : code);
    } catch (const std::bad_alloc&) {
        console.error("out of memory");
    } catch (const std::exception& error) {
        console.error(std::string("internal error, please report it: ") + error.what());
    }
    return static_cast<int>(ExitCode::failed);
}
