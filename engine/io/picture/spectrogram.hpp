// SPDX-License-Identifier: MIT
//
// How loud each frequency up to 4 kHz is over time, in memory of a fixed size. A column covers 2 ms at first;
// when all columns are full, each two are merged into one that covers twice as much. What is loud for a
// moment stays visible in a long column, since the louder value is kept.
#pragma once

#include "dsp/units.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace keytone::io {

class Spectrogram {
  public:
    static constexpr double highest_hz = 4000.0;
    /// Frequencies of a column: row 0 stands for 0 Hz, the last one for highest_hz, the others evenly spaced
    /// between.
    static constexpr std::size_t rows = 257;
    /// The least level; silence has it.
    static constexpr Dbm0 floor{-120.0};

    /// `rate_hz` is clamped to 1000 to 768000; above half of it there is silence. `max_columns` is made even
    /// and at least 2. `[control]`
    Spectrogram(int rate_hz, std::size_t max_columns);
    Spectrogram(Spectrogram&&) noexcept;
    Spectrogram& operator=(Spectrogram&&) noexcept;
    ~Spectrogram();

    /// Takes the next samples; full scale is 32768. The result does not depend on how they are cut into
    /// calls. `[control]`
    void process(std::span<const std::int16_t> samples);
    /// The sound is over: the last columns are completed. Nothing may follow. `[control]`
    void finish();

    [[nodiscard]] double seconds() const;
    [[nodiscard]] double column_seconds() const;
    [[nodiscard]] std::size_t columns() const { return columns_; }
    /// The levels of one column, in dBm0, its rows from 0 Hz up: the level of a sine of that frequency.
    [[nodiscard]] std::span<const float> column(std::size_t index) const {
        return std::span(levels_).subspan(index * rows, rows);
    }

  private:
    struct Transform;
    void take(SampleIndex centre);
    void merge_columns();

    int rate_hz_;
    std::size_t max_columns_;
    std::int64_t column_length_; // samples
    SampleIndex received_ = 0;   // samples
    SampleIndex next_centre_;    // sample at the middle of the next window
    std::size_t columns_ = 0;
    std::vector<float> levels_;
    std::vector<std::int16_t> recent_; // a ring of the last window
    std::unique_ptr<Transform> transform_;
};

} // namespace keytone::io
