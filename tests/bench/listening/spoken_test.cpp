// SPDX-License-Identifier: MIT
#include "bench/accuracy/random.hpp"
#include "bench/accuracy/sound.hpp"
#include "bench/listening/spoken.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace keytone::listening {
namespace {

constexpr double voice_dbm0 = -15.0;

/// One character for each 100 ms: `#` voice, `:` noise 20 dB softer, `.` silence; `|` is a click of 10 ms.
std::vector<float> recording(const std::string& parts) {
    accuracy::Random random(1);
    std::vector<float> samples;
    for (const char part : parts) {
        const double dbm0 = part == ':' ? voice_dbm0 - 20.0 : part == '.' ? -90.0 : voice_dbm0;
        const double amplitude = std::sqrt(accuracy::mean_square(dbm0));
        for (std::size_t n = 0; n < (part == '|' ? 80U : 800U); ++n) {
            samples.push_back(static_cast<float>(amplitude * random.normal()));
        }
    }
    return samples;
}

Spoken where(const std::string& parts, double noise_dbm0 = -75.0) {
    return spoken(recording(parts), accuracy::mean_square(voice_dbm0), accuracy::mean_square(noise_dbm0));
}

TEST(Spoken, IsFromTheFirstToTheLastWord) {
    const Spoken found = where("..###...##....");
    EXPECT_EQ(found.begin, 2U * 800U);
    EXPECT_EQ(found.end, 10U * 800U);
    EXPECT_EQ(found.longest_pause, 3U * 800U);
    EXPECT_EQ(found.sound_end, found.end);
    EXPECT_EQ(found.loud_end, found.end);
}

TEST(Spoken, IsNotTheRecordingsOwnNoise) {
    const Spoken found = where("::###::::##:::");
    EXPECT_EQ(found.begin, 2U * 800U);
    EXPECT_EQ(found.end, 11U * 800U);
    EXPECT_EQ(found.longest_pause, 4U * 800U);
    EXPECT_EQ(found.sound_end, 14U * 800U);
    EXPECT_EQ(found.loud_end, 14U * 800U);
    EXPECT_EQ(where("::###::::##:::", -30.0).sound_end, found.end) << "softer than the line's noise";
}

TEST(Spoken, IsNoClick) {
    const Spoken found = where("..###..|..");
    EXPECT_EQ(found.end, 5U * 800U);
    EXPECT_EQ(found.loud_end, 7U * 800U + 80U);
}

TEST(Spoken, HoldsWordsUnlessItsNameTellsOtherwise) {
    EXPECT_TRUE(holds_words("asterisk-core-sounds-en-wav/vm-intro.wav"));
    EXPECT_FALSE(holds_words("asterisk-core-sounds-en-wav/beeperr.wav"));
}

} // namespace
} // namespace keytone::listening
