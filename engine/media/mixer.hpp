// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

namespace keytone {

/// The sum of two samples, kept within full scale. Beside silence a sample passes as it is, however loud. The
/// sum is exact up to a knee, or up to the louder of the two where that lies higher; what is above bends
/// smoothly towards full scale and never reaches beyond. No memory: the same samples give the same sum.
/// `[audio]`
[[nodiscard]] std::int16_t mix(std::int16_t a, std::int16_t b) noexcept;

/// mix() sample by sample. Both have the same length. `[audio]`
void mix_into(std::span<std::int16_t> sum, std::span<const std::int16_t> added) noexcept;

} // namespace keytone
