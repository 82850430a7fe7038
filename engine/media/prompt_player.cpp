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
    const auto playing = samples_.subspan(static_cast<std::size_t>(first - start_), sent.size());
    const SampleIndex end = first + std::ssize(sent);
    if (!falls_ || end <= fall_.begin()) {
        mix_into(sent, playing);
        return;
    }
    std::array<std::int16_t, 256> part;
    for (std::size_t done = 0; done < sent.size(); done += part.size()) {
        const auto faded = std::span(part).first(std::min(sent.size() - done, part.size()));
        std::ranges::copy(playing.subspan(done, faded.size()), faded.begin());
        fall_.apply(faded, first + static_cast<SampleIndex>(done));
        mix_into(sent.subspan(done, faded.size()), faded);
    }
}

} // namespace keytone
