// SPDX-License-Identifier: MIT
//
// What the filters between two rates are made of: a sinc, and Kaiser's window over it. Computed with
// keytone's own sine and a series, so that the weights are the same with every C library.
#pragma once

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"

#include <cmath>
#include <numbers>

namespace keytone {

/// sin(pi x) / (pi x).
inline double sinc(double x) {
    if (x == 0.0) {
        return 1.0;
    }
    const double turns = std::abs(x) / 2.0;
    const auto sine = static_cast<double>(sine_of_phase(phase_of_turns(turns - std::floor(turns))));
    return sine / (std::numbers::pi * std::abs(x));
}

/// Kaiser's window for a filter whose stop band lies `stop_band_db` below its pass band: 50 dB or more.
class KaiserWindow {
  public:
    constexpr explicit KaiserWindow(double stop_band_db) : beta_(0.1102 * (stop_band_db - 8.7)) {}

    /// The weight at `position`, from -1 to 1 across the window; 0 outside it.
    [[nodiscard]] double operator()(double position) const {
        const double square = position * position;
        return square >= 1.0 ? 0.0 : bessel_i0(beta_ * std::sqrt(1.0 - square)) / bessel_i0(beta_);
    }

  private:
    // Modified Bessel function of order 0.
    static double bessel_i0(double x) {
        double term = 1.0;
        double sum = 1.0;
        for (int k = 1; k < 40; ++k) {
            term *= (x / (2.0 * k)) * (x / (2.0 * k));
            sum += term;
        }
        return sum;
    }

    double beta_;
};

} // namespace keytone
