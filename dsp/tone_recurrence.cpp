// SPDX-License-Identifier: MIT
#include "dsp/tone_recurrence.hpp"

#include <array>
#include <cmath>

namespace keytone {

namespace {

/// Sums of products, taken side by side in the lanes of a vector register and always added up in the same
/// order: the same bits whatever the instruction set. A frame's sums need no more than a float's 24 bits:
/// what decides is decibels apart.
struct Lanes {
    static constexpr std::size_t count = 8;

    void add(std::size_t lane, float a, float b) { sums[lane] += a * b; }
    [[nodiscard]] float total() const {
        return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
    }

    std::array<float, count> sums{};
};

} // namespace

void ToneRecurrence::add(std::span<const std::int16_t> samples, std::size_t lag) noexcept {
    Lanes yy;
    Lanes sy;
    Lanes ss;
    Lanes ty;
    Lanes ts;
    Lanes tt;
    const std::size_t first = 4 * lag;
    const std::size_t count = samples.size() > first ? samples.size() - first : 0;
    const auto products = [&](std::size_t n, std::size_t lane) {
        const auto y = static_cast<float>(samples[n + 2 * lag]);
        const auto s = static_cast<float>(samples[n + 3 * lag] + samples[n + lag]);
        const auto t = static_cast<float>(samples[n + 4 * lag] + samples[n]);
        yy.add(lane, y, y);
        sy.add(lane, s, y);
        ss.add(lane, s, s);
        ty.add(lane, t, y);
        ts.add(lane, t, s);
        tt.add(lane, t, t);
    };
    std::size_t n = 0;
    for (; n + Lanes::count <= count; n += Lanes::count) {
        for (std::size_t lane = 0; lane < Lanes::count; ++lane) {
            products(n + lane, lane);
        }
    }
    for (std::size_t lane = 0; n < count; ++n, ++lane) {
        products(n, lane);
    }
    yy_ += yy.total();
    sy_ += sy.total();
    ss_ += ss.total();
    ty_ += ty.total();
    ts_ += ts.total();
    tt_ += tt.total();
}

void ToneRecurrence::add(const ToneRecurrence& other) noexcept {
    yy_ += other.yy_;
    sy_ += other.sy_;
    ss_ += other.ss_;
    ty_ += other.ty_;
    ts_ += other.ts_;
    tt_ += other.tt_;
}

std::optional<ToneRecurrence::OneTone> ToneRecurrence::one_tone() const noexcept {
    if (yy_ == 0.0F) {
        return std::nullopt;
    }
    const auto yy = static_cast<double>(yy_);
    const auto sy = static_cast<double>(sy_);
    const double factor = sy / yy; // 2 c
    const double misfit = static_cast<double>(ss_) - factor * sy;
    // White noise of power 1 gives s - factor · y the power 2 + factor².
    return OneTone{static_cast<float>(factor / 2.0),
                   static_cast<float>(misfit / ((2.0 + factor * factor) * yy))};
}

std::optional<ToneRecurrence::TwoTones> ToneRecurrence::two_tones() const noexcept {
    const auto yy = static_cast<double>(yy_);
    const auto sy = static_cast<double>(sy_);
    const auto ss = static_cast<double>(ss_);
    const auto ty = static_cast<double>(ty_);
    const auto ts = static_cast<double>(ts_);
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
    const double misfit = static_cast<double>(tt_) - a * ts - b * ty;
    return TwoTones{static_cast<float>(half_sum + difference), static_cast<float>(half_sum - difference),
                    static_cast<float>(misfit / ((2.0 + 2.0 * a * a + b * b) * yy))};
}

} // namespace keytone
