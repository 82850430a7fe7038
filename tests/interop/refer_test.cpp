// SPDX-License-Identifier: MIT
//
// A caller who is referred, and how that ends: sipp is the caller. A caller who really follows a REFER is in
// baresip_test.cpp.
#include "tests/support/live_peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace keytone::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// How a REFER goes, and with which code the agent is told that it failed.
struct ReferCase {
    const char* name;
    const char* scenario;
    std::map<std::string, std::string> words;
    const char* code; ///< Empty: the caller is gone.
};

std::string fragment(const std::string& status) {
    return "      Content-Type: message/sipfrag;version=2.0\n      Content-Length: [len]\n\n      SIP/2.0 " +
           status + "\n";
}

ReferCase followed(const char* name, const std::string& last, const char* code) {
    return {name, "caller_is_referred", {{"LAST", last}}, code};
}
ReferCase refused(const char* name, const std::string& status, const char* code) {
    return {name, "caller_refuses_refer", {{"STATUS", status}}, code};
}

class Referrals : public testing::TestWithParam<ReferCase> {};
INSTANTIATE_TEST_SUITE_P(
    , Referrals,
    testing::Values(followed("IsFollowed", fragment("200 OK"), ""),
                    followed("FindsItBusy", fragment("486 Busy Here"), "sip_busy"),
                    followed("IsDeclinedThere", fragment("603 Decline"), "sip_declined"),
                    followed("IsNotAnswered", fragment("480 Temporarily Unavailable"), "no_answer"),
                    followed("EndsWithoutAWord", "      Content-Length: 0\n", "sip_failed"),
                    followed("EndsOnItsWay", fragment("180 Ringing"), "sip_failed"),
                    refused("IsForbidden", "403 Forbidden", "sip_declined"),
                    refused("IsDeclined", "603 Decline", "sip_declined"),
                    refused("IsNotKnown", "501 Not Implemented", "sip_failed"),
                    refused("IsSentElsewhere", "302 Moved\n      Contact: <sip:elsewhere@192.0.2.1>",
                            "sip_failed")),
    [](const auto& row) { return std::string(row.param.name); });

// A number stays one: `tel:` is not made `sip:` on the way.
TEST_P(Referrals, EndAndTheAgentIsTold) {
    if (const auto problem = Sipp::problem(); !problem.empty()) {
        GTEST_SKIP() << problem;
    }
    const ReferCase& row = GetParam();
    const int port = free_port();
    LiveServer server(LiveServer::answering(port), R"({"v":1,"call":"refer","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"type":"based_call","id":"t1","name":"transfer","args":["+15305550100",{"sip_method":"refer"}]}
{"at":2.0,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)");
    auto words = row.words;
    words.emplace("TARGET", "&lt;tel:.15305550100&gt;");
    EXPECT_EQ(Sipp::calling(row.scenario, port, {.words = words}).exit_code(), 0);
    EXPECT_EQ(server.exit_code(), 0) << server.process().errors();
    const auto done = values_of(server.events(), "action.completed", "id");
    const auto codes = values_of(server.events(), "action.failed", "code");
    if (std::string(row.code).empty()) {
        EXPECT_THAT(done, ElementsAre("t1"));
        EXPECT_THAT(codes, IsEmpty());
    } else {
        EXPECT_THAT(done, ElementsAre("e1"));
        EXPECT_THAT(codes, ElementsAre(row.code));
    }
    EXPECT_EQ(values_of(server.events(), "session.completed", "call").size(), 1U);
}

} // namespace
} // namespace keytone::test
