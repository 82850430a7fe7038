// SPDX-License-Identifier: MIT
#include "tests/support/scripted_leg.hpp"

#include <algorithm>
#include <utility>

namespace keytone::test {

namespace {

constexpr Milliseconds fade{5};

SampleIndex later(SampleIndex sample, SampleCount length) {
    return length >= unlimited - sample ? unlimited : sample + length;
}

bool is_speech(const PlannedOp& op) {
    const auto* const gate = std::get_if<Gate>(&op.what);
    return std::holds_alternative<SpeechOp>(op.what) || (gate != nullptr && gate->cue == CueKind::drained);
}

} // namespace

void ScriptedLeg::push(const MediaCue& cue) {
    const auto place = std::ranges::find_if(cues_, [&](const MediaCue& other) { return other.at > cue.at; });
    cues_.insert(place, cue);
}

SampleIndex ScriptedLeg::next_event(SampleIndex limit) const {
    SampleIndex next = limit;
    const auto consider = [&](SampleIndex sample) { next = std::min(next, std::max(sample, position_)); };
    if (!cues_.empty()) {
        consider(cues_.front().at);
    }
    if (running_) {
        consider(running_->end);
        if (!running_->tones.empty()) {
            consider(running_->tones.front().end);
        }
        if (const auto* const gate = std::get_if<Gate>(&running_->op.what)) {
            consider(later(running_->begin, gate->max_length));
            if (running_->passed || running_->refused) {
                consider(running_->refused ? position_ : later(running_->begin, gate->min_length));
            }
        }
    } else if (!queue_.empty()) {
        consider(earliest_start(queue_.front()));
    }
    return next;
}

void ScriptedLeg::go_to(SampleIndex sample) {
    position_ = std::max(position_, sample);
    settle();
}

void ScriptedLeg::settle() {
    end_what_is_over();
    apply_cues();
    do {
        end_what_is_over();
        settle_gate();
    } while (start_next());
    end_what_is_over();
}

void ScriptedLeg::end_what_is_over() {
    if (!running_) {
        return;
    }
    report_tones(position_);
    if (running_->end > position_) {
        return;
    }
    const auto* const speech = std::get_if<SpeechOp>(&running_->op.what);
    const bool too_long = speech != nullptr && running_->full_end > running_->end;
    const auto* const wait = std::get_if<Wait>(&running_->op.what);
    end_running(running_->cut ? MediaReport::Kind::op_cancelled
                : too_long    ? MediaReport::Kind::op_failed
                              : MediaReport::Kind::op_completed,
                wait != nullptr && wait->after_speech && speech_until_ > 0);
}

void ScriptedLeg::report_tones(SampleIndex until) {
    auto& tones = running_->tones;
    while (!tones.empty() && tones.front().end <= until) {
        const Tone tone = tones.front();
        tones.erase(tones.begin());
        const bool cut = running_->cut && tone.end == running_->end;
        reports_.push_back({.kind = MediaReport::Kind::tone_sent,
                            .leg = leg_,
                            .digit = tone.digit,
                            .cut = cut,
                            .index = static_cast<std::uint16_t>(tone_index_++),
                            .key = running_->op.key,
                            .begin = tone.begin,
                            .end = tone.end});
        quiet_until_ = later(tone.end, rate_.samples(std::get<KeysOp>(running_->op.what).tone.gap));
    }
}

void ScriptedLeg::apply_cues() {
    while (!cues_.empty() && cues_.front().at <= position_) {
        const MediaCue cue = cues_.front();
        cues_.erase(cues_.begin());
        if (cue.kind == MediaCue::Kind::leave || cue.kind == MediaCue::Kind::attend) {
            continue;
        }
        if (cue.kind == MediaCue::Kind::speech_plays || cue.kind == MediaCue::Kind::speech_over) {
            set_speech(cue.kind == MediaCue::Kind::speech_plays ? std::max(speech_until_, cue.until) : 0);
            continue;
        }
        if (cue.kind == MediaCue::Kind::cut || cue.kind == MediaCue::Kind::cut_speech) {
            cut(cue);
            continue;
        }
        const auto* const gate = running_ ? std::get_if<Gate>(&running_->op.what) : nullptr;
        if (cue.kind == MediaCue::Kind::withdraw) {
            continue; // There is no line listener here.
        }
        if (gate != nullptr && gate->cue == cue.cue) {
            // Whoever was not waited for ends the wait.
            const bool expires = gate->cue == CueKind::answered_by && gate->by && gate->by != cue.by;
            if (expires) {
                end_running(gate->fail_on_expiry ? MediaReport::Kind::op_failed
                                                 : MediaReport::Kind::op_completed,
                            !gate->fail_on_expiry);
                continue;
            }
            (cue.kind == MediaCue::Kind::pass ? running_->passed : running_->refused) = true;
        } else if (static_cast<std::size_t>(cue.cue) < remembered_.size()) {
            remembered_[static_cast<std::size_t>(cue.cue)] = cue;
        }
    }
}

void ScriptedLeg::set_speech(SampleIndex until) {
    speech_until_ = until;
    const auto* const wait = running_ ? std::get_if<Wait>(&running_->op.what) : nullptr;
    if (wait != nullptr && wait->after_speech) {
        running_->full_end = running_->end = until > 0 ? until : later(position_, wait->length);
    }
}

void ScriptedLeg::cut(const MediaCue& cue) {
    const bool all = cue.kind == MediaCue::Kind::cut;
    OpKey& bound = all ? cut_before_ : speech_cut_before_;
    bound = std::max(bound, cue.before);
    if (running_ && running_->op.key < cue.before && (all || is_speech(running_->op)) && !running_->cut) {
        running_->cut = true;
        if (std::holds_alternative<SpeechOp>(running_->op.what)) {
            running_->end = std::min(running_->end, position_ + rate_.samples(fade));
        } else if (std::holds_alternative<KeysOp>(running_->op.what)) {
            auto& tones = running_->tones;
            std::erase_if(tones, [&](const Tone& tone) { return tone.begin >= position_; });
            running_->end = position_;
            if (!tones.empty()) {
                running_->end = std::min(tones.front().end, position_ + rate_.samples(fade));
                tones.front().end = running_->end;
            }
        } else {
            running_->end = position_;
        }
        end_what_is_over();
    }
    cancel_cut_ops();
}

void ScriptedLeg::settle_gate() {
    if (!running_ || !std::holds_alternative<Gate>(running_->op.what)) {
        return;
    }
    const Gate gate = std::get<Gate>(running_->op.what);
    if (running_->refused) {
        end_running(MediaReport::Kind::op_failed, false, true);
    } else if (running_->passed && position_ >= later(running_->begin, gate.min_length)) {
        end_running(MediaReport::Kind::op_completed);
    } else if (position_ >= later(running_->begin, gate.max_length)) {
        end_running(gate.fail_on_expiry ? MediaReport::Kind::op_failed : MediaReport::Kind::op_completed,
                    !gate.fail_on_expiry);
    }
}

bool ScriptedLeg::start_next() {
    cancel_cut_ops();
    if (running_ || queue_.empty() || earliest_start(queue_.front()) > position_) {
        return false;
    }
    const PlannedOp op = queue_.front();
    queue_.pop_front();
    start(op);
    return true;
}

/// Cancels ops that a cut or the hang-up applies to, and the rest of an action that failed.
void ScriptedLeg::cancel_cut_ops() {
    while (!queue_.empty() && (is_cut(queue_.front()) || (!running_ && failed_action_ != 0 &&
                                                          queue_.front().key.action == failed_action_))) {
        const PlannedOp op = queue_.front();
        queue_.pop_front();
        reports_.push_back({.kind = MediaReport::Kind::op_cancelled,
                            .leg = leg_,
                            .key = op.key,
                            .begin = position_,
                            .end = position_,
                            .lost = static_cast<std::int32_t>(sounding_length(op))});
    }
}

void ScriptedLeg::start(const PlannedOp& op) {
    reports_.push_back({.kind = MediaReport::Kind::op_started,
                        .leg = leg_,
                        .key = op.key,
                        .begin = position_,
                        .end = position_});
    running_ = Running{op, position_, position_, position_, {}};
    tone_index_ = 0;
    if (const auto* const speech = std::get_if<SpeechOp>(&op.what)) {
        running_->full_end = position_ + sounding_length(op);
        running_->end = std::min(running_->full_end, later(position_, speech->max_length));
    } else if (std::holds_alternative<KeysOp>(op.what)) {
        running_->full_end = running_->end = position_ + sounding_length(op);
        running_->tones = tones_of(op);
    } else if (const auto* const wait = std::get_if<Wait>(&op.what)) {
        running_->full_end = running_->end =
            wait->after_speech && speech_until_ > position_ ? speech_until_ : later(position_, wait->length);
    } else if (const auto* const gate = std::get_if<Gate>(&op.what)) {
        running_->full_end = running_->end = unlimited;
        const auto index = static_cast<std::size_t>(gate->cue);
        if (index < remembered_.size() && remembered_[index] && remembered_[index]->at >= op.known_since) {
            (remembered_[index]->kind == MediaCue::Kind::pass ? running_->passed : running_->refused) = true;
            remembered_[index].reset();
        }
    } else if (std::holds_alternative<Bridge>(op.what)) {
        reports_.push_back({.kind = MediaReport::Kind::bridged,
                            .leg = leg_,
                            .key = op.key,
                            .begin = position_,
                            .end = position_});
    } else {
        hung_up_ = true;
    }
}

void ScriptedLeg::end_running(MediaReport::Kind kind, bool expired, bool refused) {
    const Running ended = *running_;
    running_.reset();
    if (kind == MediaReport::Kind::op_failed) {
        failed_action_ = ended.op.key.action;
    }
    const bool sounds =
        std::holds_alternative<SpeechOp>(ended.op.what) || std::holds_alternative<KeysOp>(ended.op.what);
    reports_.push_back({.kind = kind,
                        .leg = leg_,
                        .expired = expired,
                        .refused = refused,
                        .key = ended.op.key,
                        .begin = ended.begin,
                        .end = position_,
                        .lost = sounds ? static_cast<std::int32_t>(ended.full_end - ended.end) : 0});
}

SampleIndex ScriptedLeg::earliest_start(const PlannedOp& op) const {
    const bool sounds = std::holds_alternative<SpeechOp>(op.what) || std::holds_alternative<KeysOp>(op.what);
    const SampleIndex speech_end = std::holds_alternative<Bridge>(op.what) ? speech_until_ : 0;
    return std::max(sounds ? std::max(op.not_before, quiet_until_) : op.not_before, speech_end);
}

SampleCount ScriptedLeg::sounding_length(const PlannedOp& op) const {
    if (const auto* const speech = std::get_if<SpeechOp>(&op.what)) {
        const auto known = lengths_.find(speech->speech.text);
        return known == lengths_.end() ? rate_.samples(Milliseconds{1000}) : known->second;
    }
    if (const auto* const keys = std::get_if<KeysOp>(&op.what)) {
        return DtmfGenerator::create(keys->digits, keys->tone, rate_)->length();
    }
    return 0;
}

std::vector<ScriptedLeg::Tone> ScriptedLeg::tones_of(const PlannedOp& op) const {
    const auto& keys = std::get<KeysOp>(op.what);
    std::vector<Tone> tones;
    DtmfGenerator::create(keys.digits, keys.tone, rate_)->for_each_tone([&](const DtmfGenerator::Tone& tone) {
        tones.push_back({tone.key.character(), position_ + tone.begin, position_ + tone.end});
    });
    return tones;
}

bool ScriptedLeg::is_cut(const PlannedOp& op) const {
    return hung_up_ || op.key < cut_before_ || (op.key < speech_cut_before_ && is_speech(op));
}

} // namespace keytone::test
