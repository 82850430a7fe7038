// SPDX-License-Identifier: MIT
#include "engine/media/running_op.hpp"

#include "engine/media/leg_clock.hpp"
#include "engine/media/mixer.hpp"

namespace keytone {

namespace {

// Plays what is sent while a gate waits, in a loop from `begin` on.
void play_hold(const Gate& gate, SampleIndex begin, std::span<std::int16_t> sent, SampleIndex now) noexcept {
    if (gate.hold == nullptr || gate.hold->samples.empty()) {
        return;
    }
    const std::span<const std::int16_t> sound(gate.hold->samples);
    auto at = static_cast<std::size_t>((now - begin) % static_cast<SampleCount>(sound.size()));
    while (!sent.empty()) {
        const std::size_t count = std::min(sent.size(), sound.size() - at);
        mix_into(sent.first(count), sound.subspan(at, count));
        sent = sent.subspan(count);
        at = 0;
    }
}

} // namespace

SampleIndex RunningOp::end() const noexcept {
    if (const auto* const prompt = std::get_if<PromptPlayer>(&what_)) {
        return prompt->end();
    }
    if (const TonePlayer* const player = tones()) {
        return player->end();
    }
    const auto* const wait = std::get_if<RunningWait>(&what_);
    return wait != nullptr ? wait->end : unlimited;
}

SampleIndex RunningOp::next_change(SampleIndex now) const noexcept {
    SampleIndex next = unlimited;
    const auto at = [&](SampleIndex change) { next = change > now ? std::min(next, change) : next; };
    at(end());
    if (const TonePlayer* const player = tones(); player != nullptr && player->tone()) {
        at(player->tone()->begin);
        at(player->tone()->end);
    }
    if (const GateWatch* const watch = gate(); watch != nullptr) {
        at(watch->next_change());
        at(watch->opens_from());
    }
    return next;
}

SampleCount RunningOp::lost() const noexcept {
    if (const auto* const prompt = std::get_if<PromptPlayer>(&what_)) {
        return prompt->lost();
    }
    const TonePlayer* const player = tones();
    return player != nullptr ? player->lost() : 0;
}

bool RunningOp::will_fail() const noexcept {
    const auto* prompt = std::get_if<PromptPlayer>(&what_);
    return prompt != nullptr && prompt->too_long();
}

MediaReport::Kind RunningOp::outcome() const noexcept {
    return is_cut_       ? MediaReport::Kind::op_cancelled
           : will_fail() ? MediaReport::Kind::op_failed
                         : MediaReport::Kind::op_completed;
}

bool RunningOp::has_expired(SampleIndex speech_until) const noexcept {
    const auto* wait = std::get_if<RunningWait>(&what_);
    return wait != nullptr && wait->after_speech && wait->end == speech_until;
}

RunningOp::Cut RunningOp::cut(SampleIndex now, CutScope scope) noexcept {
    const bool everything = scope == CutScope::everything;
    if (auto* prompt = std::get_if<PromptPlayer>(&what_)) {
        prompt->cut(now);
        is_cut_ = true;
        return Cut::falls;
    }
    if (auto* player = tones()) {
        if (!everything) {
            return Cut::untouched;
        }
        player->cut(now);
        is_cut_ = true;
        return Cut::falls;
    }
    const bool waits_for_speech = gate() != nullptr && gate()->gate().cue == CueKind::drained;
    return everything || waits_for_speech ? Cut::ends : Cut::untouched;
}

void RunningOp::set_speech(SampleIndex now, SampleIndex until, bool played) noexcept {
    auto* wait = std::get_if<RunningWait>(&what_);
    if (wait == nullptr || !wait->after_speech) {
        return;
    }
    if (until > now) {
        wait->end = until;
    } else if (played) {
        wait->end = later_by(now, *wait->after_speech);
    }
}

void RunningOp::send(std::span<std::int16_t> sent, SampleIndex now) noexcept {
    if (const auto* const prompt = std::get_if<PromptPlayer>(&what_)) {
        prompt->add_to(sent, now);
    } else if (TonePlayer* const player = tones()) {
        player->send(sent, now);
    } else if (const GateWatch* const watch = gate()) {
        play_hold(watch->gate(), begin_, sent, now);
    }
}

} // namespace keytone
