// SPDX-License-Identifier: MIT
#include "tests/scenarios/scenario_run.hpp"

#include "engine/io/flite_prompts.hpp"
#include "engine/json/outcome_json.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <semaphore>
#include <thread>
#include <utility>

namespace keytone::test {

namespace {

using simulation::CallSimulation;
using simulation::Scenario;

/// Makes every prompt once.
class KeptPrompts : public PromptSource {
  public:
    Result<PromptPtr, PromptError> speak(std::string_view text, SampleRate rate) override {
        return keep(prompts_.speak(text, rate));
    }
    Result<PromptPtr, PromptError> load(const std::string& name, SampleRate rate) override {
        return keep(prompts_.load(name, rate));
    }

  private:
    /// flite's prompts are shared for as long as somebody holds them.
    Result<PromptPtr, PromptError> keep(Result<PromptPtr, PromptError> prompt) {
        if (prompt && std::ranges::find(kept_, *prompt) == kept_.end()) {
            kept_.push_back(*prompt);
        }
        return prompt;
    }

    io::FlitePrompts prompts_{KEYTONE_SCENARIOS};
    std::vector<PromptPtr> kept_;
};

CallRun finish(const Scenario& scenario, const CallSimulation& call) {
    CallRun run{scenario, {}, call.record().outcomes, call.recording(), call.over()};
    for (const Leg leg : both_legs) {
        run.audio[leg] = call.record().audio[leg];
    }
    return run;
}

} // namespace

std::vector<std::string> scenario_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(KEYTONE_SCENARIOS)) {
        if (entry.path().extension() == ".jsonl") {
            names.push_back(entry.path().stem().string());
        }
    }
    std::ranges::sort(names);
    return names;
}

std::string scenario_file(const std::string& name) {
    std::ifstream stream(std::string(KEYTONE_SCENARIOS) + "/" + name, std::ios::binary);
    EXPECT_TRUE(stream.is_open()) << name << " is missing";
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string parameter_name(const testing::TestParamInfo<std::string>& info) {
    return info.param;
}

Scenario read_scenario(std::string_view text) {
    auto scenario = simulation::parse_scenario(text);
    if (!scenario) {
        ADD_FAILURE() << scenario.error().line << ": " << scenario.error().message;
        return {};
    }
    return *std::move(scenario);
}

std::unique_ptr<CallSimulation> begin_call(const Scenario& scenario) {
    static KeptPrompts prompts;
    auto call = CallSimulation::create(scenario, prompts);
    if (!call) {
        ADD_FAILURE() << call.error().message;
        return nullptr;
    }
    return *std::move(call);
}

CallRun run_offline(std::string_view text) {
    const Scenario scenario = read_scenario(text);
    const auto call = begin_call(scenario);
    if (call == nullptr) {
        return {};
    }
    const SampleCount block = scenario.header.rate.samples(CallSimulation::max_block);
    while (!call->over()) {
        call->prepare(block);
        call->process();
        call->collect();
    }
    EXPECT_FALSE(call->was_cut()) << "the call does not end";
    return finish(scenario, *call);
}

CallRun run_live(std::string_view text, SampleIndex end, std::uint32_t seed) {
    const Scenario scenario = read_scenario(text);
    const auto call = begin_call(scenario);
    if (call == nullptr) {
        return {};
    }
    constexpr SampleCount max_block = 160;
    SampleCount block = 0; // Written by the device, until it asks for the block to be prepared.
    std::binary_semaphore wanted(0);
    std::binary_semaphore prepared(0);
    std::binary_semaphore done(0);
    std::thread device([&] {
        std::minstd_rand chance(seed);
        for (SampleIndex at = 0; at < end;) {
            const auto size =
                std::min<SampleCount>(1 + static_cast<SampleCount>(chance() % max_block), end - at);
            block = size;
            wanted.release();
            prepared.acquire();
            call->process();
            at += size;
            done.release();
        }
    });
    for (SampleIndex at = 0; at < end;) {
        wanted.acquire();
        at += block;
        call->prepare(block);
        prepared.release();
        done.acquire();
        call->collect();
    }
    device.join();
    return finish(scenario, *call);
}

std::vector<std::string> event_lines(const CallRun& run) {
    std::vector<std::string> lines;
    for (const Outcome& outcome : run.outcomes) {
        std::string line =
            json::outcome_line(outcome, {run.scenario.header.call, run.scenario.header.session});
        line.pop_back();
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

testing::AssertionResult same_lines(const std::vector<std::string>& expected,
                                    const std::vector<std::string>& actual) {
    const std::string none = "(there is none)";
    for (std::size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
        const std::string& wanted = i < expected.size() ? expected[i] : none;
        const std::string& found = i < actual.size() ? actual[i] : none;
        if (wanted != found) {
            return testing::AssertionFailure()
                   << "line " << i + 1 << "\n  was  " << wanted << "\n  is   " << found;
        }
    }
    return testing::AssertionSuccess();
}

testing::AssertionResult same_samples(const std::vector<std::int16_t>& expected,
                                      const std::vector<std::int16_t>& actual) {
    if (expected.size() != actual.size()) {
        return testing::AssertionFailure() << expected.size() << " samples, now " << actual.size();
    }
    const auto [wanted, found] = std::ranges::mismatch(expected, actual);
    if (wanted != expected.end()) {
        return testing::AssertionFailure()
               << "sample " << wanted - expected.begin() << " was " << *wanted << ", is " << *found;
    }
    return testing::AssertionSuccess();
}

std::vector<Outcome> sent_tones(const CallRun& run, Leg leg) {
    std::vector<Outcome> tones;
    std::ranges::copy_if(run.outcomes, std::back_inserter(tones), [leg](const Outcome& outcome) {
        return outcome.leg == leg && std::holds_alternative<ToneCompleted>(outcome.what);
    });
    return tones;
}

} // namespace keytone::test
