// SPDX-License-Identifier: MIT
//
// How well the two samples before it predict a sample: not at all in white noise, well in speech.
#pragma once

#include "dsp/levels.hpp"

#include <algorithm>

namespace keytone {

/// Prediction gain: power over the error of order-2 linear prediction, by the autocorrelation method. `r1`
/// and `r2` are the autocorrelations at lags 1 and 2 over that at lag 0. An error below `least_error`, as a
/// share of the power, counts as that.
inline Decibels prediction_gain(double r1, double r2, double least_error) {
    const double error1 = 1.0 - r1 * r1;
    const double k2 = error1 > 0.0 ? (r2 - r1 * r1) / error1 : 0.0;
    return Decibels{-power_ratio(std::max(least_error, error1 * (1.0 - k2 * k2))).value};
}

} // namespace keytone
