// SPDX-License-Identifier: MIT
#include "engine/media/prompt_player.hpp"

#include "engine/media/mixer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace keytone {

PromptPlayer::PromptPlayer(const PlayPrompt& prompt, SampleIndex start, SampleCount fade) noexcept
    : samples_(prompt.samples),
      start_(start),
      end_(start + std::clamp<SampleCount>(prompt.max_length, 0, std::ssize(samples_))),
      fade_length_(fade),
      too_long_(std::ssize(samples_) > prompt.max_length),
      falls_(too_long_) {
    if (too_long_) {
        const SampleIndex fall_begin = std::max(start_, end_ - fade);
        fall_ = Fade::fall(fall_begin, end_ - fall_begin);
    }
}

void PromptPlayer::cut(SampleIndex at) noexcept {
    if (falls_ && at >= fall_.begin()) {
        return;
    }
    end_ = at > start_ ? std::min(end_, at + fade_length_) : start_;
    fall_ = Fade::fall(at, end_ - at);
    falls_ = true;
}

void PromptPlayer::add_to(std::span<std::int16_t> sent, SampleIndex first) const noexcept {
    std::array<std::int16_t, 256> part;
    while (!sent.empty()) {
        const std::size_t count = std::min(sent.size(), part.size());
        const auto playing = std::span(part).first(count);
        std::copy_n(samples_.begin() + (first - start_), count, playing.begin());
        if (falls_ && first + std::ssize(playing) > fall_.begin()) {
            fall_.apply(playing, first);
        }
        mix_into(sent.first(count), playing);
        sent = sent.subspan(count);
        first += static_cast<SampleCount>(count);
    }
}

} // namespace keytone
