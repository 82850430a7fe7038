// SPDX-License-Identifier: MIT
#include "dsp/detector/tone_pair.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/detector/sub_block.hpp"

#include <algorithm>
#include <numbers>

namespace keytone {

namespace {

// If one tone is stronger than the other by more than this, what leaks from it over 5 ms may hide the other.
constexpr float leaking_power_ratio = 3.0F;

struct Line {
    float power; // less than 0 where there is none
    Hertz frequency;
    int filter;
    std::uint8_t nearest; // of the group's frequencies
};

// The group's strongest tone that lies within 5 % of one of its frequencies. The strongest filter need not be
// the nearest one: over 40 samples, their main lobes overlap. And the outermost filter may hold more of the
// other group's tone than the weak tone's own filter holds of that; such a line is near no key's frequency.
Line strongest_line(const simd::FilterLines& lines, std::size_t group) {
    const int filter = lines.strongest[group];
    const auto at = static_cast<std::size_t>(filter);
    constexpr double hertz_of_radian = 1.0 / (2.0 * std::numbers::pi * sub_block_seconds);
    const double hertz = bank_frequency(at).value + static_cast<double>(lines.advance[at]) * hertz_of_radian;
    const std::array<Hertz, 4>& keys = group == 0 ? low_group : high_group;
    std::uint8_t nearest = 0;
    for (std::size_t i = 1; i < keys.size(); ++i) {
        nearest = static_cast<std::uint8_t>(nearest + (2.0 * hertz > keys[i - 1].value + keys[i].value));
    }
    return Line{lines.power[at], {hertz}, filter, nearest};
}

simd::Phase half_step(Hertz frequency) {
    return short_phase_of_turns(0.5 * frequency.value / bank_rate_hz);
}

} // namespace

std::optional<HeardPair> find_pair(simd::BankSeries& series, double energy, std::int64_t arrived,
                                   IsNear is_near) noexcept {
    simd::FilterLines lines;
    simd::kernels().find_lines(series, lines);
    // What leaks from the stronger tone into the other group's filters may look like a tone there, and may
    // hide a weak one. Where the stronger one cannot be a key's, the weaker one does not matter.
    Line low = strongest_line(lines, 0);
    Line high = strongest_line(lines, 1);
    if (std::max(low.power, 0.0F) > leaking_power_ratio * std::max(high.power, 0.0F)) {
        if (!is_near(0, low.nearest, low.frequency)) {
            return std::nullopt;
        }
        simd::kernels().take_tone_out(series, half_step(low.frequency), low.filter);
        simd::kernels().find_lines(series, lines);
        high = strongest_line(lines, 1);
    } else if (std::max(high.power, 0.0F) > leaking_power_ratio * std::max(low.power, 0.0F)) {
        if (!is_near(1, high.nearest, high.frequency)) {
            return std::nullopt;
        }
        simd::kernels().take_tone_out(series, half_step(high.frequency), high.filter);
        simd::kernels().find_lines(series, lines);
        low = strongest_line(lines, 0);
    }
    if (std::min(low.power, high.power) < 0.0F) {
        return std::nullopt;
    }
    const double all = std::max(1.0, energy);
    const auto share = [&](const Line& line) {
        return 2.0 * static_cast<double>(line.power) /
               (static_cast<double>(arrived * std::int64_t{sub_block_size}) * all);
    };
    return HeardPair{
        {low.nearest, high.nearest, low.frequency, high.frequency}, share(low), share(high), all};
}

} // namespace keytone
