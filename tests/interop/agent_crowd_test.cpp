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
        {.callers_each = 3, .dial_ins = 300, .seconds = 3, .most = std::chrono::seconds(40), .times = 1});
}

} // namespace
} // namespace keytone::test
