// SPDX-License-Identifier: MIT
//
// Takes what the audio side reports: what was done, and what was heard.
#include "engine/policy/step_builder.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace keytone {

namespace {

/// A key may seem to come back up to this much before it was sent: the error of the detector's onsets.
constexpr Milliseconds onset_error{5};
/// The longest time between a key and a menu's reaction to it.
constexpr Milliseconds max_reaction_delay{3000};
/// Takes one report.
class ReportTaker {
  public:
    ReportTaker(StepBuilder& builder, const MediaReport& report) : builder_(builder), report_(report) {}

    void take() {
        switch (report_.kind) {
        case MediaReport::Kind::op_started:
        case MediaReport::Kind::op_completed:
        case MediaReport::Kind::op_failed:
        case MediaReport::Kind::op_cancelled:
        case MediaReport::Kind::tone_sent:
            return about_op();
        case MediaReport::Kind::masked:
            return builder_.tell(report_.leg, report_.begin, SpeechMasked{report_.begin, report_.end});
        case MediaReport::Kind::bridged: // The op's end reports this, too.
            return;
        case MediaReport::Kind::digit_heard:
            return digit_heard();
        case MediaReport::Kind::sound_began:
            line_changed(report_.begin);
            return line_heard(LineHeard::What::sound_began);
        case MediaReport::Kind::sound_ended:
            line_changed(report_.begin);
            return line_heard(LineHeard::What::sound_ended);
        case MediaReport::Kind::dial_tone:
            return line_heard(LineHeard::What::dial_tone);
        case MediaReport::Kind::beep:
            return line_heard(LineHeard::What::beep);
        case MediaReport::Kind::progress_began:
        case MediaReport::Kind::progress_ended:
            return progress_heard(builder_, report_);
        case MediaReport::Kind::answered_by:
            return answer_heard(builder_, report_);
        }
    }

  private:
    void line_heard(LineHeard::What what) {
        builder_.tell(report_.leg, report_.begin, LineHeard{what, report_.begin, report_.end});
    }

    void about_op() {
        Action* const action = builder_.find_action(report_.key.action);
        if (action == nullptr) {
            return; // Its end was reported already.
        }
        const auto op = std::ranges::find(action->ops, report_.key.index, &PendingOp::index);
        if (op == action->ops.end()) {
            return;
        }
        if (report_.kind == MediaReport::Kind::tone_sent) {
            return tone_sent(*action, *op);
        }
        if (report_.kind == MediaReport::Kind::op_started) {
            return started(*action, *op);
        }
        const PendingOp ended = *op;
        action->ops.erase(op);
        if (report_.kind == MediaReport::Kind::op_cancelled) {
            cancelled(*action, ended);
        } else if (report_.kind == MediaReport::Kind::op_failed) {
            tell_end(*action, ended, OpEnded::How::failed);
            failed(*action, ended);
        } else {
            completed(*action, ended);
        }
        conclude(*action);
    }

    void started(Action& action, PendingOp& op) {
        const SampleIndex at = report_.begin;
        if (!action.concluded) {
            builder_.start(action, builder_.translate(op.leg, at, Leg::a));
        }
        const SampleIndex planned = op.planned ? op.begin : -1;
        op.begin = at;
        switch (op.role) {
        case OpRole::speech:
        case OpRole::left_words:
            return builder_.tell(action, op.leg, at, OpStarted{op.index, "prompt", action.words});
        case OpRole::host_speech:
            return action.speech ? ask_host_to_speak(action, op) : void();
        case OpRole::pause:
        case OpRole::end_silence:
        case OpRole::listen:
        case OpRole::who:
        case OpRole::beep:
        case OpRole::left_end:
            return builder_.tell(action, op.leg, at, OpStarted{op.index, action.name_of(op), std::nullopt});
        case OpRole::keys:
            if (planned != at) {
                builder_.tell_keys(action, op, {OpPlanned::Event::queue, at, 0});
            }
            return;
        case OpRole::dial:
            return ask_host_to_dial(action, op);
        case OpRole::parting:
        case OpRole::hold:
        case OpRole::bridge:
        case OpRole::hang_up:
            return;
        }
    }

    void ask_host_to_speak(const Action& action, const PendingOp& op) {
        if (action.concluded || action.cancelling) {
            return;
        }
        Intent intent{};
        intent.what = Intent::Do::speak;
        intent.op = op.index;
        intent.text = action.speech->text;
        intent.prompt = action.speech->prompt;
        intent.exact = action.speech->exact;
        builder_.tell(action, op.leg, report_.begin, std::move(intent));
    }

    void ask_host_to_dial(const Action& action, const PendingOp& op) {
        if (action.concluded || action.cancelling) {
            return;
        }
        const TransferPlan& plan = *action.plan;
        Intent intent{};
        intent.op = op.index;
        intent.to = plan.to;
        intent.headers = plan.headers;
        switch (plan.way) {
        case TransferPlan::Way::dial:
            intent.what = Intent::Do::dial;
            break;
        case TransferPlan::Way::sip_invite:
            intent.what = Intent::Do::sip_invite;
            break;
        case TransferPlan::Way::sip_refer:
            intent.what = Intent::Do::sip_refer;
            break;
        }
        if (plan.way != TransferPlan::Way::sip_refer) {
            builder_.state().legs[Leg::b] = LegPhase::dialled;
            builder_.state().answered_by[Leg::b] = std::nullopt;
            builder_.cue(Leg::b, MediaCue::Kind::attend, CueKind::ringback_end,
                         builder_.translate(Leg::a, report_.begin, Leg::b));
        }
        builder_.state().attempt = action.id + "/" + std::to_string(op.index);
        builder_.tell(action, op.leg, report_.begin, std::move(intent));
    }

    void tone_sent(const Action& action, PendingOp& op) {
        builder_.tell_tone(action, report_.leg,
                           {report_.key.index, report_.index, builder_.masked(action, report_.digit),
                            report_.begin, report_.end, report_.cut},
                           report_.digit);
        op.tones_told = report_.index + 1U;
    }

    void tell_end(const Action& action, const PendingOp& op, OpEnded::How how) {
        builder_.tell_end(action, op, {how, report_.begin, report_.end, report_.expired});
    }

    void completed(Action& action, const PendingOp& op) {
        tell_end(action, op, OpEnded::How::completed);
        if (report_.expired && op.role == OpRole::host_speech && action.anonymous) {
            host_speech_over();
        }
        Action* const end = builder_.ending();
        if (report_.expired && end != nullptr &&
            (op.role == OpRole::host_speech || op.role == OpRole::end_silence)) {
            end->truncated = true; // The host's speech did not drain; only the host knows how much is lost.
        }
        if (op.role == OpRole::bridge && (action.concluded || action.cancelling)) {
            return part(); // It was cancelled while the audio side was about to connect.
        }
        if (action.concluded) {
            return;
        }
        if (op.role == OpRole::bridge) {
            bridged(action, op);
        } else if (op.role == OpRole::hang_up) {
            hung_up(action, op);
        } else if (op.role == OpRole::who) {
            decide_by_who(builder_, action, report_);
        } else if (op.role == OpRole::left_end) {
            message_left(builder_, action, report_.end);
        } else if (action.ops.empty() && !action.cancelling) {
            builder_.complete(action, report_.end);
        }
    }

    void host_speech_over() {
        builder_.host_speech_over(report_.end, builder_.translate(Leg::a, report_.end, Leg::b));
    }

    void part() {
        builder_.cue(Leg::a, MediaCue::Kind::leave, CueKind::released,
                     builder_.translate(Leg::b, report_.end, Leg::a));
        builder_.cue(Leg::b, MediaCue::Kind::leave, CueKind::released, report_.end);
    }

    void bridged(Action& transfer, const PendingOp& op) {
        Intent intent{};
        intent.what = Intent::Do::bridge;
        intent.op = op.index;
        builder_.tell(transfer, Leg::b, report_.end, std::move(intent));
        const SampleIndex on_a = builder_.translate(Leg::b, report_.end, Leg::a);
        builder_.complete(transfer, on_a);
        builder_.cancel_all(on_a, Code::call_transferred, &transfer);
        builder_.cut_everything(Leg::a, on_a);
        builder_.end_session(on_a, CallPhase::transferred, transfer.plan->to);
    }

    void hung_up(Action& action, const PendingOp& op) {
        builder_.hang_up(Leg::a, report_.end, &action, op.index);
        builder_.hang_up(Leg::b, builder_.translate(Leg::a, report_.end, Leg::b), nullptr);
        builder_.complete(action, report_.end,
                          action.truncated ? std::optional(Code::truncated) : std::nullopt);
        builder_.conclude_everything(report_.end, Code::superseded);
        builder_.end_session(report_.end, CallPhase::ended, std::nullopt);
    }

    void failed(Action& action, const PendingOp& op) {
        if (action.concluded || action.cancelling) {
            return; // The fact that refused the gate has reported this.
        }
        const SampleIndex at = builder_.translate(op.leg, report_.end, Leg::a);
        switch (op.role) {
        case OpRole::speech:
        case OpRole::host_speech:
            return builder_.fail(
                action, at, "message",
                {Code::drain_timeout, "the host's speech did not drain: prompt.drained has to say so"}, true,
                false);
        case OpRole::listen: {
            if (op.leg == Leg::b) {
                give_transfer_up(at);
            }
            TransferFailure failure = wait_failure(builder_.state(), action, op.leg);
            return builder_.fail(action, at, "wait", std::move(failure.why), true, failure.retryable);
        }
        case OpRole::beep:
        case OpRole::left_words:
        case OpRole::left_end:
        case OpRole::bridge:
            return builder_.give_up_target(action, {{Code::queue_full, "the call's queues are full"}, true},
                                           report_.end);
        case OpRole::dial:
            if (action.plan->way == TransferPlan::Way::sip_refer) {
                return builder_.fail(action, at, "refer",
                                     {Code::refer_no_notify, "no NOTIFY told what became of the REFER"}, true,
                                     true);
            }
            builder_.cut_everything(Leg::b, builder_.translate(Leg::a, at, Leg::b));
            builder_.hang_up(Leg::b, builder_.translate(Leg::a, at, Leg::b), &action);
            return builder_.fail(action, at, "dial",
                                 {Code::no_answer, action.rings ? "it rang, and nobody answered in time"
                                                                : "nobody answered in time"},
                                 true, true);
        case OpRole::pause:
        case OpRole::keys:
        case OpRole::parting:
        case OpRole::hold:
        case OpRole::who:
        case OpRole::end_silence:
        case OpRole::hang_up:
            return;
        }
    }

    /// The transfer has failed: leg b is hung up, and the caller is with the agent again.
    void give_transfer_up(SampleIndex at_a) {
        builder_.cue(Leg::a, MediaCue::Kind::refuse, CueKind::released,
                     builder_.after_reaction(at_a, Leg::a));
        builder_.hang_up(Leg::b, report_.end, nullptr);
    }

    void cancelled(Action& action, const PendingOp& op) {
        tell_end(action, op, OpEnded::How::cancelled);
        if (op.role == OpRole::host_speech && action.anonymous) {
            host_speech_over();
        }
        if (action.concluded || op.role == OpRole::end_silence) {
            return;
        }
        action.lost += report_.lost;
        if (action.cancelling) {
            return;
        }
        Action* const end = builder_.ending();
        action.cancelling = end == nullptr   ? std::optional(Code::superseded)
                            : end == &action ? std::nullopt
                                             : std::optional(Code::truncated);
        // Cut, because the draining before a hang-up took too long.
        if (end != nullptr) {
            end->truncated = true;
            end->lost += end == &action ? 0 : report_.lost;
        }
    }

    void conclude(Action& action) {
        if (action.cancelling && !action.concluded && action.ops.empty()) {
            action.concluded = true;
            builder_.tell_state(action, builder_.translate(report_.leg, report_.end, Leg::a),
                                ActionCancelled{*action.cancelling, action.lost});
        }
    }

    void digit_heard() {
        const SampleRate rate = builder_.rules().rate[report_.leg];
        auto& sent = builder_.state().sent;
        const auto echo = std::ranges::find_if(sent, [&](const SentTone& tone) {
            return tone.leg == report_.leg && tone.digit == report_.digit && !tone.echoed &&
                   report_.begin >= tone.begin - rate.samples(onset_error) &&
                   report_.begin <= tone.begin + rate.samples(max_echo_delay);
        });
        if (echo != sent.end() && !report_.by_event) { // An event has no echo.
            echo->echoed = true;
            return tell_evidence(*echo, KeyEvidence::Step::echoed);
        }
        // A second echo, or one that was detected as another key, is as secret as the first.
        Action unnamed{};
        unnamed.sensitive = builder_.is_secret(report_.leg, report_.begin);
        builder_.tell(unnamed, report_.leg, report_.begin,
                      DigitHeard{builder_.masked(unnamed, report_.digit), report_.begin, report_.end,
                                 0.1 * report_.snr_tenths_db});
    }

    /// The far side began or stopped sounding: the last key before may be the reason.
    void line_changed(SampleIndex at) {
        const SampleRate rate = builder_.rules().rate[report_.leg];
        auto& sent = builder_.state().sent;
        const auto last = std::find_if(sent.rbegin(), sent.rend(), [&](const SentTone& tone) {
            return tone.leg == report_.leg && tone.begin <= at;
        });
        if (last != sent.rend() && !last->reacted && at <= last->end + rate.samples(max_reaction_delay)) {
            last->reacted = true;
            tell_evidence(*last, KeyEvidence::Step::reacted);
        }
    }

    void tell_evidence(const SentTone& tone, KeyEvidence::Step evidence) {
        Action action{};
        action.id = tone.id;
        action.name = tone.name;
        action.sensitive = tone.sensitive;
        builder_.tell(action, report_.leg, report_.begin,
                      KeyEvidence{tone.op, tone.index, builder_.masked(action, tone.digit), evidence});
    }

    StepBuilder& builder_;
    const MediaReport& report_;
};

} // namespace

void take_report(StepBuilder& builder, const MediaReport& report) {
    ReportTaker(builder, report).take();
}

} // namespace keytone
