// SPDX-License-Identifier: MIT
//
// A tone obeys x(n) + x(n - 2 lag) = 2 c · x(n - lag), where c is the cosine of its phase advance over one
// lag; two tones obey a recurrence of twice the length. How well the best recurrence fits shows whether the
// sound is one tone, two, or something else, and its coefficients give the frequencies: for a few products a
// sample.
#pragma once

#include "dsp/simd/detector_kernels.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

class ToneRecurrence;

/// Sums of products over a stretch of sound, to which the recurrence of one tone is fitted. Added up,
/// stretches are fitted together.
class OneToneRecurrence {
  public:
    /// One tone: the cosine of its phase advance over one lag, and the share of the power that is not the
    /// tone, computed as if that were white noise: 0 to 1, above 1 for what is no tone at all.
    struct OneTone {
        float cosine;
        float noise_share;
    };

    OneToneRecurrence() noexcept = default;
    explicit OneToneRecurrence(const simd::OneToneSums& sums) noexcept : sums_(sums) {}

    /// `[audio]`
    void add(const OneToneRecurrence& other) noexcept {
        const simd::OneToneSums more = other.sums_; // at once, so that vectors can add them
        sums_.yy += more.yy;
        sums_.sy += more.sy;
        sums_.ss += more.ss;
        sums_.none += more.none;
    }

    /// Nothing for silence. `[audio]`
    [[nodiscard]] std::optional<OneTone> one_tone() const noexcept;
    /// Whether the noise share of the tone is certainly greater; said of nearly all that is greater, and
    /// sooner than one_tone() computes it. `[audio]`
    [[nodiscard]] bool leaves_more_than(float noise_share) const noexcept {
        // Where the share is no greater, the difference's rounding is below 3e-7 of the sum.
        const auto& [yy, sy, ss, none] = sums_;
        const float square = sy * sy;
        return ss * yy - square > (1.001F * noise_share + 1e-6F) * (2.0F * yy * yy + square);
    }

    /// Whether the tone's cosine is certainly above or below; said of nearly all that are. `[audio]`
    [[nodiscard]] bool is_above(float cosine) const noexcept { return beyond(cosine) > 0.0F; }
    [[nodiscard]] bool is_below(float cosine) const noexcept { return short_of(cosine) > 0.0F; }
    /// Whether it is certainly not within these. `[audio]`
    [[nodiscard]] bool is_outside(float least, float greatest) const noexcept {
        // On which side cannot be guessed: one comparison. A difference has the sign of its exact value.
        return std::max(beyond(greatest), short_of(least)) > 0.0F;
    }

  private:
    friend void rough_recurrences(const std::int16_t* history, std::span<const std::int16_t> samples,
                                  std::size_t lag, OneToneRecurrence& by_one,
                                  ToneRecurrence& by_lag) noexcept;

    static constexpr float rounding = 4e-6F; // of a cosine
    // Half of `sy` is the cosine times `yy`.
    [[nodiscard]] float beyond(float cosine) const noexcept {
        return 0.5F * sums_.sy - (cosine + rounding) * sums_.yy;
    }
    [[nodiscard]] float short_of(float cosine) const noexcept {
        return (cosine - rounding) * sums_.yy - 0.5F * sums_.sy;
    }

    simd::OneToneSums sums_{};
};

/// The same for the recurrences of one tone and of two.
class ToneRecurrence {
  public:
    using OneTone = OneToneRecurrence::OneTone;
    /// Two tones; the cosine of the first is the greater one.
    struct TwoTones {
        float first_cosine;
        float second_cosine;
        float noise_share;
    };

    /// Adds a stretch of at most 10^6 samples. Its first 4 · `lag` samples only serve as history of the
    /// others. `[audio]`
    void add(std::span<const std::int16_t> samples, std::size_t lag) noexcept;
    /// `[audio]`
    void add(const ToneRecurrence& other) noexcept {
        const simd::RecurrenceSums more = other.sums_; // at once, so that vectors can add them
        sums_.yy += more.yy;
        sums_.sy += more.sy;
        sums_.ss += more.ss;
        sums_.ty += more.ty;
        sums_.ts += more.ts;
        sums_.tt += more.tt;
    }

    /// Of one tone alone. `[audio]`
    [[nodiscard]] OneToneRecurrence one() const noexcept {
        return OneToneRecurrence({sums_.yy, sums_.sy, sums_.ss});
    }
    /// Nothing for silence. `[audio]`
    [[nodiscard]] std::optional<OneTone> one_tone() const noexcept { return one().one_tone(); }
    /// Whether the noise share of one tone and that of two are certainly greater; said of most that are, and
    /// sooner than they are computed. `[audio]`
    [[nodiscard]] bool leaves_more_than(float noise_share) const noexcept;
    /// Nothing when no two tones fit, a single tone included. `[audio]`
    [[nodiscard]] std::optional<TwoTones> two_tones() const noexcept;

  private:
    friend void rough_recurrences(const std::int16_t* history, std::span<const std::int16_t> samples,
                                  std::size_t lag, OneToneRecurrence& by_one,
                                  ToneRecurrence& by_lag) noexcept;

    simd::RecurrenceSums sums_{};
};

/// Sets the recurrences of a stretch at a lag of one sample, and at a `lag` of 4 to 8: of 16 to 128 samples,
/// and the 32 before them. Samples are rounded to ten bits below the loudest of them: noise 56 dB below that,
/// for a third of the work. `[audio]`
inline void rough_recurrences(const std::int16_t* history, std::span<const std::int16_t> samples,
                              std::size_t lag, OneToneRecurrence& by_one, ToneRecurrence& by_lag) noexcept {
    simd::kernels().rough_recurrences(history, samples.data(), samples.size(), lag, by_one.sums_,
                                      by_lag.sums_);
}

} // namespace keytone
