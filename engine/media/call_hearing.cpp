// SPDX-License-Identifier: MIT
#include "engine/media/call_hearing.hpp"

#include <cmath>

namespace keytone {

CallHearing::CallHearing(Leg leg, const Config& config, ReportOutbox& outbox, CallListener& listener)
    : leg_(leg),
      outbox_(outbox),
      hear_all_(config.hear_all),
      frame_(listener.line().frame()),
      progress_needs_{.policy = config.hear_all} {
    if (hear_all_) {
        listener.begin_progress();
    }
}

void CallHearing::attend(CallListener& listener, bool who, SampleIndex at) noexcept {
    // At the answer it may still ring; at the dial nothing has been heard yet.
    if (!who || !progress_needs_.any()) {
        begin_progress(listener);
    }
    progress_needs_.policy = true;
    if (who) {
        who_needs_.policy = true;
        begin_who(listener, at);
    }
}

void CallHearing::disregard(CallListener& listener) noexcept {
    if (hear_all_) {
        return;
    }
    progress_needs_.policy = false;
    who_needs_.policy = false;
    end_what_nobody_needs(listener);
}

void CallHearing::gate_began(CallListener& listener, const Gate& gate, SampleIndex at) noexcept {
    const bool who = gate.cue == CueKind::answered_by;
    if (!gate.listen || (!who && gate.cue != CueKind::ringback_end)) {
        return;
    }
    if (!progress_needs_.any()) {
        begin_progress(listener);
    }
    progress_needs_.gate = true;
    if (who && !who_needs_.any()) {
        begin_who(listener, at);
    }
    who_needs_.gate = who;
    end_what_nobody_needs(listener);
}

void CallHearing::gate_ended(CallListener& listener) noexcept {
    progress_needs_.gate = false;
    who_needs_.gate = false;
    end_what_nobody_needs(listener);
}

void CallHearing::begin_progress(CallListener& listener) noexcept {
    listener.begin_progress();
    rings_ = false;
    rang_until_ = -1;
}

void CallHearing::begin_who(CallListener& listener, SampleIndex at) noexcept {
    listener.begin_answer(at - first_sample_);
    who_since_ = at;
    who_.reset();
}

void CallHearing::end_what_nobody_needs(CallListener& listener) const noexcept {
    if (!progress_needs_.any()) {
        listener.end_progress();
    }
    if (!who_needs_.any()) {
        listener.end_answer();
    }
}

void CallHearing::hear_tone(const ProgressEvent& event) noexcept {
    const bool over = event.kind == ProgressEvent::Kind::ended;
    const SampleIndex at = first_sample_ + event.at;
    if (event.tone == ProgressTone::ringback) {
        rings_ = !over;
        rang_until_ = over ? at : rang_until_;
    }
    outbox_.put({.kind = over ? MediaReport::Kind::progress_ended : MediaReport::Kind::progress_began,
                 .leg = leg_,
                 .begin = at,
                 .end = first_sample_ + event.known,
                 .tone = event.tone,
                 .information = event.information,
                 .certainty_percent = static_cast<std::uint8_t>(std::lround(100.0 * event.certainty))});
}

void CallHearing::hear_answer(const Answer& answer, SampleIndex known) noexcept {
    who_ = answer.by;
    outbox_.put({.kind = MediaReport::Kind::answered_by,
                 .leg = leg_,
                 .begin = who_since_ + answer.begin * frame_,
                 .end = known,
                 .who = answer.by});
}

bool CallHearing::is_so(const Gate& gate) const noexcept {
    if (gate.cue == CueKind::ringback_end) {
        return !rings_ && rang_until_ > gate.heard_since;
    }
    if (gate.cue != CueKind::answered_by || !who_) {
        return false;
    }
    // As long as it rings, nobody has answered, whatever the signalling says.
    return gate.by ? who_ == gate.by : who_ != AnsweredBy::unknown || !rings_;
}

bool CallHearing::is_otherwise(const Gate& gate) const noexcept {
    return gate.cue == CueKind::answered_by && gate.by && who_ && who_ != AnsweredBy::unknown &&
           who_ != gate.by;
}

} // namespace keytone
