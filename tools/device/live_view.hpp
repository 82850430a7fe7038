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

/// How often both check whether there is something to show.
inline constexpr std::chrono::milliseconds live_tick{10};

/// `1.1 s of 2.3 s  1202[5]550143`: the digit at `sounding`, if any, is in brackets, with as many digits
/// around it as fit into `width` columns; when none sounds, `next` is the next to be in brackets.
std::string draw_playing(std::string_view digits, std::optional<std::size_t> sounding, std::size_t next,
                         double played_s, double length_s, int width);

/// `-32.1 dBm0 [########............]  12025[5]`: the key that sounds is in brackets, with a question mark
/// while it is uncertain; of `heard`, the last digits that fit into `width` columns are shown.
struct Listening {
    Dbm0 level;
    std::string_view heard;
    char sounding = 0; ///< 0 for none.
    bool certain = false;
};
std::string draw_listening(const Listening& now, int width);

} // namespace keytone::tools
