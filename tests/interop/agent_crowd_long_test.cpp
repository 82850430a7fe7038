// SPDX-License-Identifier: MIT
//
// Hostile agents, many at once: those that are dialled, and those that dial in.
#include "tests/interop/agent_crowd.hpp"

namespace keytone::test {
namespace {

TEST_F(LiveAgent, MayBeOneOfAHostileCrowd) {
    if (const auto problem = Sipp::problem(); !problem.empty()) {
        GTEST_SKIP() << problem;
    }
    expect_to_outlive(
        {.callers_each = 35, .dial_ins = 1000, .seconds = 30, .most = std::chrono::seconds(300), .times = 2});
}

} // namespace
} // namespace keytone::test
