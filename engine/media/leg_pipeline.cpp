// SPDX-License-Identifier: MIT
#include "engine/media/leg_pipeline.hpp"

#include "dsp/prefetch.hpp"
#include "engine/media/leg_clock.hpp"

#include <algorithm>
#include <array>
#include <utility>

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

void LegPipeline::process(std::span<const std::int16_t> heard, std::span<std::int16_t> sent) noexcept {
    bridge_.prefetch(leg_, std::ssize(sent));
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
        hear(arrived, count - arrived.size());
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
    keytone::prefetch(&key_form_, &passed_key_ + 1);
    ops_.take_in();
    cues_arrived_ = cues_.size();
}

bool LegPipeline::is_idle() const noexcept {
    return !running_ && !hung_up_ && ops_.is_empty() && cues_arrived_ == 0 && scheduler_.is_empty() &&
           mute_.is_over(position_) && passed_key_.is_over(position_);
}

void LegPipeline::prefetch() const noexcept {
    keytone::prefetch(this, &hearing_);
    hearing_.prefetch();
}

void LegPipeline::hear_key_event(const KeyReport& event) noexcept {
    if (!hung_up_) {
        hearing_.hear_event(event, [this](KeyReport::Kind kind, SampleIndex at) { heard_event(kind, at); });
    }
}

void LegPipeline::pass_on(const KeyReport& event) noexcept {
    idle_ = false;
    if (event.kind == KeyReport::Kind::end) {
        passed_key_.end(event.duration, position_, key_events_);
    } else if (!hung_up_ && bridge_.connected(leg_, position_)) {
        passed_key_.begin(event.key, position_, key_form_, key_events_);
    }
}

// ---- What happens at position_

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

// ---- Between two events

void LegPipeline::hear(std::span<const std::int16_t> heard, std::size_t lost) noexcept {
    if (hung_up_) {
        return;
    }
    const auto on_line = [this](const LineEvent& event) { heard_on_line(event); };
    const auto on_event = [this](KeyReport::Kind kind, SampleIndex at) { heard_event(kind, at); };
    hearing_.hear(heard, on_line, on_event,
                  [this](std::span<const std::int16_t> part) { pass_to_bridge(part); });
    const auto missing = static_cast<SampleCount>(lost);
    if (missing > 0) {
        hearing_.hear_lost(missing, on_line, on_event);
        pass_loss_to_bridge(missing);
    }
}

void LegPipeline::pass_to_bridge(std::span<const std::int16_t> heard) noexcept {
    if (suppressor_ == nullptr) {
        return bridge_.hear(leg_, heard);
    }
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
        key_events_.press(*Key::from_character(tone->digit), tone->begin, tone->end);
    }
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
