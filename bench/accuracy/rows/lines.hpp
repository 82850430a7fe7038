// SPDX-License-Identifier: MIT
//
// The kinds of lines that several rows have.
#pragma once

#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/outcome.hpp"

#include <string>
#include <vector>

namespace keytone::accuracy {

/// Every key must be heard, once, and nothing else.
Line all_heard(const Setting& setting, std::string what, const Comparison& comparison);
/// At least `least_percent` of the keys must be heard; what else was heard is stated.
Line enough_heard(const Setting& setting, std::string what, const Comparison& comparison,
                  double least_percent);
/// The hit rate for which an SNR is stated.
inline constexpr double least_hits_percent = 99.9;
/// The lowest of `snrs` from which on enough keys are heard, and nothing else.
Figure snr_needed(const std::vector<double>& snrs, const std::vector<Comparison>& points,
                  Score Comparison::*receiver);
/// Nothing at all must be heard.
Line none_accepted(const Setting& setting, std::string what, const Comparison& comparison);

} // namespace keytone::accuracy
