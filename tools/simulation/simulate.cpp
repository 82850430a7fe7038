// SPDX-License-Identifier: MIT
#include "tools/simulation/simulate.hpp"

#include "engine/io/flite_prompts.hpp"
#include "tools/console/interruption.hpp"
#include "tools/console/printable.hpp"
#include "tools/simulation/call_files.hpp"
#include "tools/simulation/call_simulation.hpp"
#include "tools/simulation/scenario_file.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace keytone::tools {

namespace {

using simulation::CallSimulation;

constexpr std::string_view simulate_examples = R"(Examples:
  keytone simulate testdata/scenarios/transfer_extension.jsonl -o call
  keytone simulate --json call/recording.jsonl -o again        # the same call, sample for sample

SCENARIO is JSON Lines: a call's events, and what its far side does: see testdata/scenarios/. In the folder appear
  leg-a.wav leg-b.wav   what keytone sends on each leg, from the call's first sample
  leg-a-heard.wav       what it hears there, over the same samples; leg-b-heard.wav, too
  events.jsonl          every output line
  recording.jsonl       a scenario that is this call again, with every fact as it was. It holds "sensitive" digits
                        as they are, and the WAV files sound them: where there are any, only you may read it
  timeline.svg .png     a picture of it
What happened is told in plain words, or with --json by the lines of events.jsonl.)";

/// 20 ms, the usual packet time of telephone networks.
constexpr Milliseconds block{20};

/// Runs the call to its end, or until a signal asks the program to end.
void run(CallSimulation& call, SampleRate rate, Console& console) {
    const SampleCount samples = rate.samples(block);
    while (!call.over() && interruption() == 0) {
        call.prepare(samples);
        call.process();
        call.collect();
        console.progress(std::min(1.0, call.position_s() / std::max(call.expected_end_s(), 1e-9)));
    }
    console.end_progress();
}

/// Whether the scenario has digits that are masked in all outcomes.
bool has_secrets(const simulation::Scenario& scenario) {
    return std::ranges::any_of(scenario.events, [](const CallEvent& event) {
        const auto* const request = std::get_if<Request>(&event.what);
        const auto* const click = request != nullptr ? std::get_if<ClickIvr>(request) : nullptr;
        const auto* const transfer = request != nullptr ? std::get_if<Transfer>(request) : nullptr;
        return (click != nullptr && click->sensitive) || (transfer != nullptr && transfer->sensitive);
    });
}

/// Whether any file is played, which has to be found.
bool plays_files(const simulation::Scenario& scenario) {
    const auto is_file = [](const simulation::Sound& sound) {
        return sound.kind == simulation::Sound::Kind::file;
    };
    const auto has_prompt = [](const CallEvent& event) {
        const auto* const request = std::get_if<Request>(&event.what);
        const auto* const say = request != nullptr ? std::get_if<Say>(request) : nullptr;
        const auto* const transfer = request != nullptr ? std::get_if<Transfer>(request) : nullptr;
        return (say != nullptr && say->prompt) || (transfer != nullptr && transfer->message_prompt);
    };
    return std::ranges::any_of(scenario.sounds, is_file) || std::ranges::any_of(scenario.events, has_prompt);
}

std::string once_more(const simulation::Scenario& scenario, const SimulateOptions& options) {
    const std::filesystem::path folder = options.folder;
    return "Once more:       keytone simulate " + (folder / "recording.jsonl").string() + " -o FOLDER" +
           (plays_files(scenario) ? " --prompts " + prompt_folder(options.prompts, options.scenario) : "") +
           "\n";
}

} // namespace

CLI::App* add_simulate_command(CLI::App& program, SimulateOptions& options) {
    CLI::App* command =
        program.add_subcommand("simulate", "Run a whole call offline: to WAV, events and a picture");
    command->footer(std::string(simulate_examples));
    command->add_option("SCENARIO", options.scenario, "The call, as JSON Lines; - is standard input")
        ->required()
        ->type_name("");
    command->add_option("-o,--output", options.folder, "Folder to write to")->required()->type_name("FOLDER");
    command->add_option("--prompts", options.prompts, "Where recorded prompts lie [beside the scenario]")
        ->type_name("FOLDER");
    command->add_flag("--json", options.json, "Print the events instead of plain words");
    return command;
}

std::optional<Failure> simulate(const SimulateOptions& options, Console& console) {
    const auto scenario = read_scenario(options.scenario);
    if (!scenario) {
        return scenario.error();
    }
    if (std::error_code ignored;
        !options.prompts.empty() && !std::filesystem::is_directory(options.prompts, ignored)) {
        return failed("--prompts " + printable(options.prompts) +
                      ": no such folder: name the one that the recorded prompts lie in");
    }
    io::FlitePrompts prompts(prompt_folder(options.prompts, options.scenario));
    auto call = CallSimulation::create(*scenario, prompts);
    if (!call) {
        return failed(scenario_name(options.scenario) + ": " + call.error().message);
    }
    if (auto failure = make_call_folder(options.folder)) {
        return failure;
    }
    catch_interruptions();
    run(**call, scenario->header.rate, console);
    if (interruption() != 0) {
        return std::nullopt;
    }
    const simulation::CallRecord& record = (*call)->record();
    const auto readers = has_secrets(*scenario) ? io::FileReaders::owner : io::FileReaders::usual;
    if (auto failure = write_call(record, (*call)->recording(), readers, options.folder)) {
        return failure;
    }
    console.print(options.json ? event_lines(record)
                               : told(record, options.folder) + once_more(*scenario, options));
    if ((*call)->was_cut()) {
        return failed(scenario_name(options.scenario) +
                      R"(: the call was not over after an hour: give an {"end":SECONDS} line)");
    }
    return std::nullopt;
}

} // namespace keytone::tools
