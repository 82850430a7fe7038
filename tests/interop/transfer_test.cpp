// SPDX-License-Identifier: MIT
//
// Transfers in which something else happens than an answer, with sipp at both ends: the target is not taken,
// refuses or answers too late, or the caller leaves. No phone rings and no party waits for one that is gone.
#include "tests/support/live_peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// Soon after the answer the caller is handed over; `more` are further lines.
std::string agent(const std::string& more = {}) {
    return R"({"v":1,"call":"c","rate":8000,"options":{"ring_timeout":2}}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.2,"type":"based_call","id":"t1","name":"transfer","args":["5303195426"]}
)" + more;
}

/// A caller, keytone, and the phone that the caller is handed over to.
class Transfer : public testing::Test {
  protected:
    void SetUp() override {
        if (const auto problem = Sipp::problem(); !problem.empty()) {
            GTEST_SKIP() << problem;
        }
    }

    /// The whole call; every program's exit code is 0.
    void run(const std::string& target, const std::string& status, const std::string& scenario,
             const std::string& caller, const std::vector<std::string>& talks = {}) {
        const int port = free_port();
        const int target_port = free_port();
        Sipp phone =
            Sipp::phone(target, target_port, {.words = {{"STATUS", status}}, .options = {"-m", "1"}});
        auto command = LiveServer::answering(port);
        command.insert(command.end(), {"--trunk", on_loopback(target_port)});
        server_.emplace(command, scenario);
        Sipp calling = Sipp::calling(caller, port, {.options = talks});
        EXPECT_EQ(calling.exit_code(), 0);
        EXPECT_EQ(phone.exit_code(), 0);
        EXPECT_EQ(server_->exit_code(), 0) << server_->process().errors();
        EXPECT_EQ(told("session.completed", "call").size(), 1U);
    }

    [[nodiscard]] std::vector<std::string> told(const std::string& event, const std::string& key) const {
        return values_of(server_->events(), event, key);
    }

    std::optional<LiveServer> server_;
};

/// The caller is the agent's again: it says so by keys, and hangs up.
constexpr const char* goes_on = R"({"at":4.0,"type":"based_call","id":"k1","name":"click_ivr","args":["5"]}
{"at":4.6,"type":"based_call","id":"e1","name":"end_call","args":[]}
)";

TEST_F(Transfer, ATargetThatNobodyTakesIsGivenUpAndTheCallerIsTheAgentsAgain) {
    run("phone_rings", "", agent(goes_on), "caller_waits");
    EXPECT_THAT(told("action.failed", "code"), ElementsAre("no_answer"));
    EXPECT_THAT(told("action.completed", "id"), Contains("k1"));
}

TEST_F(Transfer, ATargetThatIsBusyLeavesTheCallerWithTheAgent) {
    run("phone_refuses", "486", agent(goes_on), "caller_waits");
    EXPECT_THAT(told("action.failed", "code"), ElementsAre("sip_busy"));
    EXPECT_THAT(told("action.completed", "id"), Contains("k1"));
}

TEST_F(Transfer, ACallerWhoLeavesStopsTheRinging) {
    run("phone_rings", "", agent(), "caller_basic", {"-d", "1200"});
    EXPECT_THAT(told("action.completed", "id"), IsEmpty());
}

TEST_F(Transfer, WhoAnswersTheMomentTheCallerLeavesIsHungUpOn) {
    run("phone_crosses", "", agent(), "caller_basic", {"-d", "1200"});
    EXPECT_THAT(told("action.completed", "id"), IsEmpty());
}

} // namespace
} // namespace keytone::test
