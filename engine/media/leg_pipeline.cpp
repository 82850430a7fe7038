// SPDX-License-Identifier: MIT
#include "engine/media/leg_pipeline.hpp"

#include <algorithm>
#include <array>

namespace keytone {

namespace {

// One frame, 10 ms, at the highest rate.
constexpr std::size_t max_part = static_cast<std::size_t>(offered_rates_hz.back()) / 100;

} // namespace

LegPipeline::LegPipeline(const Config& config, ReportOutbox& outbox, CallBridge& bridge)
    : leg_(config.leg),
      rate_(config.rate),
      outbox_(outbox),
      bridge_(bridge),
      suppressor_(config.suppresses_keys ? std::make_unique<DtmfSuppressor>(rate_) : nullptr),
      hearing_(leg_, rate_, config.limits, outbox, config.call),
      key_form_(config.keys),
      fade_length_(rate_.samples(fade_length)),
      mute_(rate_),
      ops_(config.op_capacity),
      cues_(config.cue_capacity),
      passed_key_(rate_, fade_length_),
      key_events_(config.rate),
      still_before_(suppressor_ ? suppressor_->delay() : 0) {}

void LegPipeline::start_at(SampleIndex position) noexcept {
    position_ = position;
    first_heard_ = position;
    hearing_.start_at(position);
    bridge_.start_at(leg_, position);
}

void LegPipeline::process(std::span<const std::int16_t> heard, std::span<std::int16_t> sent,
                          Upcoming<LegPipeline> upcoming) noexcept {
    if (upcoming.later != nullptr) {
        prefetch_early(upcoming.later, upcoming.later->hearing_.front_end());
    }
    const std::uint32_t pushes = pushes_.load(std::memory_order_acquire);
    idle_ = idle_ && pushes == taken_in_;
    if (!idle_) {
        taken_in_ = pushes;
        take_in();
    }
    while (!sent.empty()) {
        if (!idle_) {
            settle();
        }
        const SampleIndex next = idle_ ? bridge_.next_change(leg_, position_) : next_event();
        const auto left = static_cast<SampleCount>(sent.size());
        const auto count = static_cast<std::size_t>(std::clamp<SampleCount>(next - position_, 1, left));
        const auto arrived = heard.first(std::min(count, heard.size()));
        hear(arrived, count - arrived.size(), upcoming.later);
        if (upcoming.soon != nullptr) {
            upcoming.soon->prefetch_rest();
        }
        upcoming = {};
        send(sent.first(count));
        position_ += static_cast<SampleCount>(count);
        heard = heard.subspan(arrived.size());
        sent = sent.subspan(count);
    }
    if (!idle_) {
        // What ended here is reported at once; everything else waits for cues that may still come for this
        // sample.
        complete_what_ended();
        idle_ = is_idle();
    }
}

/// What was pushed by now, and nothing more before the next call.
void LegPipeline::take_in() noexcept {
    ops_.take_in();
    cues_arrived_ = cues_.size();
}

bool LegPipeline::is_idle() const noexcept {
    return !running_ && !hung_up_ && ops_.is_empty() && cues_arrived_ == 0 && scheduler_.is_empty() &&
           mute_.is_over(position_) && passed_key_.is_over(position_);
}

/// Fetches what the next block touches besides what every block does.
void LegPipeline::prefetch_rest() const noexcept {
    bridge_.prefetch(leg_, position_);
    hearing_.prefetch_rest();
    if (!idle_) {
        prefetch_early(&key_form_, &scheduler_.front() + 1);
    }
}

void LegPipeline::hear_key_event(const KeyReport& event) noexcept {
    if (!hung_up_) {
        hearing_.hear_event(event, [this](KeyReport::Kind kind, SampleIndex at) { heard_event(kind, at); });
    }
}

void LegPipeline::pass_on(const KeyReport& event) noexcept {
    idle_ = false;
    sends_events_ = true;
    if (event.kind == KeyReport::Kind::end) {
        passed_key_.end(event.duration, position_, key_events_);
    } else if (!hung_up_ && bridge_.connected(leg_, position_)) {
        passed_key_.begin(event.key, position_, key_form_, key_events_);
    }
}

void LegPipeline::hear(std::span<const std::int16_t> heard, std::size_t lost,
                       const LegPipeline* later) noexcept {
    const LegHearing* const heard_later = later != nullptr ? &later->hearing_ : nullptr;
    if (hung_up_) {
        return LegHearing::prefetch(heard_later);
    }
    const auto on_line = [this](const LineEvent& event) { heard_on_line(event); };
    const auto on_event = [this](KeyReport::Kind kind, SampleIndex at) { heard_event(kind, at); };
    hearing_.hear(
        heard, on_line, on_event, [this](std::span<const std::int16_t> part) { pass_to_bridge(part); },
        heard_later);
    const auto missing = static_cast<SampleCount>(lost);
    if (missing > 0) {
        hearing_.hear_lost(missing, on_line, on_event);
        pass_loss_to_bridge(missing);
    }
}

void LegPipeline::pass_to_bridge(std::span<const std::int16_t> heard) noexcept {
    if (suppressor_ == nullptr) {
        bridge_.hear(leg_, heard);
    } else {
        suppress_keys(heard);
    }
}

void LegPipeline::suppress_keys(std::span<const std::int16_t> heard) noexcept {
    std::array<std::int16_t, max_part> out; // NOLINT(*-member-init): written before it is read
    while (!heard.empty()) {
        const auto part = std::span(out).first(std::min(heard.size(), out.size()));
        suppressor_->process(heard.first(part.size()), part);
        pass_without_keys(part);
        heard = heard.subspan(part.size());
    }
}

void LegPipeline::pass_loss_to_bridge(SampleCount count) noexcept {
    if (suppressor_ == nullptr) {
        return bridge_.hear_lost(leg_, count);
    }
    std::array<std::int16_t, max_part> out; // NOLINT(*-member-init): written before it is read
    while (count > 0) {
        const auto part = std::span(out).first(static_cast<std::size_t>(std::min(count, std::ssize(out))));
        suppressor_->process_lost(part);
        pass_without_keys(part);
        count -= std::ssize(part);
    }
}

/// The bridge's first sample is the leg's.
void LegPipeline::pass_without_keys(std::span<const std::int16_t> heard) noexcept {
    const SampleCount before = std::min(still_before_, std::ssize(heard));
    still_before_ -= before;
    bridge_.hear(leg_, heard.subspan(static_cast<std::size_t>(before)));
}

/// What sounds beside a telephone event is not for the other leg either.
void LegPipeline::heard_event(KeyReport::Kind kind, SampleIndex at) noexcept {
    if (suppressor_ == nullptr) {
        return;
    }
    suppressor_->end_event(at - first_heard_);
    if (kind == KeyReport::Kind::begin) {
        suppressor_->suppress(at - first_heard_, KeySpan::open);
    }
}

/// What the line does opens gates that listen for it, and withdraws what the host reported about the line
/// before.
void LegPipeline::heard_on_line(const LineEvent& event) noexcept {
    const auto say = [this](MediaCue::Kind kind, CueKind what) {
        GateWatch* const gate = waiting_gate();
        if (gate != nullptr && gate->gate().listen && gate->gate().cue == what) {
            gate->give(kind, position_);
        }
        if (kind == MediaCue::Kind::withdraw) {
            memory_.remember({.kind = kind, .cue = what, .before = {}, .at = position_});
        }
    };
    switch (event.kind) {
    case LineEvent::Kind::sound_began:
        say(MediaCue::Kind::withdraw, CueKind::prompt_end);
        say(MediaCue::Kind::withdraw, CueKind::silence);
        break;
    case LineEvent::Kind::sound_ended:
        say(MediaCue::Kind::withdraw, CueKind::dial_tone);
        break;
    case LineEvent::Kind::dial_tone: // A state: is_so().
        break;
    case LineEvent::Kind::beep_ended:
        say(MediaCue::Kind::pass, CueKind::beep);
        break;
    }
}

void LegPipeline::send(std::span<std::int16_t> sent) noexcept {
    if (hung_up_) {
        std::fill(sent.begin(), sent.end(), std::int16_t{0});
        return;
    }
    const bool connected = bridge_.connected(leg_, position_);
    if (connected) {
        bridge_.send(leg_, position_, sent);
    }
    if (idle_) {
        return;
    }
    if (!connected) {
        passed_key_.part(position_);
    }
    passed_key_.send(sent, position_);
    mute_.apply(sent, position_);
    if (!running_) {
        return;
    }
    if (const TonePlayer* const tones = running_->tones()) {
        press_key_event(*tones);
    }
    running_->send(sent, position_);
}

/// Starts the telephone events of a tone that begins here.
void LegPipeline::press_key_event(const TonePlayer& tones) noexcept {
    const auto& tone = tones.tone();
    if (tones.form() == KeyForm::events && tone && tone->begin == position_) {
        pressed_at_ = position_;
        sends_events_ = true;
        key_events_.press(*Key::from_character(tone->digit), tone->begin, tone->end);
    }
}

} // namespace keytone
