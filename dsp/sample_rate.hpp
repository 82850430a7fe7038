// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/error.hpp"
#include "dsp/offered_rates.hpp"
#include "dsp/result.hpp"
#include "dsp/units.hpp"

#include <algorithm>
#include <cstddef>

namespace keytone {

/// One of the sampling rates that keytone works at.
class SampleRate {
  public:
    static constexpr auto& offered_hz = offered_rates_hz;

    /// Errors: rate_not_offered.
    static constexpr Result<SampleRate, Error> from_hz(int hz) {
        if (std::find(offered_hz.begin(), offered_hz.end(), hz) == offered_hz.end()) {
            return Error::rate_not_offered;
        }
        return SampleRate(hz);
    }
    /// The telephone network's own rate (ITU-T G.711).
    static constexpr SampleRate narrowband() { return SampleRate(8000); }

    [[nodiscard]] constexpr int hz() const { return hz_; }
    /// Its place in `offered_hz`.
    [[nodiscard]] constexpr std::size_t place() const {
        return static_cast<std::size_t>(std::find(offered_hz.begin(), offered_hz.end(), hz_) -
                                        offered_hz.begin());
    }

    /// The duration in samples, to the nearest; half a sample rounds away from zero. At most 10^15 samples
    /// either way, and 0 for a NaN.
    [[nodiscard]] constexpr SampleCount samples(Milliseconds duration) const {
        const double exact = duration.value * hz_ / 1000.0;
        if (exact != exact) {
            return 0;
        }
        const double bounded = std::clamp(exact, -1e15, 1e15);
        const auto whole = static_cast<SampleCount>(bounded);
        const double fraction = bounded - static_cast<double>(whole);
        return whole + (fraction >= 0.5 ? 1 : fraction <= -0.5 ? -1 : 0);
    }
    [[nodiscard]] constexpr double seconds(SampleCount count) const {
        return static_cast<double>(count) / hz_;
    }
    [[nodiscard]] constexpr Milliseconds milliseconds(SampleCount count) const {
        return {1000.0 * seconds(count)};
    }

    friend constexpr bool operator==(SampleRate, SampleRate) = default;

  private:
    constexpr explicit SampleRate(int hz) : hz_(hz) {}
    int hz_;
};

} // namespace keytone
