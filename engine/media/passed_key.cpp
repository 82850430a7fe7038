// SPDX-License-Identifier: MIT
#include "engine/media/passed_key.hpp"

#include "dsp/dtmf_generator.hpp"
#include "dsp/levels.hpp"

#include <algorithm>
#include <utility>

namespace keytone {

namespace {

/// A tone that every receiver takes for a key, and the pause before the next: ITU-T Q.24.
constexpr Milliseconds shortest_tone{60}; // its edges included
constexpr Milliseconds shortest_pause{50};

KeySines sines_of(Key key, SampleRate rate) noexcept {
    const DtmfTone usual;
    return {key, rate, static_cast<float>(sine_peak(usual.low_level)),
            static_cast<float>(sine_peak(usual.high_level))};
}

} // namespace

void PassedKey::begin(Key key, SampleIndex next, KeyForm form, KeyEvents& events) noexcept {
    if (since_) {
        return;
    }
    since_ = std::max(next, until_);
    if (form == KeyForm::events) {
        tone_.reset();
        events.press(key, *since_, *since_ + TelephoneKey::longest);
    } else {
        tone_ = Tone{sines_of(key, rate_), *since_, Fade::rise(*since_, fade_), std::nullopt};
    }
}

void PassedKey::end(SampleCount duration, SampleIndex next, KeyEvents& events) noexcept {
    if (!since_) {
        return;
    }
    const SampleIndex begin = *std::exchange(since_, std::nullopt);
    until_ = begin + std::max<SampleCount>(duration, 1);
    if (tone_) {
        fall(std::max(begin + std::max(duration, rate_.samples(shortest_tone)) - fade_, next));
    } else {
        events.cut(until_);
    }
}

void PassedKey::part(SampleIndex next) noexcept {
    if (tone_ && !tone_->fall) {
        since_.reset();
        fall(next);
    }
}

void PassedKey::fall(SampleIndex at) noexcept {
    tone_->fall = Fade::fall(at, fade_);
    until_ = tone_->fall->end() + rate_.samples(shortest_pause);
}

void PassedKey::send(std::span<std::int16_t> sent, SampleIndex first) const noexcept {
    if (!tone_) {
        return;
    }
    const SampleIndex end = first + std::ssize(sent);
    const SampleIndex from = std::clamp(tone_->begin, first, end);
    const SampleIndex until = tone_->fall ? std::clamp(tone_->fall->end(), from, end) : end;
    const auto sounds =
        sent.subspan(static_cast<std::size_t>(from - first), static_cast<std::size_t>(until - from));
    tone_->sines.generate(from - tone_->begin, sounds);
    tone_->rise.apply(sounds, from);
    if (tone_->fall) {
        tone_->fall->apply(sounds, from);
    }
}

} // namespace keytone
