// SPDX-License-Identifier: MIT
//
// How loud each frequency up to 4 kHz is over time, in memory of a fixed size: a column is 2 ms long at
// first; when all are full, two and two become one twice as long. What is loud for a moment stays visible in
// a long column, since the louder value is kept.
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
    /// Frequencies of a column: row 0 stands for 0 Hz, the last one for highest_hz, the others evenly
    /// between.
    static constexpr std::size_t rows = 257;
    /// What silence is taken for.
    static constexpr Dbm0 floor{-120.0};

    /// `rate_hz` is kept within 1000 and 768000; above half of it there is silence. `max_columns` is kept
    /// even and at least 2. `[control]`
    Spectrogram(int rate_hz, std::size_t max_columns);
    Spectrogram(Spectrogram&&) noexcept;
    Spectrogram& operator=(Spectrogram&&) noexcept;
    ~Spectrogram();

    /// Hears the next samples; full scale is 32768. What comes out does not depend on how they are cut.
    /// `[control]`
    void process(std::span<const std::int16_t> samples);
    /// The sound is over: the last columns are completed. Nothing may follow. `[control]`
    void finish();

    [[nodiscard]] double seconds() const;
    [[nodiscard]] double column_seconds() const;
    [[nodiscard]] std::size_t columns() const { return columns_; }
    /// The levels of one column, its rows from 0 Hz up: that of a sine there, dBm0.
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
    SampleIndex next_centre_;    // sample that the middle of the next window lies at
    std::size_t columns_ = 0;
    std::vector<float> levels_;
    std::vector<std::int16_t> recent_; // a ring of the last window
    std::unique_ptr<Transform> transform_;
};

} // namespace keytone::io
