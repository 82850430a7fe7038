// SPDX-License-Identifier: MIT
#include "tests/scenarios/narrow_band.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace keytone::test {

namespace {

constexpr double half_window_s = 0.005;
constexpr double search_s = 0.015;

} // namespace

double NarrowBand::peak_at(std::int64_t centre) const {
    const auto half = static_cast<std::int64_t>(std::lround(half_window_s * rate_hz_));
    std::complex<double> sum = 0.0;
    double weights = 0.0;
    for (std::int64_t i = -half; i <= half; ++i) {
        const double at = static_cast<double>(i);
        const double weight = 0.5 + 0.5 * std::cos(std::numbers::pi * at / static_cast<double>(half));
        weights += weight;
        const std::int64_t index = centre + i;
        if (index >= 0 && index < static_cast<std::int64_t>(samples_.size())) {
            const double phase = -2.0 * std::numbers::pi * hz_ * at / rate_hz_;
            sum += weight * samples_[static_cast<std::size_t>(index)] / 32768.0 * std::polar(1.0, phase);
        }
    }
    return 2.0 * std::abs(sum) / weights;
}

std::optional<double> NarrowBand::begin(std::int64_t inside, std::int64_t guess) const {
    return crossing(inside, guess, 1);
}

std::optional<double> NarrowBand::end(std::int64_t inside, std::int64_t guess) const {
    return crossing(inside, guess, -1);
}

/// Searches from silence towards the tone (`direction` 1: before the guess; -1: after it).
std::optional<double> NarrowBand::crossing(std::int64_t inside, std::int64_t guess, int direction) const {
    const double half_peak = peak_at(inside) / 2.0;
    const auto reach = static_cast<std::int64_t>(std::lround(search_s * rate_hz_));
    double before = peak_at(guess - direction * reach);
    if (before >= half_peak) {
        return std::nullopt;
    }
    for (std::int64_t step = -reach + 1; step <= reach; ++step) {
        const double now = peak_at(guess + direction * step);
        if (now >= half_peak) {
            const double share = (half_peak - before) / (now - before);
            return static_cast<double>(guess) + direction * (static_cast<double>(step) - 1.0 + share);
        }
        before = now;
    }
    return std::nullopt;
}

} // namespace keytone::test
