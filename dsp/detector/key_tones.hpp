// SPDX-License-Identifier: MIT
//
// Predicts a key's two tones in the next sub-block: as loud as they were, and their phases turned on. The
// comparison tells how much of them a sub-block holds, and whether something is strange.
#pragma once

#include "dsp/detector/tone_pair.hpp"
#include "dsp/detector/tone_tracker.hpp"

#include <array>
#include <complex>
#include <cstdint>

namespace keytone {

/// Knows the tones of a key that sounds. A plain value.
class KeyTones {
  public:
    using Both = std::array<float, 2>;
    struct Shares {
        Both all;
        Both audible; ///< 0 for a tone that is too weak for a key.
    };

    /// A tone whose mean square is below `least_power` belongs to no key.
    explicit KeyTones(float least_power) : least_power_(least_power) {}

    /// These tones sound, in noise of this mean square. `[audio]`
    void begin(const TonePair& pair, const std::array<double, 2>& power, float noise) noexcept;
    /// Sets the level of the tones, as mean squares. `[audio]`
    void set_level(const std::array<double, 2>& power) noexcept;
    /// Follows their level, by what the last sub-block holds of them. `[audio]`
    void follow_level(const Both& share) noexcept;
    /// Forgets the phases: the last sub-block says nothing about the next one's. `[audio]`
    void forget_phase() noexcept { set_phasor({}); }
    /// Whether something is strange in the last sub-block, from which the next one's phases follow. `[audio]`
    [[nodiscard]] bool is_strange(const HeardTones& heard) noexcept;

    /// How much of the tones sub-block `index` holds, in which `heard` was measured: energy without the
    /// noise, over what it would be if they filled it. Each tone leaks into the other's filter, at times more
    /// and at times less; so whether one is too weak for a key is decided by the sub-block before as well.
    /// `[audio]`
    [[nodiscard]] Shares shares(const ToneTracker& tracker, std::int64_t index,
                                const HeardTones& heard) const noexcept;
    /// Whether a sub-block holds them, at any level at which a key goes on. `[audio]`
    [[nodiscard]] bool are_in(const HeardTones& heard) const noexcept;
    /// Whether a sub-block of this energy is too weak for that, whatever it holds. `[audio]`
    [[nodiscard]] bool cannot_be_in(float energy) const noexcept;
    /// Whether a sub-block of this energy that holds no tones is neither strange nor a part of the key.
    /// `[audio]`
    [[nodiscard]] bool is_nothing(float energy) const noexcept;
    /// Whether one of them no longer sounds in the last sub-blocks, whatever its filter says. `[audio]`
    [[nodiscard]] bool have_gone_astray(const ToneTracker& tracker) const noexcept;

    /// Whether a sub-block that FollowedTones fill is taken by the tracker at once. `[audio]`
    [[nodiscard]] simd::FollowedTones& followed() noexcept { return followed_; }

    [[nodiscard]] const TonePair& pair() const noexcept { return pair_; }
    /// Mean square of the noise when the key began. `[any]`
    [[nodiscard]] float noise() const noexcept { return followed_.noise; }
    [[nodiscard]] float least_power() const noexcept { return least_power_; }
    /// Energy of both in their filters over a sub-block that they fill. `[any]`
    [[nodiscard]] float energy() const noexcept {
        return followed_.full_energy[0] + followed_.full_energy[1];
    }
    /// The same at their loudest. `[any]`
    [[nodiscard]] float most_energy() const noexcept { return followed_.most_energy; }

  private:
    /// Whether other sound of this energy is far stronger than they are.
    [[nodiscard]] bool drowns(float residual) const noexcept;
    void set_phasor(const std::array<std::complex<float>, 2>& phasor) noexcept;

    simd::FollowedTones followed_{};
    TonePair pair_{};
    float least_power_;
};

} // namespace keytone
