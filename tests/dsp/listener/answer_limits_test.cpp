// SPDX-License-Identifier: MIT
//
// The limits of who answered, as they are by default, each from both sides: frame by frame.
#include "dsp/listener/answer_classifier.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace keytone {
namespace {

/// Sound, or silence where the level is `silent`.
struct Stretch {
    int ms;
    double db; // relative to loud voice
};
constexpr double silent = -100.0;

/// A call from its answer on.
class Call {
  public:
    Call& hear(const std::vector<Stretch>& stretches) {
        for (const auto& [ms, db] : stretches) {
            const auto power = static_cast<float>(1e6 * std::pow(10.0, db / 10.0));
            for (int at = 0; at < ms; at += 10) {
                classifier_.add({.active = db > silent, .tone = false, .power = power});
            }
        }
        return *this;
    }
    Call& beep() {
        classifier_.add_beep();
        return *this;
    }
    [[nodiscard]] const Answer& answer() const { return classifier_.answer(); }

  private:
    AnswerClassifier classifier_;
};

AnsweredBy who(const std::vector<Stretch>& stretches) {
    return Call().hear(stretches).answer().by;
}

TEST(AnswerLimits, AfterAWordAPersonWaitsForLess) {
    EXPECT_EQ(who({{600, 0}, {1080, silent}}), AnsweredBy::unknown);
    EXPECT_EQ(who({{600, 0}, {1120, silent}}), AnsweredBy::human);
    EXPECT_EQ(who({{880, 0}, {1120, silent}}), AnsweredBy::human) << "still a word";
    EXPECT_EQ(who({{1000, 0}, {1380, silent}}), AnsweredBy::unknown) << "more than a word";
    EXPECT_EQ(who({{1000, 0}, {1420, silent}}), AnsweredBy::human);
}

TEST(AnswerLimits, WhoGreetsForLongIsAMachine) {
    EXPECT_EQ(who({{3280, 0}, {1500, silent}}), AnsweredBy::human);
    EXPECT_EQ(who({{3320, 0}}), AnsweredBy::machine);
}

TEST(AnswerLimits, NobodyIsWaitedForFor5Seconds) {
    EXPECT_EQ(Call().hear({{4980, silent}}).answer().known, 0);
    EXPECT_EQ(Call().hear({{5020, silent}}).answer().known, 500);
}

TEST(AnswerLimits, AClickIsNoVoice) {
    EXPECT_EQ(who({{50, 0}, {2000, silent}}), AnsweredBy::unknown);
    EXPECT_EQ(who({{70, 0}, {2000, silent}}), AnsweredBy::human);
}

TEST(AnswerLimits, SilenceSeparatesWords) {
    EXPECT_EQ(Call().hear({{300, 0}, {90, silent}, {300, 0}, {2000, silent}}).answer().words, 1);
    EXPECT_EQ(Call().hear({{300, 0}, {110, silent}, {300, 0}, {2000, silent}}).answer().words, 2);
}

TEST(AnswerLimits, VoiceIsNearlyAsLoudAsTheLoudest) {
    EXPECT_EQ(who({{600, 0}, {1200, -21}}), AnsweredBy::human) << "noise of a place";
    EXPECT_EQ(who({{600, 0}, {1200, -19}}), AnsweredBy::unknown) << "somebody speaks softly";
    EXPECT_EQ(who({{600, 0}, {20, 25}, {1400, -15}}), AnsweredBy::unknown) << "a click is no loudest voice";
}

TEST(AnswerLimits, ABeepWithinAMinuteIsAMachines) {
    EXPECT_EQ(Call().hear({{600, 0}, {58'000, silent}}).beep().answer().by, AnsweredBy::machine);
    EXPECT_EQ(Call().hear({{600, 0}, {62'000, silent}}).beep().answer().by, AnsweredBy::human);
}

} // namespace
} // namespace keytone
