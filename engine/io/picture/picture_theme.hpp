// SPDX-License-Identifier: MIT
//
// Sizes and colours that all pictures share.
#pragma once

#include "engine/io/picture/drawing.hpp"

namespace keytone::io::theme {

inline constexpr int page_width = 1200;
inline constexpr double margin = 24.0;

inline constexpr Colour page = colour(0xFBFBF9);
inline constexpr Colour sheet = colour(0xFFFFFF);
inline constexpr Colour sheet_border = colour(0xDADFE4);
inline constexpr Colour grid = colour(0xE9ECEF);
inline constexpr Colour ink = colour(0x22303C);
inline constexpr Colour soft_ink = colour(0x66727F);

inline constexpr TextStyle title{17.0, ink, true};
inline constexpr TextStyle summary{12.0, soft_ink};
inline constexpr TextStyle heading{12.5, ink, true};
inline constexpr TextStyle small{10.5, soft_ink};
inline constexpr TextStyle axis{11.0, soft_ink};

} // namespace keytone::io::theme
