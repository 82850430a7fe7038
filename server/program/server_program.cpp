// SPDX-License-Identifier: MIT
#include "server/program/server_program.hpp"

#include "tools/option_checks.hpp"

namespace keytone::server {

namespace {

constexpr const char* program_text = R"(Examples:
  keytone-server --config /etc/keytone/server.toml
  keytone-server --config server.toml --drain 5 --log json

Without a command it is a service: many calls at once, until SIGTERM or SIGINT. Then no call is taken any more; those
that run may end by themselves for as long as --drain says, and are ended after that. A second signal ends them at
once, a third one the program. What happens is told on standard error.

The configuration is TOML. Every key may be left out:

  sip.listen = "192.0.2.20:5060"       address and port of SIP, by UDP and TCP
  sip.from = "sip:+15550100@sip.example"  who calls
  sip.trunk = "sip.example"            where numbers are dialled
  sip.user, sip.password               for a trunk that asks
  sip.register = true                  at the trunk, so that it calls here
  sip.register_expires = 3600          seconds
  sip.users.ada = "secret"             who may call from anywhere, by a password
  sip.callers = ["192.0.2.0/24"]       who may call; else the loopback
  sip.max_calls = 2500                 at once; beyond, 503
  sip.session_timer = 1800             seconds
  rtp.address = "192.0.2.20"           where RTP is received
  rtp.ports = "20000-29999"            two for each leg
  rtp.keys = "auto"                    how keys go out; or "rfc4733", "inband", "info"
  rtp.srtp = "off"                     or "offered", "required"
  media.threads = 2                    that carry the calls' sound; else one a core
  answer.scenario = "answer.jsonl"     runs each call that comes in; else 404
  answer.prompts = "prompts"           a folder; else the scenario's
  answer.output = "calls"              a folder, in which each call gets one
  answer.memory_mb = 1024              for audio that is not written yet
  agent.url = "wss://agent.example/"   has each call that comes in, instead of a scenario
  agent.shape = "keytone"              or "twilio"
  agent.rate = 8000                    or 16000, in keytone's shape
  agent.ca = "ca.pem"                  checks its certificate; else the system's
  agent.grace = 5                      seconds that a call whose agent is gone is kept
  agent.answer_after = 5               seconds that a call rings at most until the agent is there
  agent.message = "Goodbye."           is said when the agent is gone
  agent.prompts = "prompts"            a folder; else none
  agent.authToken = "secret"           signs the request, in Twilio's shape
  agent.mute_keys = false              or true: after a transfer neither side hears the other's keys
  agent.transferNumber = "+15303195426"  and an agent's other settings
  dial.allow = ["+1530", "sip:*@pbx.example"]  whom transfers and placed calls may dial
  dial.max_calls = 100                 calls placed for each agent, at once;
  dial.calls_per_minute = 60           and within a minute
  log.format = "json"                  or "text"
  log.level = "info"                   or "debug", "warning", "error"
  store.path = "keytone.db"            a file: calls and their reports; else nothing is kept
  store.keep_days = 90                 how long calls are kept
  reports.allow_addresses = ["10.0.0.0/8"]  private addresses that reports may go to
  reports.ca_file = "ca.pem"           certificates to trust; else the system's
  recordings.path = "recordings"       a folder, in which the agent's part of each call is recorded
  recordings.keep_days = 90            how long recordings are kept
  recordings.keys = "keep"             or "silence": keys that are heard are silent in them
  http.listen = "127.0.0.1:8080"       where the API and its page are served; needs store.path
  http.public_url = "https://keytone.example"  how others reach it; for the recordings' URLs

Exit code: 0 done, 1 there was no call, the service could not begin or an output could not be written, 2 usage.)";
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

constexpr const char* token_examples = R"(Examples:
  keytone-server token create ada --config /etc/keytone/server.toml

create prints the token alone, which is shown this once: the store has its hash. Requests to the API have it in
Authorization: Bearer TOKEN. One that is revoked is refused a second later.)";
constexpr const char* webhooks_examples = R"(Examples:
  keytone-server webhooks add crm https://crm.example/keytone --config /etc/keytone/server.toml
  keytone-server webhooks rotate crm --config /etc/keytone/server.toml

add LABEL URL and rotate LABEL print the endpoint's secret alone, which is shown this once. Each call is reported once
to each endpoint: a POST of session.completed, signed with HMAC-SHA256. A running service obeys at once.)";
constexpr const char* reports_examples = R"(Examples:
  keytone-server reports list --json --config /etc/keytone/server.toml
  keytone-server reports resend 17 18 --config /etc/keytone/server.toml

list shows the last thousand, the newest first. resend without a number sends all that failed; a running service sends
them at once.)";

// What the three commands on the store share: `ACTION`, what it is about, --config and --json.
CLI::App* add_store_command(CLI::App& program, StoreCommand& options, const std::string& name,
                            const std::string& description, const std::vector<std::string>& actions,
                            const std::string& words, const std::string& about) {
    CLI::App* const command = program.add_subcommand(name, description);
    command->add_option("ACTION", options.action, "What is done")
        ->required()
        ->check(tools::one_of(actions))
        ->type_name("");
    command->add_option(words, options.words, about)->type_name("");
    command->add_option("--config", options.config, "Names the store, as the service's does")
        ->required()
        ->type_name("FILE");
    command->add_flag("--json", options.json, "Print JSON lines instead of words");
    return command;
}

void add_service_options(CLI::App& program, ServiceCommand& options) {
    constexpr int longest_drain = 86'400;
    program.add_option("--config", options.config, "Be a service, by this configuration")->type_name("FILE");
    program.add_option("--drain", options.drain_seconds, "What running calls are given at SIGTERM")
        ->check(tools::whole_number(0, longest_drain))
        ->type_name("SECONDS")
        ->capture_default_str();
    program
        .add_option("--log", options.log_format,
                    "How the log is written [the configuration's; else text on a terminal, JSON elsewhere]")
        ->check(tools::one_of({"text", "json"}));
    program.add_flag("--allow-http-webhooks", options.allow_http_webhooks,
                     "Let reports go to the loopback by http, for tests");
}

} // namespace

std::function<std::optional<tools::Failure>(tools::Console&)>
describe_server_program(CLI::App& program, ServerProgramOptions& options) {
    program.description("keytone on a telephone network.");
    program.require_subcommand(0, 1);
    program.set_version_flag("-V,--version", "keytone-server " KEYTONE_VERSION, "Print the version and exit");
    program.footer(program_text);
    add_service_options(program, options.service);
    CLI::App* const call = program.add_subcommand("call", "Place a call and run a scenario on it");
    call->footer(call_examples);
    call->add_option("--to", options.live.to, "Who is called")->required()->type_name("URI");
    add_live_options(*call, options.live);
    CLI::App* const answer =
        program.add_subcommand("answer", "Run a scenario on the next call that comes in");
    answer->footer(answer_examples);
    add_live_options(*answer, options.live);
    CLI::App* const check = program.add_subcommand("check", "Say what is wrong with a configuration");
    check->footer("Examples:\n  keytone-server check /etc/keytone/server.toml");
    check->add_option("FILE", options.live.config, "The configuration")->required()->type_name("");
    CLI::App* const token =
        add_store_command(program, options.store, "token", "Make, list and revoke tokens for the API",
                          {"create", "list", "revoke"}, "NAME", "The token's");
    token->footer(token_examples);
    CLI::App* const webhooks =
        add_store_command(program, options.store, "webhooks", "Say where reports of calls go",
                          {"add", "list", "remove", "rotate"}, "LABEL", "The endpoint's, and a URL for add");
    webhooks->footer(webhooks_examples);
    webhooks->add_flag("--allow-http-webhooks", options.store.allow_http_webhooks,
                       "Take http to the loopback, too");
    CLI::App* const reports =
        add_store_command(program, options.store, "reports", "List reports of calls, and send them again",
                          {"list", "resend"}, "ID", "Of reports, for resend");
    reports->footer(reports_examples);
    return [&program, &options, check, token, webhooks,
            reports](tools::Console& console) -> std::optional<tools::Failure> {
        const bool has_command = !program.get_subcommands().empty();
        for (const char* const option : {"--config", "--drain", "--log", "--allow-http-webhooks"}) {
            if (has_command && program.count(option) > 0) {
                return tools::misused(std::string(option) +
                                      " before a command is a service's: write it behind the command, or "
                                      "leave the command out");
            }
        }
        if (check->parsed()) {
            return check_config(options.live.config, console);
        }
        if (token->parsed()) {
            return run_token(options.store, console);
        }
        if (webhooks->parsed()) {
            return run_webhooks(options.store, console);
        }
        if (reports->parsed()) {
            return run_reports(options.store, console);
        }
        if (has_command) {
            return run_live(options.live, console);
        }
        if (options.service.config.empty()) {
            return tools::misused(
                "asks for nothing: give --config FILE or a command, see keytone-server --help");
        }
        return run_service(options.service, console);
    };
}

} // namespace keytone::server
