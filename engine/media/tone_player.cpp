// SPDX-License-Identifier: MIT
#include "engine/media/tone_player.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace keytone {

SampleIndex first_tone_begin(const DtmfGenerator& generator) noexcept {
    DtmfGenerator::Segment segment;
    const auto first = generator.next_tone(segment);
    return first ? first->begin : 0;
}

TonePlayer::TonePlayer(const DtmfGenerator& generator, SampleIndex start, SampleCount fade,
                       KeyForm form) noexcept
    : generator_(generator),
      start_(start),
      end_(start + generator.length()),
      fade_length_(fade),
      form_(form) {
    generator_.reset();
    generator_.for_each_tone([this](const DtmfGenerator::Tone& tone) { last_tone_end_ = start_ + tone.end; });
    find_tone(0);
}

void TonePlayer::next_tone() noexcept {
    find_tone(static_cast<std::uint16_t>(tone_->index + 1));
}

void TonePlayer::find_tone(std::uint16_t index) noexcept {
    const auto tone = generator_.next_tone(place_);
    tone_ = tone ? std::optional(
                       Tone{tone->key.character(), false, index, start_ + tone->begin, start_ + tone->end})
                 : std::nullopt;
}

void TonePlayer::cut(SampleIndex at) noexcept {
    if (fall_ || at >= end_) {
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

void TonePlayer::send(std::span<std::int16_t> sent, SampleIndex first) noexcept {
    if (tone_ && first >= tone_->begin) {
        generator_.generate(sent);
        if (form_ == KeyForm::events) {
            std::ranges::fill(sent, std::int16_t{0});
        }
        if (fall_) {
            fall_->apply(sent, first);
        }
        return;
    }
    std::array<std::int16_t, 256> silence;
    for (std::size_t left = sent.size(); left > 0;) {
        left -= generator_.generate(std::span(silence).first(std::min(left, silence.size())));
    }
}

} // namespace keytone
