// SPDX-License-Identifier: MIT
#include "dsp/tone_recurrence.hpp"

#include <cmath>

namespace keytone {

void ToneRecurrence::add(std::span<const std::int16_t> samples, std::size_t lag) noexcept {
    // Integers, which no order of adding changes.
    std::int64_t yy = 0;
    std::int64_t sy = 0;
    std::int64_t ss = 0;
    std::int64_t ty = 0;
    std::int64_t ts = 0;
    std::int64_t tt = 0;
    for (std::size_t n = 4 * lag; n < samples.size(); ++n) {
        const std::int64_t y = samples[n - 2 * lag];
        const std::int64_t s = samples[n - lag] + samples[n - 3 * lag];
        const std::int64_t t = samples[n] + samples[n - 4 * lag];
        yy += y * y;
        sy += s * y;
        ss += s * s;
        ty += t * y;
        ts += t * s;
        tt += t * t;
    }
    yy_ += static_cast<float>(yy);
    sy_ += static_cast<float>(sy);
    ss_ += static_cast<float>(ss);
    ty_ += static_cast<float>(ty);
    ts_ += static_cast<float>(ts);
    tt_ += static_cast<float>(tt);
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
    const double yy = double{yy_};
    const double sy = double{sy_};
    const double factor = sy / yy; // 2 c
    const double misfit = double{ss_} - factor * sy;
    // White noise of power 1 gives s - factor · y the power 2 + factor².
    return OneTone{static_cast<float>(factor / 2.0),
                   static_cast<float>(misfit / ((2.0 + factor * factor) * yy))};
}

std::optional<ToneRecurrence::TwoTones> ToneRecurrence::two_tones() const noexcept {
    const double yy = double{yy_};
    const double sy = double{sy_};
    const auto ss = double{ss_};
    const double ty = double{ty_};
    const double ts = double{ts_};
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
    const double misfit = double{tt_} - a * ts - b * ty;
    return TwoTones{static_cast<float>(half_sum + difference), static_cast<float>(half_sum - difference),
                    static_cast<float>(misfit / ((2.0 + 2.0 * a * a + b * b) * yy))};
}

} // namespace keytone
