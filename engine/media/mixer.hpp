// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

namespace keytone {

/// The sum of two samples, limited to full scale. Added to silence, a sample stays unchanged, however loud.
/// The sum is exact up to a knee, or up to the louder of the two where that is above the knee; above that it
/// bends smoothly towards full scale and never exceeds it. It has no memory: the same samples give the same
/// sum. `[audio]`
[[nodiscard]] std::int16_t mix(std::int16_t a, std::int16_t b) noexcept;

/// mix() sample by sample. Both have the same length. `[audio]`
void mix_into(std::span<std::int16_t> sum, std::span<const std::int16_t> added) noexcept;

} // namespace keytone
