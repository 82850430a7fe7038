// SPDX-License-Identifier: MIT
#include "engine/media/call_hearing.hpp"

#include <cmath>

namespace keytone {

CallHearing::CallHearing(Leg leg, SampleRate rate, const Config& config, ReportOutbox& outbox)
    : leg_(leg),
      outbox_(outbox),
      hear_all_(config.hear_all),
      frame_(LineListener(rate).frame()),
      progress_needs_{.policy = config.hear_all},
      progress_(rate, {}, config.country) {}

void CallHearing::attend(bool who, SampleIndex at) noexcept {
    // At the answer it may still ring; at the dial nothing has been heard yet.
    if (!who || !progress_needs_.any()) {
        begin_progress();
    }
    progress_needs_.policy = true;
    if (who) {
        who_needs_.policy = true;
        begin_who(at);
    }
}

void CallHearing::disregard() noexcept {
    if (hear_all_) {
        return;
    }
    progress_needs_.policy = false;
    who_needs_.policy = false;
}

void CallHearing::gate_began(const Gate& gate, SampleIndex at) noexcept {
    const bool who = gate.cue == CueKind::answered_by;
    if (!gate.listen || (!who && gate.cue != CueKind::ringback_end)) {
        return;
    }
    if (!progress_needs_.any()) {
        begin_progress();
    }
    progress_needs_.gate = true;
    if (who && !who_needs_.any()) {
        begin_who(at);
    }
    who_needs_.gate = who;
}

void CallHearing::gate_ended() noexcept {
    progress_needs_.gate = false;
    who_needs_.gate = false;
}

void CallHearing::begin_progress() noexcept {
    progress_.reset();
    rings_ = false;
    rang_until_ = -1;
}

void CallHearing::begin_who(SampleIndex at) noexcept {
    answer_.reset();
    who_since_ = at;
    who_.reset();
}

void CallHearing::hear_progress(const LineFront::Frame& frame) noexcept {
    if (progress_needs_.any()) {
        progress_.hear(frame, [this](const ProgressEvent& event) { hear_tone(event); });
    }
}

void CallHearing::hear_frame(const LineListener& listener, SampleIndex end) noexcept {
    if (who_needs_.any()) {
        report(answer_.hear(listener, who_since_ - first_sample_, progress_.sounding()), end);
    }
}

void CallHearing::hear_beep(SampleIndex known) noexcept {
    if (who_needs_.any()) {
        report(answer_.hear_beep(), known);
    }
}

void CallHearing::hear_tone(const ProgressEvent& event) noexcept {
    const bool over = event.kind == ProgressEvent::Kind::ended;
    const SampleIndex at = first_sample_ + event.at;
    const SampleIndex known = first_sample_ + event.known;
    if (event.tone == ProgressTone::ringback) {
        rings_ = !over;
        rang_until_ = over ? at : rang_until_;
    }
    outbox_.put({.kind = over ? MediaReport::Kind::progress_ended : MediaReport::Kind::progress_began,
                 .leg = leg_,
                 .begin = at,
                 .end = known,
                 .tone = event.tone,
                 .information = event.information,
                 .certainty_percent = static_cast<std::uint8_t>(std::lround(100.0 * event.certainty))});
    if (who_needs_.any() && !over) {
        report(answer_.hear_tone(event.tone), known);
    }
}

void CallHearing::report(const std::optional<Answer>& answer, SampleIndex known) noexcept {
    if (!answer) {
        return;
    }
    who_ = answer->by;
    outbox_.put({.kind = MediaReport::Kind::answered_by,
                 .leg = leg_,
                 .begin = who_since_ + answer->begin * frame_,
                 .end = known,
                 .who = answer->by});
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
