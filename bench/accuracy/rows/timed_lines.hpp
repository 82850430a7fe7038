// SPDX-License-Identifier: MIT
#pragma once

#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/outcome.hpp"
#include "bench/accuracy/rows/columns.hpp"
#include "bench/accuracy/timed_keys.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace keytone::accuracy {

/// Makes one of several sounds for a profile.
using TimedMaker =
    std::function<TimedSound(const Column& column, std::size_t number, int rate_hz, Random& random)>;

/// `count` sounds for each profile: each of their keys must be reported with its times, and nothing else.
/// SpanDSP hears those of the profile q24, and is judged by its digits only.
Line all_in_time(const Setting& setting, std::string what, std::size_t count, const TimedMaker& make);

} // namespace keytone::accuracy
