// SPDX-License-Identifier: MIT
//
// A tone obeys x(n) + x(n - 2 lag) = 2 c · x(n - lag), where c is the cosine of its phase advance over one
// lag; two tones obey a recurrence of twice the length. How well the best recurrence fits shows whether the
// sound is one tone, two, or something else, and its coefficients give the frequencies: for a few products a
// sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

namespace simd {
struct RecurrenceSums;
}

/// Sums of products over a stretch of sound, to which recurrences are fitted. Added up, stretches are fitted
/// together.
class ToneRecurrence {
  public:
    /// One tone: the cosine of its phase advance over one lag, and the share of the power that is not the
    /// tone, computed as if that were white noise: 0 to 1, above 1 for what is no tone at all.
    struct OneTone {
        float cosine;
        float noise_share;
    };
    /// Two tones; the cosine of the first is the greater one.
    struct TwoTones {
        float first_cosine;
        float second_cosine;
        float noise_share;
    };

    /// Adds a stretch of at most 10^6 samples. Its first 4 · `lag` samples only serve as history of the
    /// others. `[audio]`
    void add(std::span<const std::int16_t> samples, std::size_t lag) noexcept;
    /// Adds such a stretch to `by_lag`, and to `by_one` its end, as many samples with a history of 4, at a
    /// lag of 1. Samples are rounded to ten bits below the loudest of them: noise 56 dB below that, for a
    /// third of the work. `[audio]`
    static void add_roughly(std::span<const std::int16_t> samples, std::size_t lag, ToneRecurrence& by_one,
                            ToneRecurrence& by_lag) noexcept;
    /// `[audio]`
    void add(const ToneRecurrence& other) noexcept;

    /// Nothing for silence. `[audio]`
    [[nodiscard]] std::optional<OneTone> one_tone() const noexcept;
    /// Nothing when no two tones fit, a single tone included. `[audio]`
    [[nodiscard]] std::optional<TwoTones> two_tones() const noexcept;

  private:
    void add(const simd::RecurrenceSums& sums) noexcept;

    // Sums over y = the middle sample, s = the sum of the two samples one lag from it, t = the sum of the two
    // that are two lags from it.
    float yy_ = 0.0F;
    float sy_ = 0.0F;
    float ss_ = 0.0F;
    float ty_ = 0.0F;
    float ts_ = 0.0F;
    float tt_ = 0.0F;
};

} // namespace keytone
