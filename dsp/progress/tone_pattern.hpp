// SPDX-License-Identifier: MIT
//
// What a tone of a network or a machine is: its frequencies and when they sound. Telephone busy, 425 Hz:
//
//     ████████░░░░░░░░████████░░░░░░░░     steps of 500 ms with 425 Hz and 500 ms of silence, for ever
#pragma once

#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace keytone {

/// What sounds in a step: silence, one frequency, two of the same level, or one whose level another
/// modulates.
struct ToneSound {
    Hertz first{0};            ///< 0: silence.
    Hertz second{0};           ///< 0: there is none.
    Hertz modulation{0};       ///< Modulates the level of `first`; 0: nothing does.
    double modulation_depth{}; ///< 0 to 1: the level's amplitude goes from 1 - depth to 1 + depth.
    bool reversed = false;     ///< With the opposite phase.

    friend constexpr bool operator==(const ToneSound&, const ToneSound&) = default;
};

/// One frequency.
constexpr ToneSound single(double hertz) {
    return {.first = Hertz{hertz}};
}
/// Two frequencies.
constexpr ToneSound pair(double first, double second) {
    return {.first = Hertz{first}, .second = Hertz{second}};
}
/// A frequency modulated by another, by all of its level.
constexpr ToneSound modulated(double hertz, double by) {
    return {.first = Hertz{hertz}, .modulation = Hertz{by}, .modulation_depth = 0.9};
}

/// A part of a pattern.
struct ToneStep {
    ToneSound sound;
    Milliseconds length{0}; ///< 0: for ever. Only the last step may be.
};

/// Steps one after another; after the last one, from `repeats_from` on again.
class TonePattern {
  public:
    static constexpr std::size_t max_steps = 10;

    /// No tone at all.
    constexpr TonePattern() = default;
    /// More than `max_steps` are cut off.
    constexpr TonePattern(std::initializer_list<ToneStep> steps, std::size_t repeats_from = 0)
        : repeats_from_(static_cast<std::uint8_t>(repeats_from)) {
        for (const ToneStep& step : steps) {
            add(step);
        }
    }
    constexpr void add(const ToneStep& step) {
        if (size_ < max_steps) {
            steps_.at(size_++) = step;
        }
    }
    /// From the step after those so far on, the pattern repeats.
    constexpr void repeat_from_here() { repeats_from_ = size_; }

    [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
    [[nodiscard]] constexpr std::span<const ToneStep> steps() const { return {steps_.data(), size_}; }
    [[nodiscard]] constexpr std::size_t repeats_from() const { return repeats_from_; }
    /// Whether it sounds for ever once it has begun to.
    [[nodiscard]] constexpr bool ends_for_ever() const {
        return size_ > 0 && steps_.at(size_ - 1U).length.value == 0.0;
    }
    /// Steps follow each other without a click: frequencies are shifted, as by a modem.
    [[nodiscard]] constexpr bool keeps_phase() const { return keeps_phase_; }
    constexpr void keep_phase() { keeps_phase_ = true; }

  private:
    std::array<ToneStep, max_steps> steps_{};
    std::uint8_t size_ = 0;
    std::uint8_t repeats_from_ = 0;
    bool keeps_phase_ = false;
};

/// Sounds without a pause.
constexpr TonePattern continuous(ToneSound sound) {
    return {{sound, Milliseconds{0}}};
}
/// Sounds and is silent in turn, by these milliseconds.
constexpr TonePattern cadence(ToneSound sound, std::initializer_list<double> on_off) {
    TonePattern pattern;
    bool on = true;
    for (const double milliseconds : on_off) {
        pattern.add({on ? sound : ToneSound{}, Milliseconds{milliseconds}});
        on = !on;
    }
    return pattern;
}
/// Sounds in three bursts, with pauses as long as they are, and then without a pause.
constexpr TonePattern stutter(ToneSound sound, double burst) {
    TonePattern pattern = cadence(sound, {burst, burst, burst, burst, burst, burst});
    pattern.repeat_from_here();
    pattern.add({sound, Milliseconds{0}});
    return pattern;
}

} // namespace keytone
