// SPDX-License-Identifier: MIT
//
// Any bytes as a scenario: what is parsed runs to its end, and its lines keep their rules; its recording
// gives the same call again.
#include "engine/json/outcome_json.hpp"
#include "engine/unicode.hpp"
#include "tests/fuzz/demand.hpp"
#include "tests/support/plain_prompts.hpp"
#include "tools/simulation/call_simulation.hpp"
#include "tools/simulation/call_story.hpp"
#include "tools/simulation/call_timeline.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace keytone;
using namespace keytone::simulation;

constexpr double longest_s = 3.0;
constexpr std::size_t most_lines = 40;

/// Ends the program where a promise is broken; the fuzzer keeps the input that did it.
using keytone::test::demand;

void check_error(const ScenarioError& error, std::string_view text) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    demand(error.line >= 1 && error.line <= lines);
    demand(!error.message.empty() && error.message.find(": ") != std::string::npos);
    demand(std::ranges::none_of(error.message, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    demand(count_characters(error.message).has_value());
}

/// Numbers without gaps; every action accepted once, with at most one conclusion. Whether it has one depends
/// on where the call was cut.
void check_outcomes(const CallSimulation& call) {
    std::map<std::string, int> concluded;
    std::uint64_t seq = 0;
    for (const Outcome& outcome : call.record().outcomes) {
        demand(outcome.seq == ++seq && outcome.sample >= 0);
        demand(count_characters(json::outcome_line(outcome, {"c", "s"})).has_value());
        if (outcome.replayed) {
            continue;
        }
        if (std::holds_alternative<ActionAccepted>(outcome.what)) {
            demand(concluded.emplace(outcome.id, 0).second);
        } else if (std::holds_alternative<ActionCompleted>(outcome.what) ||
                   std::holds_alternative<ActionFailed>(outcome.what) ||
                   std::holds_alternative<ActionCancelled>(outcome.what)) {
            demand(concluded.contains(outcome.id) && ++concluded[outcome.id] == 1);
        } else if (const auto* const tone = std::get_if<ToneCompleted>(&outcome.what)) {
            demand(tone->begin < tone->end);
        }
    }
}

std::unique_ptr<CallSimulation> run(const Scenario& scenario) {
    static test::PlainPrompts prompts; // Outlives all simulations.
    auto made = CallSimulation::create(scenario, prompts);
    if (!made) {
        demand(!made.error().message.empty());
        return nullptr;
    }
    std::unique_ptr<CallSimulation> call = *std::move(made);
    const SampleCount block = scenario.header.rate.samples(CallSimulation::max_block);
    while (!call->over() && call->position_s() < longest_s) {
        call->prepare(block);
        call->process();
        call->collect();
    }
    check_outcomes(*call);
    return call;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto scenario = parse_scenario(text);
    if (!scenario) {
        check_error(scenario.error(), text);
        return 0;
    }
    demand(
        std::ranges::all_of(scenario->events, [](const CallEvent& event) { return event.at_s.has_value(); }));
    if (scenario->lines.size() > most_lines || scenario->sounds.size() > most_lines) {
        return 0;
    }
    const auto call = run(*scenario);
    if (call == nullptr) {
        return 0;
    }
    const PerLeg<SampleRate> rate{scenario->header.rate, scenario->header.rate_b};
    for (const std::string& line : tell_story(call->record().outcomes, rate)) {
        demand(count_characters(line).has_value() && line.find('\n') == std::string::npos);
    }
    call_timeline("call", call->record());
    // The recording of a call that ran to its end.
    const auto recorded = parse_scenario(call->recording());
    demand(recorded.has_value());
    if (call->over()) {
        const auto again = run(*recorded);
        demand(again != nullptr && again->over());
        for (const Leg leg : both_legs) {
            demand(again->record().audio[leg].sent == call->record().audio[leg].sent);
            demand(again->record().audio[leg].heard == call->record().audio[leg].heard);
        }
        demand(again->record().outcomes.size() == call->record().outcomes.size());
    }
    return 0;
}
