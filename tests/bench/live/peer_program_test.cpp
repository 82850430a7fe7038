// SPDX-License-Identifier: MIT
#include "bench/live/peer_program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>

namespace keytone::bench {
namespace {

TEST(PeerProgram, IsFoundAlongPath) {
    EXPECT_TRUE(PeerProgram::is_installed("sh"));
    EXPECT_FALSE(PeerProgram::is_installed("no-such-program"));
    EXPECT_THAT([] { PeerProgram({"no-such-program"}); },
                testing::ThrowsMessage<std::runtime_error>("no-such-program does not start"));
}

TEST(PeerProgram, RunsUntilItIsKilled) {
    pid_t process = 0;
    {
        const PeerProgram program({"sleep", "600"});
        process = program.process();
        EXPECT_TRUE(program.runs());
    }
    EXPECT_EQ(kill(process, 0), -1);
}

TEST(PeerProgram, TellsThatItHasEnded) {
    const PeerProgram program({"sleep", "600"});
    ASSERT_EQ(kill(program.process(), SIGKILL), 0);
    while (program.runs()) { // The kernel ends it; the test's own time limit is the bound.
    }
}

} // namespace
} // namespace keytone::bench
