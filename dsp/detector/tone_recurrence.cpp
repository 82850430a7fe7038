// SPDX-License-Identifier: MIT
#include "dsp/detector/tone_recurrence.hpp"

#include "dsp/simd/detector_kernels.hpp"

#include <cmath>

namespace keytone {

void ToneRecurrence::add(std::span<const std::int16_t> samples, std::size_t lag) noexcept {
    const std::size_t history = 4 * lag;
    if (samples.size() > history) {
        ToneRecurrence more;
        simd::kernels().recurrence(samples.data(), samples.size() - history, lag, more.sums_);
        add(more);
    }
}

void rough_recurrences(const std::int16_t* history, std::span<const std::int16_t> samples, std::size_t lag,
                       OneToneRecurrence& by_one, ToneRecurrence& by_lag) noexcept {
    simd::kernels().rough_recurrences(history, samples.data(), samples.size(), lag, by_one.sums_,
                                      by_lag.sums_);
}

std::optional<OneToneRecurrence::OneTone> OneToneRecurrence::one_tone() const noexcept {
    if (sums_.yy == 0.0F) {
        return std::nullopt;
    }
    const auto yy = static_cast<double>(sums_.yy);
    const auto sy = static_cast<double>(sums_.sy);
    const double factor = sy / yy; // 2 c
    const double misfit = static_cast<double>(sums_.ss) - factor * sy;
    // White noise of power 1 gives s - factor · y the power 2 + factor².
    return OneTone{static_cast<float>(factor / 2.0),
                   static_cast<float>(misfit / ((2.0 + factor * factor) * yy))};
}

std::optional<ToneRecurrence::TwoTones> ToneRecurrence::two_tones() const noexcept {
    const auto yy = static_cast<double>(sums_.yy);
    const auto sy = static_cast<double>(sums_.sy);
    const auto ss = static_cast<double>(sums_.ss);
    const auto ty = static_cast<double>(sums_.ty);
    const auto ts = static_cast<double>(sums_.ts);
    const double determinant = ss * yy - sy * sy;
    if (!(determinant > 1e-5 * ss * yy)) {
        return std::nullopt;
    }
    // t = a · s + b · y, with a = 2 (c1 + c2) and b = -2 - 4 c1 c2.
    const double a = (ts * yy - ty * sy) / determinant;
    const double b = (ty * ss - ts * sy) / determinant;
    const double half_sum = a / 4.0;
    const double product = -(b + 2.0) / 4.0;
    const double discriminant = half_sum * half_sum - product;
    if (!(discriminant > 0.0)) {
        return std::nullopt;
    }
    const double difference = std::sqrt(discriminant);
    const double misfit = static_cast<double>(sums_.tt) - a * ts - b * ty;
    return TwoTones{static_cast<float>(half_sum + difference), static_cast<float>(half_sum - difference),
                    static_cast<float>(misfit / ((2.0 + 2.0 * a * a + b * b) * yy))};
}

} // namespace keytone
