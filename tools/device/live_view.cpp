// SPDX-License-Identifier: MIT
#include "tools/device/live_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace keytone::tools {

namespace {

constexpr int meter_columns = 20;
constexpr double meter_bottom_dbm0 = -60.0;
constexpr double meter_top_dbm0 = 0.0;

/// `number` with one decimal.
std::string tenths(double number, int columns) {
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%*.1f", columns, number);
    return {text.data(), static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(text.size()) - 1))};
}

} // namespace

std::string draw_playing(std::string_view digits, std::optional<std::size_t> sounding, std::size_t next,
                         double played_s, double length_s, int width) {
    std::string line =
        tenths(std::clamp(played_s, 0.0, length_s), 0) + " s of " + tenths(length_s, 0) + " s  ";
    const std::size_t frame = line.size() + 3; // the brackets, and the column that stays free
    const std::size_t columns = width > 0 ? static_cast<std::size_t>(width) : 0;
    const std::size_t room = columns > frame ? columns - frame : 1;
    const std::size_t centre = std::min(sounding.value_or(next), digits.size());
    // The digit is in the middle, except near the ends of the string.
    std::size_t first = centre > room / 2 ? centre - room / 2 : 0;
    first = std::min(first, digits.size() > room ? digits.size() - room : 0);
    for (std::size_t i = first; i < std::min(digits.size(), first + room); ++i) {
        const bool here = sounding == i;
        line += here ? "[" : "";
        line += digits[i];
        line += here ? "]" : "";
    }
    return line;
}

std::string draw_listening(const Listening& now, int width) {
    const double level = now.level.value;
    std::string line = std::isfinite(level) && level > -99.9 ? tenths(level, 5) : "  -oo";
    const double part =
        (std::max(level, meter_bottom_dbm0) - meter_bottom_dbm0) / (meter_top_dbm0 - meter_bottom_dbm0);
    const auto full = static_cast<std::size_t>(std::lround(meter_columns * std::clamp(part, 0.0, 1.0)));
    line += " dBm0 [" + std::string(full, '#') + std::string(meter_columns - full, '.') + "]  ";
    const std::size_t frame =
        line.size() + 5; // the brackets with what is in them, and the column that stays free
    const std::size_t columns = width > 0 ? static_cast<std::size_t>(width) : 0;
    const std::size_t room = columns > frame ? columns - frame : 0;
    line += now.heard.substr(now.heard.size() - std::min(room, now.heard.size()));
    if (now.sounding != 0) {
        line += std::string("[") + now.sounding + (now.certain ? "]" : "?]");
    }
    return line;
}

} // namespace keytone::tools
