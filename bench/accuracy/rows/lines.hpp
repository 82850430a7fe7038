// SPDX-License-Identifier: MIT
//
// The kinds of lines that several rows have.
#pragma once

#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/outcome.hpp"

#include <string>

namespace keytone::accuracy {

/// Every key is to be heard, once, and nothing else.
Line all_heard(const Setting& setting, std::string what, const Comparison& comparison);
/// So many keys at least are to be heard; what else was heard is told.
Line enough_heard(const Setting& setting, std::string what, const Comparison& comparison,
                  double least_percent);
/// Nothing at all is to be heard.
Line none_accepted(const Setting& setting, std::string what, const Comparison& comparison);

} // namespace keytone::accuracy
