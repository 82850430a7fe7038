// SPDX-License-Identifier: MIT
//
// How strong one frequency is around a sample, and where it begins and ends: plain sums, with nothing of
// dsp/.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace keytone::test {

/// One leg's samples, looked at around one frequency.
class NarrowBand {
  public:
    NarrowBand(std::span<const std::int16_t> samples, int rate_hz, double hz)
        : samples_(samples), rate_hz_(rate_hz), hz_(hz) {}

    /// The peak of a sine of this frequency, full scale being 1, over the 10 ms (Hann) around sample
    /// `centre`. Frequencies 200 Hz off and more do not count. What lies outside the leg is silence.
    [[nodiscard]] double peak_at(std::int64_t centre) const;

    /// Where a tone that sounds at sample `inside` came up to half its peak, and where it fell below it:
    /// looked for within 15 ms of `guess`, between samples. Nothing when it does not.
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
