// SPDX-License-Identifier: MIT
#include "tools/agent_tools.hpp"

#include "engine/json/settings_json.hpp"
#include "engine/json/tool_definitions.hpp"
#include "tools/console/printable.hpp"
#include "tools/console/text_input.hpp"
#include "tools/option_checks.hpp"

#include <string_view>

namespace keytone::tools {

namespace {

constexpr std::string_view agent_tools_examples = R"(Examples:
  keytone tools agent.json --for openai
  keytone tools agent.json --for openai --wait-for prompt_end,silence --allow transferNumber --allow +1415
  echo '{"transferEnabled":true,"transferNumber":"+14155551234"}' | keytone tools - --for anthropic

SETTINGS is one JSON object; all of its keys are optional:
  transferEnabled true or false (false), transferNumber E.164, transferMessage, transfer_instructions,
  endCallEnabled true or false (true), endCallMessage, end_call_instructions,
  allow ["transferNumber", "+1415", "sip:example.com"]: whom the model may transfer to, anybody if left out,
  on_machine bridge, hangup or leave_message (bridge), machine_message: what transfers do that do not say so
Prints what belongs into the request's "tools": a function that is not enabled is left out. What is allowed here
is enforced where a call's own settings say "allow" too.)";

} // namespace

CLI::App* add_tools_command(CLI::App& program, AgentToolsOptions& options) {
    CLI::App* command = program.add_subcommand("tools", "Print an agent's functions for a language model");
    command->footer(std::string(agent_tools_examples));
    command->add_option("SETTINGS", options.settings, "The agent's settings, JSON; - is standard input")
        ->required()
        ->type_name("");
    command->add_option("--for", options.form, "API that takes them: openai (Responses) or anthropic")
        ->required()
        ->type_name("NAME")
        ->check(one_of({"openai", "anthropic"}));
    command
        ->add_option(
            "--wait-for", options.wait_for,
            "Offer wait_for, of prompt_end, dial_tone, beep, silence, ringback_end, answered_by [not "
            "offered]")
        ->delimiter(',')
        ->type_name("NAME,...")
        ->check(one_of({"prompt_end", "dial_tone", "beep", "silence", "ringback_end", "answered_by"}));
    command->add_flag("--on-machine", options.on_machine,
                      "Offer what a transfer does where a machine answers [not offered]");
    command
        ->add_option("--allow", options.allow,
                     "Whom the model may transfer to: transferNumber, +1415, sip:example.com [anybody]")
        ->type_name("WHOM")
        ->allow_extra_args(false);
    return command;
}

std::optional<Failure> print_agent_tools(const AgentToolsOptions& options, Console& console) {
    const auto text = read_text(options.settings, json::max_settings_bytes);
    if (!text) {
        return text.error();
    }
    auto settings = json::parse_settings(*text);
    if (!settings) {
        const std::string name = options.settings == "-" ? "standard input" : printable(options.settings);
        return Failure{ExitCode::failed, name + ": " + settings.error().message};
    }
    settings->allow.insert(settings->allow.end(), options.allow.begin(), options.allow.end());
    if (const auto fault = check(*settings)) {
        return Failure{ExitCode::usage, "--" + refusal(*fault).message};
    }
    const auto form = options.form == "openai" ? json::ToolForm::openai : json::ToolForm::anthropic;
    console.print(json::tool_definitions(
        *settings, form,
        {options.wait_for, options.on_machine})); // A failure of this is reported at the program's end.
    return std::nullopt;
}

} // namespace keytone::tools
