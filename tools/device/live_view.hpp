// SPDX-License-Identifier: MIT
//
// What `keytone play` and `keytone monitor` show on a terminal while they run, in printable ASCII.
#pragma once

#include "dsp/units.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace keytone::tools {

/// How often both look at what there is to show.
inline constexpr std::chrono::milliseconds live_tick{10};

/// `1.1 s of 2.3 s  1202[5]550143`: the digit at `sounding`, if any, stands in brackets, with as many of
/// those around it as fit into `width` columns; when none sounds, `next` is where the brackets will be next.
std::string draw_playing(std::string_view digits, std::optional<std::size_t> sounding, std::size_t next,
                         double played_s, double length_s, int width);

/// `-32.1 dBm0 [########............]  12025[5]`: what sounds, or with a question mark may sound, stands in
/// brackets; of `heard` there are the last ones that fit into `width` columns.
struct Listening {
    Dbm0 level;
    std::string_view heard;
    char sounding = 0; ///< 0 for none.
    bool certain = false;
};
std::string draw_listening(const Listening& now, int width);

} // namespace keytone::tools
