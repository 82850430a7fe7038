// SPDX-License-Identifier: MIT
//
// One letter for each 100 ms, as in dsp/listener/answer_classifier.hpp: `#` voice, `.` silence, `-` a tone,
// `n` noise of a place, 25 dB softer than voice; `b` a beep's end, `f` a fax's tone, `s` special information
// tones, `r` ringing, all of which take no time.
#include "dsp/listener/answer_classifier.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytone {
namespace {

constexpr int frames_a_letter = 10;

LineFrame frame(char letter) {
    constexpr float voice = 1e6F;
    switch (letter) {
    case '#':
        return {true, false, voice};
    case 'n':
        return {true, false, voice * 0.003F};
    case '-':
        return {true, true, voice};
    default:
        return {false, false, 10.0F};
    }
}

/// What is decided, in order: a letter each (`h`, `m`, `f`, `s`, `u`), and the tenth of a second in which.
std::string decided(AnswerClassifier& classifier, const std::string& letters) {
    std::string text;
    int heard = 0;
    const auto add = [&](const std::optional<Answer>& answer) {
        if (answer) {
            text += text.empty() ? "" : " ";
            text += "uhmfs"[static_cast<std::size_t>(answer->by)] + std::to_string(heard);
        }
    };
    for (const char letter : letters) {
        switch (letter) {
        case 'b':
            add(classifier.add_beep());
            break;
        case 'f':
            add(classifier.add_tone(ProgressTone::fax_calling));
            break;
        case 's':
            add(classifier.add_tone(ProgressTone::special_information));
            break;
        case 'r':
            add(classifier.add_tone(ProgressTone::ringback));
            break;
        default:
            ++heard;
            for (int i = 0; i < frames_a_letter; ++i) {
                add(classifier.add(frame(letter)));
            }
        }
    }
    return text;
}

std::string times(int count, char letter) {
    return std::string(static_cast<std::size_t>(count), letter);
}

// The limits as they are written in the strings below, whatever the defaults become.
constexpr AnswerLimits limits_here{.max_human_greeting = Milliseconds{2900},
                                   .pause_after_word = Milliseconds{900},
                                   .pause_after_sentence = Milliseconds{700},
                                   .max_word = Milliseconds{900},
                                   .max_wait = Milliseconds{5000},
                                   .min_voice = Milliseconds{60},
                                   .min_gap = Milliseconds{100},
                                   .max_below_loudest = Decibels{20},
                                   .max_time_to_beep = Milliseconds{60000}};

std::string decided(const std::string& letters) {
    AnswerClassifier classifier(limits_here);
    return decided(classifier, letters);
}

TEST(AnswerClassifier, AWordAndSilenceAreAPerson) {
    EXPECT_EQ(decided("......####..............."), "h19") << "900 ms after the word";
    EXPECT_EQ(decided("####..............."), "h13") << "said at once";
    EXPECT_EQ(decided("......####.####..............."), "h24") << "a gap between words, and a word's pause";
    EXPECT_EQ(decided("......####........####"), "") << "800 ms";
}

TEST(AnswerClassifier, AfterASentenceThePauseMayBeShorter) {
    EXPECT_EQ(decided("......####.#######.........."), "h25") << "700 ms after it";
    EXPECT_EQ(decided("......####.#######......####.........."), "h35") << "600 ms within it";
}

// With the limits as they are: a recorded voice that takes a breath for a second.
TEST(AnswerClassifier, WhoPausesForASecondTalksOn) {
    AnswerClassifier classifier;
    EXPECT_EQ(decided(classifier, "..############............" + times(20, '#')), "m36");
}

TEST(AnswerClassifier, WhoTalksOnIsAMachine) {
    EXPECT_EQ(decided(".." + times(40, '#')), "m32") << "in the frame after 2900 ms";
    EXPECT_EQ(decided("..#####.....#####.....##########.....####"), "m32") << "pauses count";
    EXPECT_EQ(decided(".." + times(29, '#') + "........"), "h38") << "exactly a person's";
}

TEST(AnswerClassifier, ABeepIsAMachine) {
    EXPECT_EQ(decided("..-----b"), "m7") << "without a greeting";
    EXPECT_EQ(decided("..######...--b"), "m13") << "after a short one";
    EXPECT_EQ(decided("..######.........---b"), "h17 m20") << "a decision is revised";
    EXPECT_EQ(decided("..######.........---b...---b"), "h17 m20") << "once";
    EXPECT_EQ(decided(times(40, '#') + "---b"), "m30") << "it was known";
    EXPECT_EQ(decided("..######........." + times(590, '.') + "b"), "h17")
        << "a minute later: a conversation's";
}

TEST(AnswerClassifier, NoVoiceIsUnknownUntilThereIsOne) {
    EXPECT_EQ(decided(times(100, '.')), "u50");
    EXPECT_EQ(decided(times(60, '.') + "####.........."), "u50 h73");
    EXPECT_EQ(decided(times(60, '.') + "b"), "u50 m60");
    EXPECT_EQ(decided(times(60, '.') + "f"), "u50 f60");
}

TEST(AnswerClassifier, TonesOfFaxesAndNetworksDecide) {
    EXPECT_EQ(decided("...-----f...####........."), "f8") << "for good";
    EXPECT_EQ(decided("...-----s...#############################"), "s8");
    EXPECT_EQ(decided("..r.####.........r"), "h16") << "ringing says nothing";
    EXPECT_EQ(decided("..######.........f"), "h17") << "not after a decision";
    for (const ProgressTone tone : {ProgressTone::fax_calling, ProgressTone::answering,
                                    ProgressTone::modem_answering, ProgressTone::fax_preamble}) {
        AnswerClassifier classifier;
        const auto answer = classifier.add_tone(tone);
        ASSERT_TRUE(answer) << name_of(tone);
        EXPECT_EQ(answer->by, AnsweredBy::fax);
        EXPECT_TRUE(classifier.settled());
    }
}

TEST(AnswerClassifier, TonesAndNoiseAreNoVoice) {
    EXPECT_EQ(decided("--..####........."), "h17");
    EXPECT_EQ(decided("######" + times(9, '-')), "h15")
        << "a tone is no voice, but not the beep's end either";
    EXPECT_EQ(decided("######" + times(9, 'n')), "h15") << "noise that is 20 dB softer";
    AnswerClassifier classifier(limits_here);
    for (int click = 0; click < 50; ++click) {
        for (int i = 0; i < 7; ++i) { // 50 ms are a click
            EXPECT_FALSE(classifier.add(frame(i < 5 ? '#' : '.')));
        }
    }
}

TEST(AnswerClassifier, SaysWhatItHeard) {
    AnswerClassifier classifier(limits_here);
    EXPECT_EQ(decided(classifier, "..####.###............"), "h19");
    const Answer& answer = classifier.answer();
    EXPECT_EQ(answer.reason, AnswerReason::short_greeting);
    EXPECT_EQ(answer.begin, 20);
    EXPECT_EQ(answer.length, 80);
    EXPECT_EQ(answer.voice, 70);
    EXPECT_EQ(answer.words, 2);
    EXPECT_EQ(answer.pause, 10);
    EXPECT_EQ(answer.known, 190);
    EXPECT_FALSE(answer.revised);
    EXPECT_EQ(decided(classifier, "---b"), "m3");
    EXPECT_TRUE(classifier.answer().revised);
    EXPECT_EQ(classifier.answer().reason, AnswerReason::beep);
    classifier.reset();
    EXPECT_EQ(classifier.answer().known, 0);
    EXPECT_EQ(decided(classifier, "......####..............."), "h19");
}

} // namespace
} // namespace keytone
