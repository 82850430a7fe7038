// SPDX-License-Identifier: MIT
//
// Reversals of a tone's phase, as modems reverse their answering tone every 450 ms (V.25), also out of codecs
// that make the phase of single frames waver:
//
//     phase    ++++++++++++++++----------------++++++++++++++++
//     halves           |older8||newer8|                             here they agree: their product is +1
//     halves               |older8||newer8|                         here they are opposed: -1, a reversal
#pragma once

#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// Finds them in frames of 10 ms of one tone. Its frequency, which need not be exact, is learnt from the
/// frames' phases themselves. A plain value; the same bits on every machine.
class PhaseReversals {
  public:
    /// A tone of so many turns a sample, reversed every `shortest` to `longest` samples of the line.
    PhaseReversals(double turns_a_sample, SampleCount frame, SampleCount shortest,
                   SampleCount longest) noexcept;

    /// Forgets the tone before. `[audio]`
    void begin() noexcept { state_ = {}; }
    /// Hears the samples of the next frame, which ends at `end`. `[audio]`
    void hear(std::span<const std::int16_t> samples, SampleIndex end) noexcept;

    /// Whether two reversals were as far apart as they should be. `[any]`
    [[nodiscard]] bool repeats() const noexcept { return state_.repeats; }
    /// Whether one was found at all, to which another may still follow. `[any]`
    [[nodiscard]] bool may_repeat(SampleIndex now) const noexcept {
        return state_.last && now - *state_.last <= longest_ + half_;
    }

  private:
    static constexpr std::size_t half_frames = 8;
    static constexpr std::size_t lags = 4; // of 1, 2, 4 and 8 frames

    /// A phase and an amplitude.
    struct Phasor {
        float re = 0.0F;
        float im = 0.0F;
    };
    struct State {
        std::array<Phasor, 2 * half_frames> heard{}; // the last frames, the newest first
        std::array<Phasor, lags> advance{};          // of the phase over each lag, summed up
        std::int32_t frames = 0;
        float lowest = 0.0F; // agreement of the halves, where they are opposed now
        bool told = false;   // that reversal
        bool repeats = false;
        SampleIndex lowest_at = 0;
        std::optional<SampleIndex> last; // reversal
    };

    [[nodiscard]] static Phasor product(Phasor a, Phasor b) noexcept;
    /// The first one's advance over the second.
    [[nodiscard]] static Phasor advance(Phasor a, Phasor b) noexcept;
    [[nodiscard]] static float amplitude(Phasor a) noexcept;
    [[nodiscard]] static Phasor root(Phasor unit, Phasor like) noexcept;
    [[nodiscard]] Phasor phasor(std::span<const std::int16_t> samples) const noexcept;
    [[nodiscard]] float agreement() const noexcept;

    float cosine_; // of the phase's advance in a sample
    float sine_;
    SampleCount half_; // samples of the line
    SampleCount shortest_;
    SampleCount longest_;
    State state_;
};

} // namespace keytone
