// SPDX-License-Identifier: MIT
#include "tests/support/simulated_call.hpp"
#include "tools/simulation/call_timeline.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace keytone::simulation {
namespace {

using test::answered_call;
using test::SimulatedCall;

io::Timeline timeline(SimulatedCall& call) {
    call.run();
    return call_timeline("a call", call.call().record());
}

std::vector<std::string> texts(const std::vector<io::TimelineSpan>& spans) {
    std::vector<std::string> found;
    std::ranges::transform(spans, std::back_inserter(found), &io::TimelineSpan::text);
    return found;
}

std::vector<std::string> texts(const std::vector<io::TimelineMark>& marks) {
    std::vector<std::string> found;
    std::ranges::transform(marks, std::back_inserter(found), &io::TimelineMark::text);
    return found;
}

std::string transfer(const std::string& options, const std::string& rest) {
    return answered_call(
        R"({"at":0.1,"type":"based_call","id":"b1","name":"transfer","args":["+15303195426",)" + options +
        "]}\n" + rest);
}

TEST(CallTimeline, ShowsATransferWithItsExtension) {
    SimulatedCall call(
        transfer(R"({"extension":"12","message":"please hold"})", R"({"leg":"b","answer_after":0.5})"));
    const io::Timeline shown = timeline(call);
    EXPECT_EQ(shown.title, "a call");
    EXPECT_EQ(shown.summary, "the caller was transferred");
    EXPECT_EQ(shown.seconds, call.call().position_s());
    ASSERT_EQ(shown.lanes.size(), 2U);
    const io::TimelineLane& a = shown.lanes[0];
    const io::TimelineLane& b = shown.lanes[1];
    EXPECT_EQ(a.sent.data(), call.call().record().audio[Leg::a].sent.data()) << "nothing is copied";
    EXPECT_EQ(b.heard.data(), call.call().record().audio[Leg::b].heard.data());
    ASSERT_EQ(a.prompts.size(), 1U);
    EXPECT_EQ(a.prompts[0].text, "please hold");
    EXPECT_NEAR(a.prompts[0].begin_s, 0.1, 1e-9);
    EXPECT_NEAR(a.prompts[0].end_s, 0.3, 1e-9);
    EXPECT_TRUE(a.keys.empty());
    EXPECT_EQ(texts(a.states), (std::vector<std::string>{"with the agent", "connected"}));
    EXPECT_EQ(texts(b.states), (std::vector<std::string>{"dialled", "ringing", "answered", "connected"}));
    EXPECT_NEAR(b.states[0].begin_s, 0.3, 1e-9);
    EXPECT_NEAR(b.states[2].begin_s, 0.8, 1e-9);
    for (std::size_t i = 1; i < b.states.size(); ++i) {
        EXPECT_EQ(b.states[i].begin_s, b.states[i - 1].end_s);
    }
    EXPECT_EQ(b.states.back().end_s, shown.seconds);
    ASSERT_EQ(b.pauses.size(), 1U);
    EXPECT_EQ(b.pauses[0].text, "1 s");
    EXPECT_NEAR(b.pauses[0].begin_s, 0.8, 1e-9);
    EXPECT_NEAR(b.pauses[0].end_s, 1.8, 1e-9);
    EXPECT_EQ(texts(b.keys), (std::vector<std::string>{"1", "2"}));
    EXPECT_NEAR(b.keys[0].begin_s, 1.8, 1e-9);
    EXPECT_NEAR(b.keys[0].end_s, 2.0, 1e-9);
    EXPECT_EQ(texts(shown.marks),
              (std::vector<std::string>{"a answers", "dial +15303195426", "b answers", "bridge"}));
    EXPECT_TRUE(std::ranges::none_of(shown.marks, &io::TimelineMark::is_failure));
}

TEST(CallTimeline, ShowsAFailure) {
    SimulatedCall call(transfer("null", R"({"leg":"b","busy_after":0.5})"));
    const io::Timeline shown = timeline(call);
    EXPECT_EQ(shown.summary, "transfer failed: the number is busy");
    const auto failure = std::ranges::find_if(shown.marks, &io::TimelineMark::is_failure);
    ASSERT_NE(failure, shown.marks.end());
    EXPECT_EQ(failure->text, "sip_busy");
    EXPECT_NEAR(failure->at_s, 0.6, 1e-9);
}

TEST(CallTimeline, ShowsARefusal) {
    SimulatedCall call(
        answered_call(R"({"at":0.1,"type":"based_call","id":"b1","name":"click_ivr","args":["x"]})"));
    const io::Timeline shown = timeline(call);
    EXPECT_EQ(texts(shown.marks), (std::vector<std::string>{"a answers", "invalid_digits"}));
    EXPECT_TRUE(shown.marks[1].is_failure);
}

TEST(CallTimeline, LeavesOutALegThatWasNeverThere) {
    SimulatedCall call(
        answered_call(R"({"at":0.1,"type":"based_call","id":"b1","name":"click_ivr","args":["1w2"]}
{"at":0,"leg":"a","by":"agent","speak":"one two three four"})"));
    const io::Timeline shown = timeline(call);
    ASSERT_EQ(shown.lanes.size(), 1U);
    EXPECT_EQ(texts(shown.lanes[0].keys), (std::vector<std::string>{"1", "2"}));
    ASSERT_FALSE(shown.lanes[0].mutes.empty());
    EXPECT_NEAR(shown.lanes[0].mutes[0].begin_s, 0.1, 0.05);
}

TEST(CallTimeline, ShowsListeningAndTheHangUp) {
    SimulatedCall call(answered_call(
        R"({"at":0.1,"type":"based_call","id":"b1","name":"click_ivr","args":["1",{"wait_for":"beep","max_wait":0.5}]}
{"at":0.1,"type":"based_call","id":"b2","name":"end_call","args":[]})"));
    const io::Timeline shown = timeline(call);
    EXPECT_EQ(texts(shown.lanes.at(0).pauses), (std::vector<std::string>{"listens", "0.5 s"}));
    EXPECT_EQ(texts(shown.marks), (std::vector<std::string>{"a answers", "hang up a"}));
    EXPECT_EQ(texts(shown.lanes[0].states), std::vector<std::string>{"with the agent"});
    EXPECT_LT(shown.lanes[0].states[0].end_s, shown.seconds - 0.5);
}

} // namespace
} // namespace keytone::simulation
