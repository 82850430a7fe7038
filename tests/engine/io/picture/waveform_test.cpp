// SPDX-License-Identifier: MIT
#include "engine/io/picture/waveform.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace keytone::io {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Waveform, TakesTheExtremesAndTheSampleBehind) {
    const std::vector<std::int16_t> samples{1, 5, -3, 2, -32768, 32767, 4, 0};
    EXPECT_THAT(waveform_columns(samples, 4.0, 9), ElementsAre(Extremes{-32768, 5}, Extremes{-32768, 32767}));
    EXPECT_THAT(waveform_columns(samples, 2.0, 9),
                ElementsAre(Extremes{-3, 5}, Extremes{-32768, 2}, Extremes{-32768, 32767}, Extremes{0, 4}));
}

TEST(Waveform, StopsWithTheSamplesOrTheColumns) {
    const std::vector<std::int16_t> samples(10, 7);
    EXPECT_EQ(waveform_columns(samples, 3.0, 100).size(), 4U);
    EXPECT_EQ(waveform_columns(samples, 3.0, 2).size(), 2U);
    EXPECT_THAT(waveform_columns({}, 3.0, 100), IsEmpty());
    EXPECT_THAT(waveform_columns(samples, 3.0, 0), IsEmpty());
}

TEST(Waveform, ShowsEverySampleInNarrowColumns) {
    const std::vector<std::int16_t> samples{10, 20};
    EXPECT_THAT(waveform_columns(samples, 0.5, 100),
                ElementsAre(Extremes{10, 10}, Extremes{10, 20}, Extremes{20, 20}, Extremes{20, 20}));
}

TEST(Waveform, LosesNoPeakAtAnUnevenScale) {
    for (std::size_t place = 0; place < 1000; ++place) {
        std::vector<std::int16_t> samples(1000, 0);
        samples[place] = 99;
        int peaks = 0;
        for (const Extremes& column : waveform_columns(samples, 7.3, 1000)) {
            peaks += column.highest == 99 ? 1 : 0;
        }
        EXPECT_GE(peaks, 1) << place;
        EXPECT_LE(peaks, 2) << place;
    }
}

} // namespace
} // namespace keytone::io
