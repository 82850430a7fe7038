// SPDX-License-Identifier: MIT
#include "engine/media/agent_mute.hpp"

#include "engine/media/leg_clock.hpp"

#include <algorithm>

namespace keytone {

AgentMute::AgentMute(SampleRate rate) noexcept
    : lead_(rate.samples(lead)), tail_(rate.samples(tail)), fade_length_(rate.samples(fade_length)) {}

SampleIndex AgentMute::range_begin(const ComingTone& coming) const noexcept {
    return std::min(coming.begin, std::max(coming.known_since, coming.begin - lead_));
}

std::optional<AgentMute::Range> AgentMute::update(SampleIndex now,
                                                  const std::optional<ComingTone>& coming) noexcept {
    const bool leads = coming && range_begin(*coming) <= now;
    if (!leads && now >= quiet_until_) {
        return finish(now);
    }
    if (!muted_) {
        muted_ = true;
        took_ = false;
        begin_ = now;
        fall_ = Fade::fall(now, coming ? std::clamp<SampleCount>(coming->begin - now, 0, fade_length_) : 0);
    }
    return std::nullopt;
}

std::optional<AgentMute::Range> AgentMute::finish(SampleIndex now) noexcept {
    if (!muted_) {
        return std::nullopt;
    }
    muted_ = false;
    rise_ = Fade::rise(now, fade_length_);
    return took_ ? std::optional(Range{begin_, now}) : std::nullopt;
}

SampleIndex AgentMute::next_change(SampleIndex now, const std::optional<ComingTone>& coming) const noexcept {
    SampleIndex next = unlimited;
    for (const SampleIndex at : {quiet_until_, coming ? range_begin(*coming) : unlimited}) {
        if (at > now) {
            next = std::min(next, at);
        }
    }
    return next;
}

void AgentMute::apply(std::span<std::int16_t> agent, SampleIndex first) noexcept {
    if (!muted_) {
        rise_.apply(agent, first);
        return;
    }
    took_ = took_ || std::any_of(agent.begin(), agent.end(), [](std::int16_t sample) { return sample != 0; });
    // A rise that was not over when the fall began continues beneath it, so that the gain never jumps.
    rise_.apply(agent, first);
    fall_.apply(agent, first);
}

} // namespace keytone
