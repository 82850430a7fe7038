// SPDX-License-Identifier: MIT
#include "dsp/listener/phase_reversals.hpp"

#include "dsp/arithmetic/turns.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

// Of the halves' agreement, 1 to -1. Through GSM-FR 98 % of the reversals are below, and in 2 s of a tone
// without any, 4 % of the tones are once.
constexpr float most_agreement = -0.25F;
constexpr float past_lowest = 0.2F; // it rises again
constexpr float agreed = 0.1F;      // the next one is another reversal

} // namespace

PhaseReversals::PhaseReversals(double turns_a_sample, SampleCount frame, SampleCount shortest,
                               SampleCount longest) noexcept
    : cosine_(cosine_of_turns(turns_a_sample)),
      sine_(cosine_of_turns(turns_a_sample - 0.25)),
      half_(frame * static_cast<SampleCount>(half_frames)),
      shortest_(shortest),
      longest_(longest) {}

PhaseReversals::Phasor PhaseReversals::product(Phasor a, Phasor b) noexcept {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

PhaseReversals::Phasor PhaseReversals::advance(Phasor a, Phasor b) noexcept {
    return {a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im};
}

float PhaseReversals::amplitude(Phasor a) noexcept {
    return std::sqrt(a.re * a.re + a.im * a.im);
}

/// Half of its phase: of the two, the one that is like the other.
PhaseReversals::Phasor PhaseReversals::root(Phasor unit, Phasor like) noexcept {
    const float re = std::sqrt(std::max(0.5F * (1.0F + unit.re), 0.0F));
    const float im = std::copysign(std::sqrt(std::max(0.5F * (1.0F - unit.re), 0.0F)), unit.im);
    return re * like.re + im * like.im < 0.0F ? Phasor{-re, -im} : Phasor{re, im};
}

/// Goertzel's recursion. The phase is that at the end of the frame.
PhaseReversals::Phasor PhaseReversals::phasor(std::span<const std::int16_t> samples) const noexcept {
    const float twice = 2.0F * cosine_;
    float last = 0.0F;
    float before = 0.0F;
    for (const std::int16_t sample : samples) {
        const float next = static_cast<float>(sample) + twice * last - before;
        before = last;
        last = next;
    }
    return {last - before * cosine_, before * sine_};
}

/// Of the older and the newer half, each frame turned back by what the tone advances, and weighted by its
/// amplitude. Codecs make the phase waver within their own frames: the longest lag tells its advance best,
/// and the shorter ones which of its roots is meant.
float PhaseReversals::agreement() const noexcept {
    const float length = amplitude(state_.advance.back());
    if (length <= 0.0F) {
        return 1.0F;
    }
    const Phasor half{state_.advance.back().re / length, state_.advance.back().im / length};
    Phasor frame = half;
    for (std::size_t i = lags - 1; i > 0; --i) {
        frame = root(frame, state_.advance.at(i - 1));
    }
    float amplitudes = 1.0F;
    const auto sum = [&](std::size_t newest) {
        Phasor all;
        float weight = 0.0F;
        for (std::size_t i = newest + half_frames; i > newest; --i) {
            const Phasor& heard = state_.heard.at(i - 1);
            all = product(all, frame);
            all = {all.re + heard.re, all.im + heard.im};
            weight += amplitude(heard);
        }
        amplitudes *= weight;
        return all;
    };
    const Phasor newer = sum(0);
    const Phasor older = product(sum(half_frames), half);
    return amplitudes > 0.0F ? advance(newer, older).re / amplitudes : 1.0F;
}

void PhaseReversals::hear(std::span<const std::int16_t> samples, SampleIndex end) noexcept {
    State& state = state_;
    std::shift_right(state.heard.begin(), state.heard.end(), 1);
    state.heard.front() = phasor(samples);
    for (std::size_t i = 0; i < lags; ++i) {
        const Phasor turned = advance(state.heard.front(), state.heard.at(std::size_t{1} << i));
        state.advance.at(i) = {state.advance.at(i).re + turned.re, state.advance.at(i).im + turned.im};
    }
    if (++state.frames < static_cast<std::int32_t>(2 * half_frames)) {
        return;
    }
    const float now = agreement();
    if (now < most_agreement && now < state.lowest) {
        state.lowest = now;
        state.lowest_at = end - half_;
    }
    if (state.lowest < 0.0F && !state.told && now > state.lowest + past_lowest) {
        state.told = true;
        const SampleCount since = state.last ? state.lowest_at - *state.last : 0;
        state.repeats = state.repeats || (since >= shortest_ && since <= longest_);
        state.last = state.lowest_at;
    }
    if (now > agreed) {
        state.lowest = 0.0F;
        state.told = false;
    }
}

} // namespace keytone
