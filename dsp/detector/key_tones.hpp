// SPDX-License-Identifier: MIT
//
// What a key's two tones should be in the next sub-block: as loud as they were, and their phases turned on.
// By that it tells what a sub-block holds of them, and what is strange of it.
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
        Both audible; ///< Nothing of a tone that is too weak for a key.
    };

    /// A tone of less than `least_power`, a mean square, belongs to no key.
    explicit KeyTones(float least_power) : least_power_(least_power) {}

    /// These tones sound, over so much noise. `[audio]`
    void begin(const TonePair& pair, const std::array<double, 2>& power, float noise) noexcept;
    /// From now on this is their level. `[audio]`
    void set_level(const std::array<double, 2>& power) noexcept;
    /// Follows their level, by all that the last sub-block holds of them. `[audio]`
    void follow_level(const Both& share) noexcept;
    /// The last sub-block is one that tells nothing of the next one's phases. `[audio]`
    void forget_phase() noexcept { phasor_ = {}; }
    /// Whether something is strange of the last sub-block; the next one's phases follow from it. `[audio]`
    [[nodiscard]] bool is_strange(const HeardTones& heard) noexcept;

    /// What sub-block `index`, of which this was heard, holds of them, noise taken off, over what it would if
    /// they filled it. Each tone leaks into the other's filter, in turn more and less: whether one is too
    /// weak for a key, the sub-block before has a say in. `[audio]`
    [[nodiscard]] Shares shares(const ToneTracker& tracker, std::int64_t index,
                                const HeardTones& heard) const noexcept;
    /// Whether a sub-block holds them, at whatever level ends no key. `[audio]`
    [[nodiscard]] bool are_in(const HeardTones& heard) const noexcept;
    /// Whether one of them no longer sounds in the last sub-blocks, whatever its filter hears. `[audio]`
    [[nodiscard]] bool have_gone_astray(const ToneTracker& tracker) const noexcept;

    [[nodiscard]] const TonePair& pair() const noexcept { return pair_; }
    /// Of the noise as the key began; a mean square. `[any]`
    [[nodiscard]] float noise() const noexcept { return noise_; }
    [[nodiscard]] float least_power() const noexcept { return least_power_; }
    /// Energy of both that their filters hold of a sub-block that they fill. `[any]`
    [[nodiscard]] float energy() const noexcept { return full_energy_[0] + full_energy_[1]; }
    /// The same at their loudest. `[any]`
    [[nodiscard]] float most_energy() const noexcept { return most_energy_; }

  private:
    TonePair pair_{};
    Both full_energy_{};                          // that its filters hold of a sub-block that it fills
    Both least_energy_{};                         // the same at the level that ends a key
    float most_energy_ = 0.0F;                    // of both
    float noise_ = 0.0F;                          // mean square, as the key began
    std::array<std::complex<float>, 2> turn_{};   // of each tone over a sub-block
    std::array<std::complex<float>, 2> phasor_{}; // of the last sub-block
    float least_power_;
};

} // namespace keytone
