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

// A share is the misfit of t - a s - b y, or of s - f y, beside what white noise of y's power would leave:
// 2 + 2 a² + b² of it, or 2 + f². It is greater, whatever the factors, where the matrix of the sums less the
// share's part of the noise is positive definite.
bool ToneRecurrence::leaves_more_than(float noise_share) const noexcept {
    const auto yy = static_cast<double>(sums_.yy);
    const auto sy = static_cast<double>(sums_.sy);
    const auto ty = static_cast<double>(sums_.ty);
    const double noise = 1.0001 * static_cast<double>(noise_share) * yy;
    const double rest = yy - noise;
    const double of_s = (static_cast<double>(sums_.ss) - 2.0 * noise) * rest - sy * sy;
    const double of_t = (static_cast<double>(sums_.tt) - 2.0 * noise) * rest - ty * ty;
    const double of_both = static_cast<double>(sums_.ts) * rest - ty * sy;
    return (rest > 0.0) & (of_s > 0.0) & (of_s * of_t > of_both * of_both) & (of_t > 0.0);
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
