// SPDX-License-Identifier: MIT
//
// keytone-server: keytone on a telephone network.
#include "server/program/live_commands.hpp"
#include "tools/console/console.hpp"
#include "tools/console/program_run.hpp"
#include "tools/console/standard_streams.hpp"

#include <CLI/CLI.hpp>

#include <string>

namespace {

using namespace keytone::tools;
using keytone::server::LiveOptions;

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
    const auto usage = [](const CLI::ParseError& error) {
        return misused(std::string(error.what()) + ": see keytone-server --help");
    };
    if (const auto code = read_arguments(program, argc, argv, console, usage)) {
        return *code;
    }
    const auto failure = check->parsed() ? keytone::server::check_config(options.config, console)
                                         : keytone::server::run_live(options, console);
    return failure ? report(*failure, console) : ExitCode::done;
}

} // namespace

int main(int argc, char** argv) {
    prepare_standard_streams();
    Console console("keytone-server");
    console.keep_streams_to_itself(); // The SIP library tells of each datagram that it cannot read.
    return run_program(console, [&] { return run(argc, argv, console); });
}
