// SPDX-License-Identifier: MIT
#include "engine/media/mixer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

namespace keytone {

namespace {

constexpr std::int32_t knee = 24576; // 2.5 dB below full scale

} // namespace

std::int16_t mix(std::int16_t a, std::int16_t b) noexcept {
    const std::int32_t sum = std::int32_t{a} + b;
    const std::int32_t louder = std::max(std::abs(std::int32_t{a}), std::abs(std::int32_t{b}));
    const std::int32_t exact_up_to = std::max(knee, louder);
    const std::int32_t excess = std::abs(sum) - exact_up_to;
    if (excess <= 0) {
        return static_cast<std::int16_t>(sum);
    }
    // The slope is 1 where the bend begins, and 0 at full scale. The product is at most 2^13 * 2^16: no
    // overflow.
    const std::int32_t room = (sum < 0 ? 32768 : 32767) - exact_up_to;
    const std::int32_t magnitude = exact_up_to + room * excess / (room + excess);
    return static_cast<std::int16_t>(sum < 0 ? -magnitude : magnitude);
}

// Where neither is above half of the knee, all sums are exact: then there is nothing to decide for each
// sample.
void mix_into(std::span<std::int16_t> sum, std::span<const std::int16_t> added) noexcept {
    std::int16_t least = 0;
    std::int16_t greatest = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
        least = std::min(least, std::min(sum[i], added[i]));
        greatest = std::max(greatest, std::max(sum[i], added[i]));
    }
    if (least >= -knee / 2 && greatest <= knee / 2) {
        for (std::size_t i = 0; i < sum.size(); ++i) {
            sum[i] = static_cast<std::int16_t>(sum[i] + added[i]);
        }
        return;
    }
    for (std::size_t i = 0; i < sum.size(); ++i) {
        sum[i] = mix(sum[i], added[i]);
    }
}

} // namespace keytone
