// SPDX-License-Identifier: MIT
//
// Reports from the audio side: what was done and heard.
#include "tests/support/call_table.hpp"

namespace keytone::test {
namespace {

MediaReport heard(char digit, Leg leg, SampleIndex begin, SampleIndex end) {
    return {.kind = MediaReport::Kind::digit_heard, .leg = leg, .digit = digit, .begin = begin, .end = end};
}
MediaReport line(MediaReport::Kind kind, Leg leg, SampleIndex begin, SampleIndex end) {
    return {.kind = kind, .leg = leg, .begin = begin, .end = end};
}

/// A call in which 1 and 2 were sent on leg a, from 0 to 1600 and from 2400 to 4000.
CallScript two_keys() {
    CallScript call;
    call.run({at(0, answered(Leg::a)), at(0, "k", Click("12")), until(4000)});
    return call;
}

std::string first(const CallStep& step) {
    return step.outcomes.empty() ? "" : text(step.outcomes.front());
}

TEST(CallReports, AKeyThatComesBackIsAnEcho) {
    const CallScript call = two_keys();
    const auto told = [&](MediaReport report) { return first(call.preview(at(4000, report))); };
    EXPECT_EQ(told(heard('1', Leg::a, 400, 2000)), "400 a k/1 tone 0: 1 echoed");
    EXPECT_EQ(told(heard('2', Leg::a, 2400, 4000)), "2400 a k/1 tone 1: 2 echoed");
    // Within the error of the detector's onsets.
    EXPECT_EQ(told(heard('2', Leg::a, 2360, 3990)), "2360 a k/1 tone 1: 2 echoed");
    EXPECT_EQ(told(heard('2', Leg::a, 2359, 3990)), "2359 a heard 2 2359-3990");
    // Up to 1.5 s, and no later.
    EXPECT_EQ(told(heard('1', Leg::a, 12000, 13000)), "12000 a k/1 tone 0: 1 echoed");
    EXPECT_EQ(told(heard('1', Leg::a, 12001, 13000)), "12001 a heard 1 12001-13000");
    // A telephone event is no echo.
    MediaReport event = heard('1', Leg::a, 400, 2000);
    event.by_event = true;
    EXPECT_EQ(told(event), "400 a heard 1 400-2000");
    // Another key, or another leg.
    EXPECT_EQ(told(heard('3', Leg::a, 400, 2000)), "400 a heard 3 400-2000");
    EXPECT_EQ(told(heard('1', Leg::b, 400, 2000)), "400 b heard 1 400-2000");
}

TEST(CallReports, EachKeyIsEchoedOnce) {
    CallScript call;
    call.run({at(0, answered(Leg::a)), at(0, "k", Click("11")), until(4000),
              at(4000, heard('1', Leg::a, 400, 2000)), at(4000, heard('1', Leg::a, 2800, 4300)),
              at(4000, heard('1', Leg::a, 5000, 5400))});
    const std::vector<std::string> last(call.told().end() - 3, call.told().end());
    EXPECT_EQ(last, (std::vector<std::string>{"400 a k/1 tone 0: 1 echoed", "2800 a k/1 tone 1: 1 echoed",
                                              "5000 a heard 1 5000-5400"}));
}

// The shortest keys, and the longest echo: 18 of them may still come back at a time.
TEST(CallReports, RemembersKeysForAsLongAsAnEchoTakes) {
    CallScript call;
    call.run({at(0, answered(Leg::a)), at(0, "k", Click("123456789012345678").tone_and_gap(40, 40)),
              until(12000), at(12000, heard('1', Leg::a, 12000, 12320))});
    EXPECT_EQ(call.told().back(), "12000 a k/1 tone 0: 1 echoed");
}

TEST(CallReports, TheMenuReactsToTheLastKey) {
    const CallScript call = two_keys();
    const auto told = [&](MediaReport::Kind kind, Leg leg, SampleIndex when) {
        std::vector<std::string> all;
        for (const Outcome& outcome : call.preview(at(4000, line(kind, leg, when, when + 100))).outcomes) {
            all.push_back(text(outcome));
        }
        return all;
    };
    using Lines = std::vector<std::string>;
    const auto began = MediaReport::Kind::sound_began;
    const auto stopped = MediaReport::Kind::sound_ended;
    EXPECT_EQ(told(stopped, Leg::a, 900),
              (Lines{"900 a k/1 tone 0: 1 reacted", "900 a sound_ended 900-1000"}));
    EXPECT_EQ(told(began, Leg::a, 5000),
              (Lines{"5000 a k/1 tone 1: 2 reacted", "5000 a sound_began 5000-5100"}));
    // Up to three seconds after its end, and no later.
    EXPECT_EQ(told(began, Leg::a, 28000).size(), 2U);
    EXPECT_EQ(told(began, Leg::a, 28001), (Lines{"28001 a sound_began 28001-28101"}));
    EXPECT_EQ(told(began, Leg::b, 5000), (Lines{"5000 b sound_began 5000-5100"}));
    EXPECT_EQ(told(MediaReport::Kind::beep, Leg::a, 5000), (Lines{"5000 a beep 5000-5100"}));
    EXPECT_EQ(told(MediaReport::Kind::dial_tone, Leg::a, 5000), (Lines{"5000 a dial_tone 5000-5100"}));
    EXPECT_EQ(told(MediaReport::Kind::masked, Leg::a, 5000), (Lines{"5000 a masked 5000-5100"}));

    CallScript twice = two_keys();
    twice.run({at(4000, line(began, Leg::a, 5000, 5100)), at(4000, line(stopped, Leg::a, 6000, 6100))});
    EXPECT_EQ(twice.told().back(), "6000 a sound_ended 6000-6100");
    EXPECT_EQ(std::ranges::count(twice.told(), "6000 a k/1 tone 1: 2 reacted"), 0);
}

TEST(CallReports, OfWhatIsOverAreNotTold) {
    CallScript call;
    call.run({at(0, answered(Leg::a)), at(0, "k", Click("12")), at(100, ended(Leg::a))});
    using Kind = MediaReport::Kind;
    for (const Kind kind :
         {Kind::op_started, Kind::op_completed, Kind::op_failed, Kind::op_cancelled, Kind::tone_sent}) {
        EXPECT_TRUE(lines(call.preview(at(200, op_report(kind, {1, 1}, Leg::a, 0, 200)))).empty());
        EXPECT_TRUE(lines(call.preview(at(200, op_report(kind, {9, 1}, Leg::a, 0, 200)))).empty());
    }
}

TEST(CallReports, LostOnesAreTold) {
    CallScript call;
    call.run(at(0, answered(Leg::a)));
    const CallStep told = step_reports_lost(call.state(), 7);
    EXPECT_EQ(lines(told), std::vector<std::string>{"0 a lost reports: 7"});
    EXPECT_EQ(told.state.reports_lost, 7U);
    EXPECT_EQ(told.outcomes.front().seq, 2U);
}

// The host is not told to play speech that is cut as it starts.
TEST(CallReports, WhatIsCancelledIsNotBegun) {
    CallRules rules;
    rules.host_speaks = true;
    CallScript call(rules);
    call.hold_reports(true);
    call.run({at(0, answered(Leg::a)), at(0, "s", say("Hello.")), until(10), at(10, "k", Click("1").now())});
    call.deliver();
    call.run_to(4000);
    call.deliver();
    EXPECT_TRUE(std::ranges::none_of(
        call.told(), [](const std::string& line) { return line.find("DO speak") != std::string::npos; }));
    EXPECT_EQ(std::ranges::count(call.told(), "10 a s cancelled superseded"), 1);
}

// The graceful end hung up while an immediate end was requested: reported once, and both are concluded.
TEST(CallReports, AHangUpThatOvertookAnother) {
    CallScript call;
    call.hold_reports(true);
    call.run({at(0, answered(Leg::a)), at(0, "e", end_call()), until(1)});
    call.deliver();
    call.run_to(3999);
    call.deliver();
    call.run_to(4001); // hung up at 4000, and not reported yet
    call.run(at(4001, "f", end_now()));
    call.deliver();
    EXPECT_EQ(first_breach_at_end(call), "");
    EXPECT_EQ(std::ranges::count(call.told(), "4000 a e/2 DO hangup"), 1);
}

} // namespace
} // namespace keytone::test
