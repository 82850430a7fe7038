// SPDX-License-Identifier: MIT
#include "tests/support/simulated_call.hpp"
#include "tools/simulation/call_story.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace keytone::simulation {
namespace {

constexpr PerLeg<SampleRate> both_narrow{SampleRate::narrowband(), SampleRate::narrowband()};

Outcome outcome(SampleIndex sample, decltype(Outcome::what) what, Leg leg = Leg::a) {
    return {1, leg, sample, "b1", "transfer", false, false, std::move(what)};
}

struct Told {
    decltype(Outcome::what) what;
    std::string words;
};

void PrintTo(const Told& told, std::ostream* stream) {
    *stream << told.words;
}

class Story : public testing::TestWithParam<Told> {};

TEST_P(Story, TellsAnOutcomeInWords) {
    const auto story = tell_story({outcome(8000, GetParam().what)}, both_narrow);
    if (GetParam().words.empty()) {
        EXPECT_TRUE(story.empty());
        return;
    }
    EXPECT_EQ(story, std::vector<std::string>{"   1.000 s  a  " + GetParam().words});
}

Intent intent(Intent::Do what, std::optional<std::string> to = std::nullopt) {
    Intent made{};
    made.what = what;
    made.to = std::move(to);
    return made;
}

Intent with_header() {
    Intent made = intent(Intent::Do::sip_invite, "sip:101@a.example");
    made.headers.push_back({"X-Extension", "4673"});
    return made;
}

Intent speaking() {
    Intent made = intent(Intent::Do::speak);
    made.text = "Hello.";
    return made;
}

INSTANTIATE_TEST_SUITE_P(
    CallStory, Story,
    testing::Values(
        Told{ActionAccepted{}, "the agent asks for transfer (b1)"},
        Told{ActionAccepted{{Warning::not_e164}},
             "the agent asks for transfer (b1) (the number does not say its country: "
             "it may not arrive)"},
        Told{ActionRejected{{Code::disabled, "the agent may not transfer"}, std::nullopt},
             "refused, transfer (b1): the agent may not transfer [disabled]"},
        Told{ActionStarted{}, ""}, Told{ActionCompleted{0, 1, std::nullopt, 0}, "transfer (b1) is done"},
        Told{ActionCompleted{0, 1, Code::already_ended, 0},
             "transfer (b1) is done: the call was over already"},
        Told{ActionCompleted{0, 1, Code::truncated, 12'000},
             "transfer (b1) is done, but 1.5 s were never sent: the time for it was over"},
        Told{ActionFailed{"dial", {Code::sip_busy, "the number is busy"}, 486, true, true},
             "FAILED, transfer (b1): the number is busy [sip_busy]; the caller is still there"},
        Told{ActionFailed{"dial", {Code::remote_hangup, "the caller hung up"}, std::nullopt, false, false},
             "FAILED, transfer (b1): the caller hung up [remote_hangup]"},
        Told{ActionCancelled{Code::call_transferred, 0}, "given up, transfer (b1) [call_transferred]"},
        Told{OpStarted{1, "prompt", "Hello."}, "says: \"Hello.\""},
        Told{OpStarted{1, "prompt", "Two\r\nlines."}, "says: \"Two  lines.\""},
        Told{OpStarted{1, "wait", std::nullopt}, "listens, before it presses keys"},
        Told{OpStarted{1, "silence", std::nullopt}, ""},
        Told{OpEnded{1, "prompt", OpEnded::How::completed, 0, 1}, ""},
        Told{KeyEvidence{1, 0, '5', KeyEvidence::Step::echoed}, ""},
        Told{intent(Intent::Do::dial, "+15303195426"), "dials +15303195426"},
        Told{with_header(), "invites sip:101@a.example, X-Extension: 4673"},
        Told{intent(Intent::Do::sip_refer, "sip:101@a.example"), "refers the caller to sip:101@a.example"},
        Told{intent(Intent::Do::bridge), "connects both legs"},
        Told{intent(Intent::Do::hangup), "is hung up"}, Told{speaking(), "the host is to say: \"Hello.\""},
        Told{SpeechMasked{8000, 10'000}, "the agent's own speech is muted for 0.25 s"},
        Told{DigitHeard{'#', 1, 2, 20.0}, "hears the key #"},
        Told{LineHeard{LineHeard::What::beep, 1, 2}, ""},
        Told{LegChanged{LegChanged::State::ringing}, "rings"},
        Told{LegChanged{LegChanged::State::answered}, "answers"},
        Told{LegChanged{LegChanged::State::early_media}, "plays something before it answers"},
        Told{LegChanged{LegChanged::State::ended}, "hung up"},
        Told{FactIgnored{Fact::Kind::leg_ended, "the call is over"}, "ignored, leg.ended: the call is over"},
        Told{ReportsLost{3}, "3 reports were lost"},
        Told{TransferResponse{400, "the call is over"}, "answers the request with 400: the call is over"},
        Told{SessionCompleted{true, 12.5, 1, "+1"},
             "the agent's part is over after 12.50 s: the caller was handed over"},
        Told{SessionCompleted{false, 12.5, 1, std::nullopt},
             "the agent's part is over after 12.50 s: the caller was not handed over"}));

// What is reported late, such as a key that began before something else, is listed at its time.
TEST(CallStory, IsInTheOrderOfTime) {
    const auto story = tell_story({outcome(8000, LegChanged{LegChanged::State::answered}),
                                   outcome(4000, LegChanged{LegChanged::State::ringing}, Leg::b),
                                   outcome(8000, LegChanged{LegChanged::State::answered}, Leg::b)},
                                  both_narrow);
    EXPECT_EQ(story, (std::vector<std::string>{"   0.500 s  b  rings", "   1.000 s  a  answers",
                                               "   1.000 s  b  answers"}));
}

TEST(CallStory, TellsKeysTogether) {
    const auto story = tell_story({outcome(0, ToneCompleted{1, 0, '2', 0, 1600, false}, Leg::b),
                                   outcome(0, KeyEvidence{1, 0, '2', KeyEvidence::Step::reacted}, Leg::b),
                                   outcome(2400, ToneCompleted{1, 1, '?', 2400, 3000, true}, Leg::b),
                                   outcome(3000, LegChanged{LegChanged::State::ended}, Leg::b),
                                   outcome(4000, ToneCompleted{2, 0, '7', 4000, 5600, false})},
                                  both_narrow);
    EXPECT_EQ(story, (std::vector<std::string>{"   0.000 s  b  presses 2?, the last until 0.375 s, cut short",
                                               "   0.375 s  b  hung up",
                                               "   0.500 s  a  presses 7, the last until 0.700 s"}));
}

TEST(CallStory, TellsWhenKeysAreDueAfterAnAnswer) {
    OpPlanned plan{3,
                   "dtmf",
                   {OpPlanned::Event::answered, 8000, 16'000},
                   {{'2', 24'000, 25'600}},
                   std::nullopt,
                   std::nullopt};
    EXPECT_EQ(tell_story({outcome(24'000, plan, Leg::b)}, both_narrow),
              std::vector<std::string>{"   1.000 s  b  keys are due at 3.000 s, 2 s after the answer"});
    plan.anchor.offset = 0;
    EXPECT_TRUE(tell_story({outcome(24'000, plan, Leg::b)}, both_narrow).empty());
}

TEST(CallStory, CountsEachLegByItsOwnClock) {
    const PerLeg<SampleRate> rates{SampleRate::narrowband(), *SampleRate::from_hz(48'000)};
    EXPECT_EQ(tell_story({outcome(24'000, LegChanged{LegChanged::State::ringing}, Leg::b)}, rates),
              std::vector<std::string>{"   0.500 s  b  rings"});
}

} // namespace
} // namespace keytone::simulation
