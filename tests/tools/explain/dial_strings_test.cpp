// SPDX-License-Identifier: MIT
//
// Every expectation here was worked out by hand from the platforms' documents.
#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "tools/explain/dial_strings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace keytone::tools {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// The steps as "character@start+length", with `?` for a length that is not documented, and `>` before a
/// lower bound.
std::string steps_of(const DialMeaning& meaning) {
    std::string line;
    for (const DialStep& step : meaning.steps) {
        const auto ms = [](Milliseconds d) { return std::to_string(static_cast<int>(d.value)); };
        line += line.empty() ? "" : " ";
        line += step.index == DialStep::no_character ? "-" : std::string(1, step.character);
        line += std::string("@") + (step.is_at_least ? ">" : "") + ms(step.at) + "+" +
                (step.length ? ms(*step.length) : "?");
    }
    return line;
}

struct Reading {
    const char* platform;
    const char* digits;
    const char* steps;
    const char* keytone; ///< Empty: there is no such string.
};
void PrintTo(const Reading& reading, std::ostream* out) {
    *out << reading.platform << ' ' << reading.digits;
}

class DialStrings : public testing::TestWithParam<Reading> {};

TEST_P(DialStrings, AreReadAsDocumented) {
    const Reading& reading = GetParam();
    const DialPlatform* platform = find_dial_platform(reading.platform);
    ASSERT_NE(platform, nullptr);
    const DialMeaning meaning = dial_meaning(reading.digits, *platform);
    EXPECT_EQ(steps_of(meaning), reading.steps);
    EXPECT_EQ(meaning.keytone ? meaning.keytone->digits : "", reading.keytone);
    EXPECT_EQ(meaning.keytone.has_value(), meaning.no_keytone.empty());
    if (meaning.keytone) {
        EXPECT_TRUE(DigitString::parse(meaning.keytone->digits));
    }
}

INSTANTIATE_TEST_SUITE_P(
    Platforms, DialStrings,
    testing::Values(
        Reading{"keytone", "1*0", "1@0+200 *@300+200 0@600+200", "1*0"},
        Reading{"keytone", "1w2", "1@0+200 w@200+500 2@700+200", "1w2"},
        Reading{"keytone", "1wW2W", "1@0+200 w@200+500 W@700+1000 2@1700+200 W@1900+1000", "1wW2W"},
        Reading{"keytone", "w", "", ""}, Reading{"keytone", "1,2", "", ""}, Reading{"keytone", "1a", "", ""},
        Reading{"twilio", "ww12", "w@0+500 w@500+500 1@1000+? 2@>1000+?", "ww12"},
        Reading{"twilio", "1W2", "1@0+? W@>0+1000 2@>1000+?", "1W2"}, Reading{"twilio", "1,2", "", ""},
        Reading{"freeswitch", "12w3", "1@0+250 2@>250+250 w@>500+500 3@>1000+250", "12w3"},
        Reading{"freeswitch", "12@100", "1@0+100 2@>100+100", "12"},
        Reading{"freeswitch", "1@100+2", "1@0+100 2@>100+250", ""},
        Reading{"freeswitch", "1@50", "1@0+250", "1"}, Reading{"freeswitch", "1@99999", "1@0+24000", "1"},
        Reading{"freeswitch", "~1-2", "1@0+250 2@>250+250", "12"},
        Reading{"freeswitch", "1F", "1@0+250 F@>250+?", ""}, Reading{"freeswitch", "@100", "", ""},
        Reading{"freeswitch", "++@", "", ""},
        Reading{"livekit", "1w2", "1@0+250 w@500+500 2@1000+250", "1w2"},
        Reading{"livekit", "wa", "w@0+500 A@500+250", "wA"},
        Reading{"livekit", "1W2", "1@0+250 W@500+500 2@1000+250", "1w2"},
        Reading{"livekit", "A", "A@0+500", ""},
        Reading{"asterisk", "12", "-@0+100 1@100+100 2@450+100", "12"},
        Reading{"asterisk", "w1W2", "-@0+100 w@100+500 1@600+100 W@950+1000 2@1950+100", "w1W2"},
        Reading{"asterisk", "d,f", "-@0+100 D@100+100 f@450+?", ""},
        Reading{"webrtc", "1,2", "1@0+100 ,@170+2000 2@2170+100", "1WW2"},
        Reading{"webrtc", "12a", "1@0+100 2@170+100 A@340+100", "12A"}, Reading{"webrtc", "1w2", "", ""},
        Reading{"webrtc", ",", ",@0+2000", ""},
        Reading{"telnyx", "1w2", "1@0+250 w@>250+500 2@>750+250", "1w2"},
        Reading{"telnyx", "1,2", "1@0+250 2@>250+250", ""}));

TEST(DialMeaning, NamesTheCharactersThatAreNeitherKeyNorPause) {
    const DialMeaning asterisk = dial_meaning("1 2x", *find_dial_platform("asterisk"));
    ASSERT_EQ(asterisk.odd.size(), 2U);
    EXPECT_EQ(asterisk.odd[0].index, 1U);
    EXPECT_EQ(asterisk.odd[1].index, 3U);
    EXPECT_THAT(asterisk.odd[1].happens, HasSubstr("warning"));
    EXPECT_THAT(dial_meaning("12", *find_dial_platform("asterisk")).odd, IsEmpty());
    EXPECT_THAT(dial_meaning("1,2", *find_dial_platform("twilio")).refusal,
                HasSubstr("',' at position 2: refused with error 21206"));
    EXPECT_THAT(dial_meaning("1\xC3", *find_dial_platform("webrtc")).refusal,
                HasSubstr("the byte 0xC3 at position 2"));
}

TEST(DialMeaning, TellsHowPausesDiffer) {
    const auto shorter = [](const char* digits, const char* platform) {
        return dial_meaning(digits, *find_dial_platform(platform)).keytone->pauses_shorter.value;
    };
    EXPECT_EQ(shorter("1w2", "asterisk"), 250);
    EXPECT_EQ(shorter("1,2", "webrtc"), 70);
    EXPECT_EQ(shorter("w12", "asterisk"), 0) << "nothing comes before the pause";
    EXPECT_EQ(shorter("1w2", "keytone"), 0);
}

TEST(DialMeaning, KnowsTheLongest) {
    EXPECT_THAT(dial_meaning(std::string(99, '1'), *find_dial_platform("freeswitch")).refusal, IsEmpty());
    EXPECT_THAT(dial_meaning(std::string(100, '1'), *find_dial_platform("freeswitch")).refusal,
                HasSubstr("100 characters: ignored"));
    EXPECT_THAT(dial_meaning(std::string(32, '1'), *find_dial_platform("twilio")).odd, IsEmpty());
    const DialMeaning twilio = dial_meaning(std::string(33, '1'), *find_dial_platform("twilio"));
    EXPECT_THAT(twilio.refusal, IsEmpty());
    ASSERT_EQ(twilio.odd.size(), 1U);
    EXPECT_EQ(twilio.odd[0].index, 32U);
    const DialMeaning commas = dial_meaning(std::string(100, ',') + "1", *find_dial_platform("webrtc"));
    EXPECT_THAT(commas.no_keytone, HasSubstr("201 characters"));
}

TEST(DialMeaning, OfKeytoneIsWhatTheGeneratorSends) {
    for (const char* digits : {"1", "12", "w1w2", "1wwW2#w*", "0123456789*#ABCD", "5W"}) {
        const DialMeaning meaning = dial_meaning(digits, *find_dial_platform("keytone"));
        DtmfTone tone;
        tone.tone = Milliseconds{200};
        tone.gap = Milliseconds{100};
        const auto generator =
            DtmfGenerator::create(*DigitString::parse(digits), tone, SampleRate::narrowband());
        ASSERT_TRUE(generator);
        std::string sent;
        generator->for_each_tone([&sent](const DtmfGenerator::Tone& sound) {
            sent += std::string(1, sound.key.character()) + "@" + std::to_string(sound.begin / 8) + "-" +
                    std::to_string(sound.end / 8) + " ";
        });
        std::string read;
        for (const DialStep& step : meaning.steps) {
            if (step.kind == DialStep::Kind::key) {
                read += std::string(1, step.character) + "@" +
                        std::to_string(static_cast<int>(step.at.value)) + "-" +
                        std::to_string(static_cast<int>((step.at + *step.length).value)) + " ";
            }
        }
        EXPECT_EQ(read, sent) << digits;
        EXPECT_EQ(meaning.total.value, static_cast<double>(generator->length()) / 8.0) << digits;
    }
}

TEST(DialMeaning, TakesAnyBytes) {
    for (const DialPlatform& platform : dial_platforms()) {
        for (int first = 0; first < 256; ++first) {
            for (const char second : {'1', '@', '+', 'w', '\0', '\xFF'}) {
                const std::string digits{static_cast<char>(first), second, static_cast<char>(first)};
                const DialMeaning meaning = dial_meaning(digits, platform);
                for (const OddCharacter& odd : meaning.odd) {
                    ASSERT_LT(odd.index, digits.size());
                }
                ASSERT_NE(meaning.keytone.has_value(), !meaning.no_keytone.empty());
                ASSERT_TRUE(meaning.refusal.empty() || meaning.steps.empty());
            }
        }
    }
}

} // namespace
} // namespace keytone::tools
