// SPDX-License-Identifier: MIT
//
// Every call again on two threads, one of them an audio device with blocks of any size: it gives the same
// samples and the same lines.
#include "tests/scenarios/scenario_run.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone {
namespace {

using namespace test;

class Live : public testing::TestWithParam<std::string> {};

TEST_P(Live, SendsTheSameSamples) {
    const std::string text = scenario_file(GetParam() + ".jsonl");
    const CallRun offline = run_offline(text);
    const auto end = static_cast<SampleIndex>(offline.audio[Leg::a].sent.size());
    for (const std::uint32_t seed : {1U, 2026U}) {
        const CallRun live = run_live(text, end, seed);
        EXPECT_TRUE(live.over);
        for (const Leg leg : both_legs) {
            EXPECT_TRUE(same_samples(offline.audio[leg].sent, live.audio[leg].sent))
                << character(leg) << seed;
            EXPECT_TRUE(same_samples(offline.audio[leg].heard, live.audio[leg].heard))
                << character(leg) << seed;
        }
        EXPECT_TRUE(same_lines(event_lines(offline), event_lines(live))) << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Scenario, Live, testing::ValuesIn(scenario_names()), parameter_name);

} // namespace
} // namespace keytone
