// SPDX-License-Identifier: MIT
#include "tools/program.hpp"

#include "tools/nearest_word.hpp"
#include "tools/option_checks.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace keytone::tools {

namespace {

/// Reports `failure`, if there is one.
ExitCode conclude(const std::optional<Failure>& failure, Console& console) {
    return failure ? report(*failure, console) : ExitCode::done;
}

constexpr std::string_view version_text = "keytone " KEYTONE_VERSION;

CLI::App* add_help_command(CLI::App& program, HelpOptions& options) {
    CLI::App* command = program.add_subcommand("help", "Print the help of a command");
    command->footer("Examples:\n  keytone help render");
    command->add_option("COMMAND", options.command, "The command; without one, the whole program")
        ->type_name("");
    return command;
}

CLI::App* add_version_command(CLI::App& program) {
    CLI::App* command = program.add_subcommand("version", "Print the version");
    command->footer("Examples:\n  keytone version");
    return command;
}

ExitCode help(const HelpOptions& options, const CLI::App& program, Console& console) {
    if (options.command.empty()) {
        console.print(
            program.get_formatter()->make_help(&program, program.get_name(), CLI::AppFormatMode::Normal));
        return ExitCode::done;
    }
    const auto commands = program.get_subcommands({});
    const auto named = std::ranges::find(commands, options.command, &CLI::App::get_name);
    if (named == commands.end()) {
        return report(no_such_command(options.command, program), console);
    }
    console.print((*named)->help(program.get_name()));
    return ExitCode::done;
}

} // namespace

std::vector<std::string> command_names(const CLI::App& program) {
    std::vector<std::string> names;
    for (const CLI::App* const command : program.get_subcommands({})) {
        if (command->get_name() != "help" && command->get_name() != "version") {
            names.push_back(command->get_name());
        }
    }
    return names;
}

Failure no_such_command(const std::string& word, const CLI::App& program) {
    const auto names = command_names(program);
    const auto meant = nearest_word(word, names);
    return {ExitCode::usage, "'" + word + "' is no command: " +
                                 (meant ? "did you mean " + *meant + "?"
                                        : "use " + enumerate(names) + ", or see keytone --help")};
}

std::vector<Command> describe_program(CLI::App& program, ProgramOptions& options, Console& console) {
    program.description("Telephone keys (DTMF), and the calls they are pressed in.");
    program.require_subcommand(1);
    program.set_version_flag("-V,--version", std::string(version_text), "Print the version and exit");
    program.set_help_flag("-h,--help", "Print this help and exit");
    program.footer(
        "keytone COMMAND --help tells the options, with examples.\n\n"
        "Beside an installed program, README.md and the guide to embedding lie in share/doc/keytone, "
        "example\n"
        "calls for keytone simulate in share/keytone/scenarios; of the Debian packages, below /usr.\n\n"
        "Exit code: 0 done, 1 an input could not be processed or an output not be written, 2 usage.");
    return {
        {add_render_command(program, options.render),
         [&] { return conclude(render(options.render, console), console); }},
        {add_detect_command(program, options.detect), [&] { return detect(options.detect, console); }},
        {add_listen_command(program, options.listen), [&] { return listen(options.listen, console); }},
        {add_redact_command(program, options.redact),
         [&] { return conclude(redact(options.redact, console), console); }},
        {add_play_command(program, options.play),
         [&] { return conclude(play(options.play, console), console); }},
        {add_monitor_command(program, options.monitor),
         [&] { return conclude(monitor(options.monitor, console), console); }},
        {add_devices_command(program, options.devices),
         [&] { return conclude(list_devices(options.devices, console), console); }},
        {add_explain_command(program, options.explain), [&] { return explain(options.explain, console); }},
        {add_simulate_command(program, options.simulate),
         [&] { return conclude(simulate(options.simulate, console), console); }},
        {add_tools_command(program, options.tools),
         [&] { return conclude(print_agent_tools(options.tools, console), console); }},
        {add_help_command(program, options.help), [&] { return help(options.help, program, console); }},
        {add_version_command(program),
         [&] {
             console.print(std::string(version_text) + "\n");
             return ExitCode::done;
         }},
    };
}

} // namespace keytone::tools
