// SPDX-License-Identifier: MIT
//
// A person at the page of keytone-server, in Chromium, while a real call is under way: page_test.mjs beside a
// service, its agent, a caller, the phone that the caller is handed on to, and a receiver of reports.
#include "tests/support/api_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;

/// A menu that is answered by a key, says more, and presses keys itself.
constexpr const char* menu = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"leg":"a","by":"agent","speak":"For the service department, please press one."}
{"at":5.1,"leg":"a","by":"agent","speak":"Enter your number."}
{"at":8.0,"type":"based_call","id":"k1","name":"click_ivr","args":["42#"]}
{"at":90.0,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)";
/// The second phone: it hears its extension, speaks, and hangs up.
constexpr const char* phone = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":3.2,"leg":"a","by":"agent","speak":"Service department, how can I help you?"}
{"at":7.0,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)";
/// The agent answers the menu, and hands the caller on once a person at the page has pressed 9.
const json agent_frames = json::parse(R"([
    {"type":"based_call","id":"k1","name":"click_ivr","args":["1",{"wait_for":"prompt_end","max_wait":10}]},
    {"until":{"ev":"digit.heard","digit":"#"}},
    {"until":{"ev":"tone.completed","digit":"9"}},
    {"type":"based_call","id":"s1","name":"say","args":["Connecting you to the service department now."]},
    {"type":"based_call","id":"t1","name":"transfer","args":["+15303195426",
        {"extension":"221","pauseSeconds":1,"message":"Please hold the line."}]}
])");

TEST_F(LiveAgent, IsSeenAtThePageFromTheRingingToTheReport) {
    if (!works({"which", "node"}) ||
        !(works({"which", "chromium-headless-shell"}) || works({"which", "chromium"}))) {
        GTEST_SKIP() << "node and chromium-headless-shell are not both installed";
    }
    const TemporaryFolder recordings;
    Service exchange({.scenario = phone, .config = "[log]\nlevel = \"debug\"\n"});
    ApiService service(trunk(exchange.port()),
                       "[recordings]\npath = \"" + recordings.path().string() + "\"\n",
                       {"--allow-http-webhooks"});
    service.store().receive("none");
    const json desk{
        {"name", "The desk"},
        {"numbers", {"100"}},
        {"agentUrl", "ws://" + on_loopback(agent_port_) + "/" + percent_encoded(agent_frames.dump())},
        {"answer_after", 60},
        {"transferEnabled", true},
        {"transferNumber", "+15303195426"}};
    service.put("/api/v2/agent/desk", desk.dump());

    BackgroundProcess page({"node", KEYTONE_ROOT "/tests/page/page_test.mjs",
                            "http://" + on_loopback(service.port()), service.token(), KEYTONE_PICTURES,
                            "real"});
    ASSERT_TRUE(page.says("ready for a call", 60s)) << page.output() << page.errors();
    // Its keys are tones, so that it is known by how much each of them stood out.
    LiveServer calls({"call", "--to", "sip:100@" + on_loopback(service.service().port())}, menu,
                     "[rtp]\nkeys = \"inband\"\n");
    ASSERT_TRUE(page.says("it rings", 60s)) << page.output() << page.errors();
    Agent agent(agent_port_, "keytone", "plays");
    const auto deadline = std::chrono::steady_clock::now() + 120s;
    std::optional<int> code;
    while (!code && std::chrono::steady_clock::now() < deadline) {
        code = page.ends(200ms);
        service.service().process().says("never said", 1ms); // Its log is read.
    }
    EXPECT_EQ(code, 0) << page.output() << page.errors() << service.service().process().errors();

    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(keys(calls.events()), "19") << "the agent's key, and the one that was pressed at the page";
    exchange.end();
    EXPECT_EQ(exchange.exit_code(), 0);
    EXPECT_THAT(keys_heard(exchange), testing::ElementsAre(testing::Pair(testing::_, "221")));
    const auto reports = service.store().data();
    ASSERT_FALSE(reports.empty());
    EXPECT_EQ(reports[0].at("agent_id"), "desk");
    EXPECT_EQ(reports[0].at("call").at("transferred"), true);
    service.end();
}

} // namespace
} // namespace keytone::test
