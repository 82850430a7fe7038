// SPDX-License-Identifier: MIT
//
// How strong one frequency is around a sample, and where it begins and ends: by plain sums, without anything
// of dsp/.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace keytone::test {

/// One leg's samples, filtered around one frequency.
class NarrowBand {
  public:
    NarrowBand(std::span<const std::int16_t> samples, int rate_hz, double hz)
        : samples_(samples), rate_hz_(rate_hz), hz_(hz) {}

    /// The peak of a sine of this frequency, full scale being 1, over the 10 ms (Hann window) around sample
    /// `centre`. Frequencies 200 Hz away or more do not count. Outside the leg there is silence.
    [[nodiscard]] double peak_at(std::int64_t centre) const;

    /// Where a tone that sounds at sample `inside` rose to half its peak, and where it fell below that:
    /// searched within 15 ms of `guess`, interpolated between samples. Nothing when it is not found.
    [[nodiscard]] std::optional<double> begin(std::int64_t inside, std::int64_t guess) const;
    [[nodiscard]] std::optional<double> end(std::int64_t inside, std::int64_t guess) const;

  private:
    [[nodiscard]] std::optional<double> crossing(std::int64_t inside, std::int64_t guess,
                                                 int direction) const;

    std::span<const std::int16_t> samples_;
    int rate_hz_;
    double hz_;
};

} // namespace keytone::test
