// SPDX-License-Identifier: MIT
#include "bench/soak/soak_line.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace keytone::bench {
namespace {

/// A hum, in which there is no key.
std::vector<std::int16_t> hum() {
    std::vector<std::int16_t> samples(80'000);
    for (std::size_t n = 0; n < samples.size(); ++n) {
        samples[n] = static_cast<std::int16_t>(std::lround(8000.0 * std::sin(0.2 * static_cast<double>(n))));
    }
    return samples;
}

TEST(SoakLine, EveryKeyIsHeardAsSent) {
    const auto speech = hum();
    SoakCount all;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SoakLine line(seed, speech);
        for (int tick = 0; tick < 6000; ++tick) {
            line.tick();
        }
        line.finish();
        EXPECT_TRUE(line.count().all_exact()) << seed;
        all += line.count();
    }
    EXPECT_GT(all.sent, 500U);
}

// The count of wrong keys must be able to rise.
TEST(SoakLine, KeysInTheSpeechAreWrong) {
    auto generator = DtmfGenerator::create(DigitString::parse("5").value(), {.gap = Milliseconds{300}},
                                           SampleRate::narrowband())
                         .value();
    std::vector<std::int16_t> keys(4000);
    generator.generate(keys);
    SoakLine line(1, keys);
    for (int tick = 0; tick < 6000; ++tick) {
        line.tick();
    }
    line.finish();
    EXPECT_GT(line.count().wrong, 50U);
    EXPECT_FALSE(line.count().all_exact());
}

} // namespace
} // namespace keytone::bench
