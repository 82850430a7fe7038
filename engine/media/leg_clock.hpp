// SPDX-License-Identifier: MIT
//
// Arithmetic on a leg's clock. All legs' clocks count from the call's start, each at its own rate.
#pragma once

#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/media_action.hpp"

#include <algorithm>

namespace keytone {

/// `from` + `length`; `unlimited` where that would exceed it. A `length` below 0 counts as 0. `[any]`
constexpr SampleIndex later_by(SampleIndex from, SampleCount length) {
    const SampleCount forward = std::max<SampleCount>(length, 0);
    return from > unlimited - forward ? unlimited : from + forward;
}

/// The same instant on a clock of another rate, to the nearest sample; half a sample is rounded up. `at` is 0
/// or later; `unlimited` stays. `[any]`
constexpr SampleIndex same_instant(SampleIndex at, SampleRate from, SampleRate to) {
    if (from == to || at == unlimited) {
        return at;
    }
    const SampleIndex whole_seconds = at / from.hz();
    const SampleIndex rest = at % from.hz();
    return whole_seconds * to.hz() + (2 * rest * to.hz() + from.hz()) / (std::int64_t{2} * from.hz());
}

} // namespace keytone
