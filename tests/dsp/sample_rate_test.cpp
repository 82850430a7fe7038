// SPDX-License-Identifier: MIT
#include "dsp/sample_rate.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

namespace keytone {
namespace {

TEST(SampleRate, OffersTwelveRatesAndNoOther) {
    for (const int hz :
         {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 192000}) {
        const auto rate = SampleRate::from_hz(hz);
        ASSERT_TRUE(rate) << hz;
        EXPECT_EQ(rate->hz(), hz);
    }
    for (const int hz : {0, -8000, 7999, 8001, 11000, 22000, 24001, 176400, 384000,
                         std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
        const auto rate = SampleRate::from_hz(hz);
        ASSERT_FALSE(rate) << hz;
        EXPECT_EQ(rate.error(), Error::rate_not_offered);
    }
    EXPECT_EQ(SampleRate::narrowband().hz(), 8000);
}

TEST(SampleRate, RoundsADurationToTheNearestSample) {
    const auto narrowband = SampleRate::narrowband();
    EXPECT_EQ(narrowband.samples(Milliseconds{100}), 800);
    EXPECT_EQ(narrowband.samples(Milliseconds{0.0624}), 0);
    EXPECT_EQ(narrowband.samples(Milliseconds{0.0625}), 1); // half a sample
    EXPECT_EQ(narrowband.samples(Milliseconds{0.1874}), 1);
    EXPECT_EQ(narrowband.samples(Milliseconds{-0.0625}), -1);
    EXPECT_EQ(narrowband.samples(Milliseconds{-0.0624}), 0);
    EXPECT_EQ(narrowband.samples(Milliseconds{-100}), -800);
    EXPECT_EQ(SampleRate::from_hz(44100)->samples(Milliseconds{5}), 221); // 220.5
    EXPECT_EQ(SampleRate::from_hz(44100)->samples(Milliseconds{1}), 44);  // 44.1
    // Adding 0.5 and truncating would give one sample.
    EXPECT_EQ(narrowband.samples(Milliseconds{0.49999999999999994 / 8}), 0);
}

TEST(SampleRate, IsNamedByTheErrorAndFoundInItsPlace) {
    const std::string_view error = text(Error::rate_not_offered);
    EXPECT_EQ(error, "the rate must be " + std::string(offered_rates_text));
    EXPECT_TRUE(error.ends_with("88200, 96000 or 192000 Hz"));
    EXPECT_EQ(error.data()[error.size()], '\0'); // as C reads it
    std::size_t place = 0;
    for (const int hz : SampleRate::offered_hz) {
        EXPECT_EQ(SampleRate::from_hz(hz)->place(), place++);
        EXPECT_NE(error.find(std::to_string(hz)), std::string_view::npos);
    }
}

TEST(SampleRate, BoundsWhatIsNoDuration) {
    const auto rate = SampleRate::narrowband();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(rate.samples(Milliseconds{infinity}), 1'000'000'000'000'000);
    EXPECT_EQ(rate.samples(Milliseconds{-infinity}), -1'000'000'000'000'000);
    EXPECT_EQ(rate.samples(Milliseconds{1e300}), 1'000'000'000'000'000);
    EXPECT_EQ(rate.samples(Milliseconds{std::numeric_limits<double>::quiet_NaN()}), 0);
}

TEST(SampleRate, TellsSamplesInSecondsAndMilliseconds) {
    for (const int hz : SampleRate::offered_hz) {
        const auto rate = *SampleRate::from_hz(hz);
        EXPECT_DOUBLE_EQ(rate.seconds(3 * hz), 3.0);
        EXPECT_DOUBLE_EQ(rate.milliseconds(hz / 25).value, 40.0);
        for (const SampleCount count : {SampleCount{1}, SampleCount{12345}, SampleCount{4'147'200'000}}) {
            EXPECT_EQ(rate.samples(rate.milliseconds(count)), count) << hz;
        }
    }
}

} // namespace
} // namespace keytone
