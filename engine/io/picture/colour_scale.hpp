// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

namespace keytone::io {

/// Colours from dark blue over red to light yellow, for 0 to 1. Equal steps look equally large (they have
/// equal distances in the Oklab space), and they can be told apart by brightness alone, in print or by the
/// colour-blind.
class ColourScale {
  public:
    /// `[control]`
    ColourScale();

    /// The colour as 0x00RRGGBB (sRGB) for `part`, which is clamped to 0-1; a NaN counts as 0. `[any]`
    [[nodiscard]] std::uint32_t rgb(double part) const;

  private:
    static constexpr std::size_t steps = 256;
    std::array<std::uint32_t, steps> colours_{};
};

} // namespace keytone::io
