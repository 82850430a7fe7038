// SPDX-License-Identifier: MIT
#include "bench/accuracy/talk_off/sensitivity.hpp"

#include <array>

namespace keytone::accuracy {

namespace {

/// The default limits, with `more` asked of a key under noise.
DtmfLimits asking(Decibels more) {
    DtmfLimits limits;
    limits.min_snr_in_white_noise = Decibels{limits.min_snr_in_white_noise.value + more.value};
    limits.min_snr_in_coloured_noise = Decibels{limits.min_snr_in_coloured_noise.value + more.value};
    return limits;
}

} // namespace

std::span<const Sensitivity> sensitivities() {
    static const std::array all{Sensitivity{"strict", asking(Decibels{4.0})}, Sensitivity{"normal", {}},
                                Sensitivity{"sensitive", asking(Decibels{-1.0})}};
    return all;
}

} // namespace keytone::accuracy
