// SPDX-License-Identifier: MIT
#include "tools/program.hpp"

#include <optional>

namespace keytone::tools {

namespace {

/// Reports `failure`, if it is one.
ExitCode conclude(const std::optional<Failure>& failure, Console& console) {
    return failure ? report(*failure, console) : ExitCode::done;
}

} // namespace

ExitCode report(const Failure& failure, Console& console) {
    console.error(failure.message);
    return failure.code;
}

std::vector<Command> describe_program(CLI::App& program, ProgramOptions& options, Console& console) {
    program.description("Telephone keys (DTMF), and the calls they are pressed in.");
    program.require_subcommand(1);
    program.set_version_flag("--version", "keytone " KEYTONE_VERSION, "Print the version and exit");
    program.set_help_flag("-h,--help", "Print this help and exit");
    program.footer(
        "keytone COMMAND --help tells the options, with examples.\n\n"
        "Exit code: 0 done, 1 an input could not be processed or an output not be written, 2 usage.");
    return {
        {add_render_command(program, options.render),
         [&] { return conclude(render(options.render, console), console); }},
        {add_detect_command(program, options.detect), [&] { return detect(options.detect, console); }},
        {add_play_command(program, options.play),
         [&] { return conclude(play(options.play, console), console); }},
        {add_monitor_command(program, options.monitor),
         [&] { return conclude(monitor(options.monitor, console), console); }},
        {add_devices_command(program, options.devices),
         [&] { return conclude(list_devices(options.devices, console), console); }},
        {add_explain_command(program, options.explain),
         [&] { return conclude(explain(options.explain, console), console); }},
        {add_simulate_command(program, options.simulate),
         [&] { return conclude(simulate(options.simulate, console), console); }},
        {add_tools_command(program, options.tools),
         [&] { return conclude(print_agent_tools(options.tools, console), console); }},
    };
}

} // namespace keytone::tools
