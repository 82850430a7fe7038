// SPDX-License-Identifier: MIT
//
// The colours of the measured things, in every picture.
#pragma once

#include "engine/io/picture/picture_theme.hpp"

namespace keytone::bench {

inline constexpr io::Colour keytone_colour = io::colour(0x1769AA);
inline constexpr io::Colour spandsp_colour = io::colour(0xC2701C);
/// What is asked for, or what a machine allows; and the area that meets it.
inline constexpr io::Colour limit_colour = io::colour(0x2E8B57);
inline constexpr io::Colour allowed_colour = io::colour(0x2E8B57, 0.13);

} // namespace keytone::bench
