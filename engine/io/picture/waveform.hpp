// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace keytone::io {

/// The lowest and the highest sample of a stretch.
struct Extremes {
    int lowest;
    int highest;

    friend bool operator==(const Extremes&, const Extremes&) = default;
};

/// A waveform in columns of `samples_per_column` (above 0) samples, from the first sample to the last, at
/// most `max_columns`. A column includes the first sample of the next one, so that the line is never broken;
/// a column narrower than a sample shows the sample that it lies in. `[control]`
std::vector<Extremes> waveform_columns(std::span<const std::int16_t> samples, double samples_per_column,
                                       int max_columns);

} // namespace keytone::io
