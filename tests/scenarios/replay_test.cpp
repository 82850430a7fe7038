// SPDX-License-Identifier: MIT
//
// Every call's recording gives that call again, sample for sample and line for line, without any rule.
#include "tests/scenarios/scenario_run.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone {
namespace {

using namespace test;

class Replay : public testing::TestWithParam<std::string> {};

TEST_P(Replay, IsTheSameCall) {
    const CallRun first = run_offline(scenario_file(GetParam() + ".jsonl"));
    const CallRun again = run_offline(first.recording);
    EXPECT_FALSE(again.scenario.answer || again.scenario.refer) << "what happened is a fact now";
    for (const Leg leg : both_legs) {
        EXPECT_TRUE(same_samples(first.audio[leg].sent, again.audio[leg].sent)) << character(leg);
        EXPECT_TRUE(same_samples(first.audio[leg].heard, again.audio[leg].heard)) << character(leg);
    }
    EXPECT_TRUE(same_lines(event_lines(first), event_lines(again)));
    EXPECT_TRUE(same_lines(split_lines(first.recording), split_lines(again.recording)));
}

INSTANTIATE_TEST_SUITE_P(Scenario, Replay, testing::ValuesIn(scenario_names()), parameter_name);

} // namespace
} // namespace keytone
