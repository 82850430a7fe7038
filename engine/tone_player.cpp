// SPDX-License-Identifier: MIT
#include "engine/tone_player.hpp"

#include <algorithm>

namespace keytone {

SampleIndex first_tone_begin(const DtmfGenerator& generator) noexcept {
    std::optional<SampleIndex> first;
    generator.for_each_tone([&](const DtmfGenerator::Tone& tone) { first = first.value_or(tone.begin); });
    return first.value_or(0);
}

TonePlayer::TonePlayer(const DtmfGenerator& generator, SampleIndex start, SampleCount fade) noexcept
    : generator_(generator), start_(start), end_(start + generator.length()), fade_length_(fade) {
    generator_.reset();
    generator_.for_each_tone([this](const DtmfGenerator::Tone& tone) { last_tone_end_ = start_ + tone.end; });
    find_tone(0);
}

void TonePlayer::next_tone() noexcept {
    find_tone(static_cast<std::uint16_t>(tone_->index + 1));
}

void TonePlayer::find_tone(std::uint16_t index) noexcept {
    tone_.reset();
    std::uint16_t count = 0;
    generator_.for_each_tone([&](const DtmfGenerator::Tone& tone) {
        if (count == index) {
            tone_ = Tone{tone.key.character(), false, index, start_ + tone.begin, start_ + tone.end};
        }
        ++count;
    });
}

void TonePlayer::cut(SampleIndex at) noexcept {
    if (fall_) {
        return;
    }
    if (!tone_ || at <= tone_->begin) {
        end_ = std::min(end_, at);
        last_tone_end_ = 0;
        return;
    }
    end_ = std::min(tone_->end, at + fade_length_);
    last_tone_end_ = end_;
    fall_ = Fade::fall(at, end_ - at);
    tone_->end = end_;
    tone_->cut = true;
}

void TonePlayer::generate(std::span<std::int16_t> out, SampleIndex first) noexcept {
    generator_.generate(out);
    if (fall_) {
        fall_->apply(out, first);
    }
}

} // namespace keytone
