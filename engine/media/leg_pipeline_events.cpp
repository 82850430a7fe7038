// SPDX-License-Identifier: MIT
//
// What happens at one sample of a leg: ops end and begin, cues apply, gates open.
#include "engine/media/leg_clock.hpp"
#include "engine/media/leg_pipeline.hpp"

#include <algorithm>
#include <utility>

namespace keytone {

void LegPipeline::settle() noexcept {
    complete_what_ended();
    apply_due_cues();
    do {
        complete_what_ended();
        settle_gate();
    } while (start_next());
    mute_agent();
}

void LegPipeline::complete_what_ended() noexcept {
    if (!running_) {
        return;
    }
    report_tones();
    if (running_->end() > position_) {
        return;
    }
    const MediaReport::Kind outcome = running_->outcome();
    if (outcome == MediaReport::Kind::op_completed) {
        end_running(outcome, 0, running_->has_expired(speech_until_));
    } else {
        end_running(outcome, running_->lost());
    }
}

void LegPipeline::report_tones() noexcept {
    TonePlayer* const tones = running_->tones();
    while (tones != nullptr && tones->tone() && tones->tone()->end <= position_) {
        const TonePlayer::Tone& tone = *tones->tone();
        outbox_.put({.kind = MediaReport::Kind::tone_sent,
                     .leg = leg_,
                     .digit = tone.digit,
                     .cut = tone.cut,
                     .index = tone.index,
                     .key = running_->key(),
                     .begin = tone.begin,
                     .end = tone.end});
        quiet_until_ = later_by(tone.end, running_->gap());
        last_tone_end_ = tone.end;
        mute_.tone_ended(tone.end);
        tones->next_tone();
    }
}

void LegPipeline::apply_due_cues() noexcept {
    while (true) {
        for (MediaCue cue; !scheduler_.full() && cues_arrived_ > 0 && cues_.try_pop(cue); --cues_arrived_) {
            scheduler_.add(cue);
        }
        const auto due = scheduler_.pop_due(position_);
        if (!due) {
            return;
        }
        apply(*due);
    }
}

void LegPipeline::apply(const MediaCue& cue) noexcept {
    switch (cue.kind) {
    case MediaCue::Kind::pass:
    case MediaCue::Kind::refuse:
    case MediaCue::Kind::withdraw: {
        GateWatch* const gate = waiting_gate();
        const bool awaited = gate != nullptr && gate->gate().cue == cue.cue;
        if (awaited) {
            give(*gate, cue.kind, cue.by, position_);
        }
        if (!awaited || is_state(cue.cue)) {
            memory_.remember(cue);
        }
        break;
    }
    case MediaCue::Kind::cut:
        cut(cue.before, CutScope::everything);
        break;
    case MediaCue::Kind::cut_speech:
        cut(cue.before, CutScope::speech);
        break;
    case MediaCue::Kind::leave:
        bridge_.part(leg_, position_);
        break;
    case MediaCue::Kind::speech_plays:
        set_speech(std::max(speech_until_, cue.until));
        break;
    case MediaCue::Kind::speech_over:
        set_speech(0);
        break;
    case MediaCue::Kind::attend:
        hearing_.attend(cue.cue == CueKind::answered_by, position_);
        break;
    }
}

void LegPipeline::give(GateWatch& gate, MediaCue::Kind given, AnsweredBy by, SampleIndex at) const noexcept {
    const auto& wanted = gate.gate().by;
    if (given == MediaCue::Kind::pass && wanted && *wanted != by) {
        gate.give_up();
    } else {
        gate.give(given, at);
    }
}

void LegPipeline::set_speech(SampleIndex until) noexcept {
    const bool played = speech_until_ > position_;
    speech_until_ = until;
    if (running_) {
        running_->set_speech(position_, until, played);
    }
}

void LegPipeline::cut(OpKey before, CutScope scope) noexcept {
    if (running_ && running_->key() < before) {
        const TonePlayer* const tones = running_->tones();
        switch (running_->cut(position_, scope)) {
        case RunningOp::Cut::untouched:
            break;
        case RunningOp::Cut::falls:
            if (tones != nullptr && tones->tone() && tones->tone()->begin == pressed_at_) {
                key_events_.cut(tones->tone()->end);
            }
            break;
        case RunningOp::Cut::ends:
            end_running(MediaReport::Kind::op_cancelled);
            break;
        }
    }
    ops_.cut(before, scope);
    complete_what_ended();
    take_front();
}

void LegPipeline::settle_gate() noexcept {
    GateWatch* const gate = waiting_gate();
    if (gate == nullptr) {
        return;
    }
    gate->set_heard(hearing_.is_so(gate->gate(), last_tone_end_, position_));
    if (gate->gate().listen && hearing_.is_otherwise(gate->gate())) {
        gate->give_up();
    }
    const bool fails = gate->gate().fail_on_expiry;
    switch (gate->state(position_)) {
    case GateWatch::State::waits:
        break;
    case GateWatch::State::passed:
        end_running(MediaReport::Kind::op_completed);
        break;
    case GateWatch::State::refused:
        end_running(MediaReport::Kind::op_failed, 0, false, true);
        break;
    case GateWatch::State::expired:
        end_running(fails ? MediaReport::Kind::op_failed : MediaReport::Kind::op_completed, 0, !fails);
        break;
    }
}

bool LegPipeline::start_next() noexcept {
    take_front();
    const std::optional<MediaOp>& front = ops_.front();
    if (running_ || !front) {
        return false;
    }
    if (fails_with_its_action(*front)) {
        report_unstarted(*front);
    } else if (earliest_start(*front) <= position_) {
        start(*front);
    } else {
        return false;
    }
    ops_.pop();
    take_front();
    return true;
}

void LegPipeline::start(const MediaOp& op) noexcept {
    outbox_.put({.kind = MediaReport::Kind::op_started,
                 .leg = leg_,
                 .key = op.key,
                 .begin = position_,
                 .end = position_});
    const auto run = [&](RunningOp::What what) { running_.emplace(op, position_, std::move(what)); };
    if (const auto* prompt = std::get_if<PlayPrompt>(&op.what)) {
        run(PromptPlayer(*prompt, position_, fade_length_));
    } else if (const auto* tones = std::get_if<SendTones>(&op.what)) {
        run(TonePlayer(*tones->generator, position_, fade_length_, key_form_));
    } else if (const auto* wait = std::get_if<Wait>(&op.what)) {
        const bool speaks = wait->after_speech && speech_until_ > position_;
        run(RunningWait{speaks ? speech_until_ : later_by(position_, wait->length),
                        wait->after_speech ? std::optional(wait->length) : std::nullopt});
    } else if (const auto* gate = std::get_if<Gate>(&op.what)) {
        GateWatch watch(*gate, position_);
        // Our own keys change what the line does, but not who is there.
        const SampleIndex since = gate->cue == CueKind::answered_by ? gate->heard_since
                                  : is_state(gate->cue) ? std::max(gate->heard_since, last_tone_end_)
                                                        : op.known_since;
        if (const auto given = memory_.take(gate->cue, since)) {
            give(watch, given->given, given->by, given->at);
        }
        hearing_.gate_began(*gate, position_);
        run(watch);
    } else {
        run(RunningWait{position_, std::nullopt});
        if (std::holds_alternative<Bridge>(op.what)) {
            bridge_.connect(leg_, position_);
            hearing_.disregard();
            outbox_.put({.kind = MediaReport::Kind::bridged,
                         .leg = leg_,
                         .key = op.key,
                         .begin = position_,
                         .end = position_});
        } else {
            hang_up();
        }
    }
}

void LegPipeline::hang_up() noexcept {
    hung_up_ = true;
    ops_.close();
    bridge_.part(leg_, position_);
    hearing_.finish();
    report_masked(mute_.finish(position_));
}

void LegPipeline::mute_agent() noexcept {
    if (!hung_up_) {
        report_masked(mute_.update(position_, coming_tone()));
    }
}

// ---- What is known of later samples

void LegPipeline::take_front() noexcept {
    const std::optional<OpKey> before = ops_.front() ? std::optional(ops_.front()->key) : std::nullopt;
    const auto& front = ops_.front([this](const MediaOp& op) { report_unstarted(op); });
    if (!front || front->key == before) {
        return;
    }
    if (const auto* tones = std::get_if<SendTones>(&front->what)) {
        front_tone_begin_ = first_tone_begin(*tones->generator);
    }
}

bool LegPipeline::fails_with_its_action(const MediaOp& op) const noexcept {
    return failed_action_ != 0 && op.key.action == failed_action_;
}

/// The earliest start of `op`, provided that nothing is running.
SampleIndex LegPipeline::earliest_start(const MediaOp& op) const noexcept {
    const bool sounds =
        std::holds_alternative<PlayPrompt>(op.what) || std::holds_alternative<SendTones>(op.what);
    const SampleIndex speech_end = std::holds_alternative<Bridge>(op.what) ? speech_until_ : 0;
    return std::max(sounds ? std::max(op.not_before, quiet_until_) : op.not_before, speech_end);
}

std::optional<AgentMute::ComingTone> LegPipeline::coming_tone() const noexcept {
    const TonePlayer* const tones = running_ ? running_->tones() : nullptr;
    if (tones != nullptr && tones->tone() && tones->tone()->begin < tones->end()) {
        return AgentMute::ComingTone{tones->tone()->begin, running_->known_since()};
    }
    const std::optional<MediaOp>& front = ops_.front();
    if (!front || !std::holds_alternative<SendTones>(front->what) || fails_with_its_action(*front)) {
        return std::nullopt;
    }
    if (running_ && running_->will_fail() && front->key.action == running_->key().action) {
        return std::nullopt;
    }
    SampleIndex start = std::max(position_, earliest_start(*front));
    if (running_) {
        start = std::max(start, running_->end());
        if (tones != nullptr) {
            start = std::max(start, later_by(tones->last_tone_end(), running_->gap()));
        }
    }
    if (start == unlimited) {
        return std::nullopt;
    }
    return AgentMute::ComingTone{later_by(start, front_tone_begin_), front->known_since};
}

SampleIndex LegPipeline::next_event() const noexcept {
    SampleIndex next = std::min(scheduler_.next_due(), bridge_.next_change(leg_, position_));
    const auto at = [&](SampleIndex event) { next = event > position_ ? std::min(next, event) : next; };
    if (hung_up_) {
        return next;
    }
    at(mute_.next_change(position_, coming_tone()));
    if (!running_) {
        at(ops_.front() ? earliest_start(*ops_.front()) : unlimited);
        return next;
    }
    at(running_->next_change(position_));
    if (const GateWatch* const gate = running_->gate()) {
        at(hearing_.silence_known_at(gate->gate(), last_tone_end_));
        at(gate->gate().listen ? hearing_.next_line_event(position_) : unlimited);
    }
    return next;
}

// ---- Reports

void LegPipeline::end_running(MediaReport::Kind kind, SampleCount lost, bool expired, bool refused) noexcept {
    if (kind == MediaReport::Kind::op_failed) {
        failed_action_ = running_->key().action;
    }
    outbox_.put({.kind = kind,
                 .leg = leg_,
                 .expired = expired,
                 .refused = refused,
                 .key = running_->key(),
                 .begin = running_->begin(),
                 .end = position_,
                 .lost = static_cast<std::int32_t>(lost)});
    if (running_->gate() != nullptr) {
        hearing_.gate_ended();
    }
    running_.reset();
}

void LegPipeline::report_unstarted(const MediaOp& op) noexcept {
    outbox_.put({.kind = MediaReport::Kind::op_cancelled,
                 .leg = leg_,
                 .key = op.key,
                 .begin = position_,
                 .end = position_,
                 .lost = static_cast<std::int32_t>(sounding_length(op))});
}

void LegPipeline::report_masked(const std::optional<AgentMute::Range>& range) noexcept {
    if (range) {
        outbox_.put(
            {.kind = MediaReport::Kind::masked, .leg = leg_, .begin = range->begin, .end = range->end});
    }
}

} // namespace keytone
