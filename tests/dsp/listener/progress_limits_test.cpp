// SPDX-License-Identifier: MIT
//
// The limits of call progress beside those of its cadences, from both sides: what else sounds, what is noise
// in a pause, and what is none, by what a ProgressListener reports.
#include "tests/dsp/listener/progress_events.hpp"
#include "tests/dsp/listener/sound_parts.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

std::vector<ProgressEvent> events(const Signal& signal, const char* country, int rate = rate_hz) {
    return progress_events(joined({silence(500.0, rate), signal, silence(6000.0, rate)}), -55.0, country,
                           rate);
}

/// What began.
std::string heard(const Signal& signal, const char* country = "DE", int rate = rate_hz) {
    std::string all;
    for (const ProgressEvent& event : events(signal, country, rate)) {
        if (event.kind == ProgressEvent::Kind::began) {
            all += (all.empty() ? "" : " ") + std::string(name_of(event.tone));
        }
    }
    return all;
}

Signal repeated(const Signal& cycle, int times) {
    return joined(std::vector<Signal>(static_cast<std::size_t>(times), cycle));
}

Signal noise(double ms, double dbm0, int rate = rate_hz) {
    return white_noise(sample_count(ms, rate), dbm0, 3);
}

Signal both(Signal one, const Signal& other) {
    mix_into(one, other, 0);
    return one;
}

/// 400 Hz, of which the level goes up and down so often in a second.
Signal modulated(double by_hz, double ms) {
    Signal signal = tone(400.0, ms);
    for (std::size_t n = 0; n < signal.size(); ++n) {
        signal[n] *= 1.0 + 0.8 * std::sin(2.0 * std::numbers::pi * by_hz * static_cast<double>(n) / rate_hz);
    }
    return signal;
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
        const Signal half = both(tone(440.0, 1000.0), tone(480.0, 1000.0));
        return heard(repeated(joined({half, silence(gap_ms), half, silence(4000.0)}), 3), "US");
    };
    EXPECT_EQ(two_tones(25.0), "ringback");
    EXPECT_EQ(two_tones(35.0), "");
}

TEST(ProgressLimits, ATonesBeginMayBeNoisy) {
    const auto beginning = [](double dbm0, int rate) {
        const Signal begin = both(tone(425.0, 70.0, -15.0, rate), noise(70.0, dbm0, rate));
        const Signal rest = joined({tone(425.0, 410.0, -15.0, rate), silence(480.0, rate)});
        return heard(repeated(joined({begin, rest}), 5), "DE", rate);
    };
    EXPECT_EQ(beginning(-23.0, 8000), "busy");
    EXPECT_EQ(beginning(-21.0, 8000), "");
    // Noise does not hide as much here that the pitch is low.
    EXPECT_EQ(beginning(-23.0, 12'000), "busy");
    EXPECT_EQ(beginning(-22.0, 12'000), "");
}

TEST(ProgressLimits, AToneIsMostOfWhatSounds) {
    const auto beside = [](double other_hz, double dbm0) {
        return heard(repeated(joined({both(burst, tone(other_hz, 480.0, dbm0)), pause}), 5));
    };
    for (const double other_hz : {200.0, 800.0}) {
        EXPECT_EQ(beside(other_hz, -20.5), "busy") << other_hz;
        EXPECT_EQ(beside(other_hz, -19.0), "") << other_hz;
    }
}

TEST(ProgressLimits, AModulationIsNearlyTheSameInEachBurst) {
    const auto changing = [](double by_hz) {
        const Signal slow = modulated(25.0 - by_hz / 2.0, 400.0);
        const Signal fast = modulated(25.0 + by_hz / 2.0, 400.0);
        return heard(repeated(joined({slow, silence(200.0), fast, silence(2000.0)}), 3), "IN");
    };
    EXPECT_EQ(changing(7.0), "ringback");
    EXPECT_EQ(changing(9.0), "");
}

TEST(ProgressLimits, AModulationIsAboutTheSameAllTheTime) {
    const auto from_16_hz_to = [](double hz) {
        const Signal ring = joined({modulated(16.0, 200.0), modulated(hz, 800.0), silence(2000.0)});
        return heard(repeated(ring, 2), "JP");
    };
    EXPECT_EQ(from_16_hz_to(34.0), "ringback");
    EXPECT_EQ(from_16_hz_to(41.0), "");
}

// Brazil's call waiting tone is the shortest burst, of 50 ms.
TEST(ProgressLimits, AToneThatIsShorterThanAnyBurstIsAClick) {
    const auto of = [](double ms, int rate) {
        return heard(repeated(joined({tone(425.0, ms, -15.0, rate), silence(1000.0, rate)}), 4), "BR", rate);
    };
    for (const int rate : {8000, 12'000}) {
        EXPECT_EQ(of(40.0, rate), "call_waiting") << rate;
        EXPECT_EQ(of(24.0, rate), "") << rate;
    }
}

// The pause of two bursts of 220 ms may be that of a call waiting tone, until something sounds.
TEST(ProgressLimits, ASofterBurstEndsAPauseUnlessItIsNoise) {
    const auto known_ms = [](double dbm0) {
        const Signal cycle = joined({tone(425.0, 220.0), silence(220.0)});
        const Signal softer = joined({tone(425.0, 220.0, dbm0), silence(220.0)});
        const auto all = events(joined({repeated(cycle, 2), softer, repeated(cycle, 2)}), "DE");
        return all.empty() ? 0.0 : 1000.0 * static_cast<double>(all[0].known) / rate_hz;
    };
    EXPECT_NEAR(known_ms(-26.5), 500.0 + 4 * 220.0, 15.0);
    EXPECT_GE(known_ms(-28.0), 500.0 + 5 * 220.0) << "not before it ends";
}

} // namespace
} // namespace keytone::test
