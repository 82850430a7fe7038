// SPDX-License-Identifier: MIT
//
// The limits of call progress beside those of its cadences, from both sides: what else sounds, what is noise
// in a pause, and what is none, by what a ProgressListener reports at 8 kHz.
#include "tests/dsp/listener/progress_events.hpp"
#include "tests/dsp/listener/sound_parts.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

std::vector<ProgressEvent> events(const Signal& signal, const char* country) {
    return progress_events(joined({silence(500.0), signal, silence(6000.0)}), -55.0, country);
}

/// What began.
std::string heard(const Signal& signal, const char* country = "DE") {
    std::string all;
    for (const ProgressEvent& event : events(signal, country)) {
        if (event.kind == ProgressEvent::Kind::began) {
            all += (all.empty() ? "" : " ") + std::string(name_of(event.tone));
        }
    }
    return all;
}

Signal repeated(const Signal& cycle, int times) {
    return joined(std::vector<Signal>(static_cast<std::size_t>(times), cycle));
}

Signal noise(double ms, double dbm0) {
    return white_noise(sample_count(ms, rate_hz), dbm0, 3);
}

// Germany's busy tone.
const Signal burst = tone(425.0, 480.0);
const Signal pause = silence(480.0);

TEST(ProgressLimits, ASoundOfOtherKindEndsATone) {
    const auto with_other = [](double ms) {
        const Signal busy = joined({burst, pause});
        const Signal other = joined({silence(200.0), noise(ms, -15.0), silence(280.0 - ms)});
        return heard(joined({repeated(busy, 2), burst, other, repeated(busy, 3)}));
    };
    EXPECT_EQ(with_other(45.0), "busy") << "a click";
    EXPECT_EQ(with_other(65.0), "busy busy");
}

TEST(ProgressLimits, AToneHasEndedWhenItsPauseIsOver) {
    const auto end_known_ms = [](const Signal& cycle, int times) {
        const auto all = events(repeated(cycle, times), "DE");
        return all.size() < 2 ? 0.0 : 1000.0 * static_cast<double>(all[1].known - all[1].at) / rate_hz;
    };
    EXPECT_NEAR(end_known_ms(joined({burst, pause}), 5), 680.0, 15.0);
    EXPECT_NEAR(end_known_ms(joined({tone(425.0, 1000.0), silence(4000.0)}), 3), 4730.0, 15.0);
}

TEST(ProgressLimits, APauseMayHoldSoftNoise) {
    const auto with_noise = [](double dbm0) {
        return heard(repeated(joined({burst, silence(150.0), noise(200.0, dbm0), silence(130.0)}), 5));
    };
    EXPECT_EQ(with_noise(-28.0), "busy");
    EXPECT_EQ(with_noise(-26.5), "");
}

TEST(ProgressLimits, AGapIsNoPause) {
    const auto one_tone = [](double gap_ms) {
        const Signal half = tone(425.0, 240.0);
        return heard(repeated(joined({half, silence(gap_ms), half, pause}), 5));
    };
    EXPECT_EQ(one_tone(15.0), "busy");
    EXPECT_EQ(one_tone(27.0), "");
    const auto two_tones = [](double gap_ms) {
        Signal half = tone(440.0, 1000.0);
        mix_into(half, tone(480.0, 1000.0), 0);
        return heard(repeated(joined({half, silence(gap_ms), half, silence(4000.0)}), 3), "US");
    };
    EXPECT_EQ(two_tones(25.0), "ringback");
    EXPECT_EQ(two_tones(35.0), "");
}

TEST(ProgressLimits, ATonesBeginMayBeNoisy) {
    const auto beginning = [](double dbm0) {
        Signal begin = tone(425.0, 70.0);
        mix_into(begin, noise(70.0, dbm0), 0);
        return heard(repeated(joined({begin, tone(425.0, 410.0), pause}), 5));
    };
    EXPECT_EQ(beginning(-23.0), "busy");
    EXPECT_EQ(beginning(-21.0), "");
}

} // namespace
} // namespace keytone::test
