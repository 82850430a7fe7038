// SPDX-License-Identifier: MIT
//
// The calls of testdata/scenarios/, and how they are run.
#pragma once

#include "engine/leg.hpp"
#include "engine/outcome.hpp"
#include "tools/simulation/call_simulation.hpp"
#include "tools/simulation/scenario.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::test {

/// The names of all scenarios, in alphabetical order; empty where the folder has none.
std::vector<std::string> scenario_names();
/// The content of a file of testdata/scenarios/. Fails the running test, and is empty, when it cannot be
/// read.
std::string scenario_file(const std::string& name);
/// The scenario's own name as that of a test.
std::string parameter_name(const testing::TestParamInfo<std::string>& info);

/// The results of a call.
struct CallRun {
    simulation::Scenario scenario;
    PerLeg<simulation::LegAudio> audio;
    std::vector<Outcome> outcomes;
    std::string recording;
    bool over = false;

    [[nodiscard]] SampleRate rate(Leg leg) const {
        return leg == Leg::a ? scenario.header.rate : scenario.header.rate_b;
    }
};

/// Reads a scenario's text. Fails the running test, and returns an empty call, where it is invalid.
simulation::Scenario read_scenario(std::string_view text);
/// A call about to begin. Fails the running test, and is null, where it cannot be made. Sounds are read from
/// the folder of the scenarios; prompts that were spoken are kept for later calls.
std::unique_ptr<simulation::CallSimulation> begin_call(const simulation::Scenario& scenario);

/// Runs a call as the program does, in blocks of 20 ms.
CallRun run_offline(std::string_view text);
/// Runs it on two threads up to leg a's sample `end`: an audio device with random blocks of 1 to 160 samples
/// (`seed`), and a control thread that keeps pace with it.
CallRun run_live(std::string_view text, SampleIndex end, std::uint32_t seed);

/// The output lines, without line ends.
std::vector<std::string> event_lines(const CallRun& run);
std::vector<std::string> split_lines(std::string_view text);
/// Whether the lines are the same; otherwise the first difference.
testing::AssertionResult same_lines(const std::vector<std::string>& expected,
                                    const std::vector<std::string>& actual);
/// Whether the samples are the same; otherwise where the first difference is.
testing::AssertionResult same_samples(const std::vector<std::int16_t>& expected,
                                      const std::vector<std::int16_t>& actual);

/// The keys that were sent on a leg, in order.
std::vector<Outcome> sent_tones(const CallRun& run, Leg leg);

} // namespace keytone::test
