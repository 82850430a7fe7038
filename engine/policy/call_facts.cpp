// SPDX-License-Identifier: MIT
//
// Takes what the media server reports.
#include "engine/policy/step_builder.hpp"
#include "engine/policy/transfer_failure.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace keytone {

namespace {

/// Takes one fact.
class FactTaker {
  public:
    FactTaker(StepBuilder& builder, const Fact& fact, const Moment& moment)
        : builder_(builder), fact_(fact), moment_(moment), at_(moment.on(fact.leg)) {}

    void take() {
        if (builder_.state().phase == CallPhase::ended) {
            return ignore("the call is over");
        }
        if (fact_.attempt && is_about_an_attempt()) {
            builder_.state().names_attempts = true;
            if (*fact_.attempt != attempt()) {
                return ignore("it is about another attempt, " + *fact_.attempt);
            }
        }
        switch (fact_.kind) {
        case Fact::Kind::leg_ringing:
            return leg_alerting(LegChanged::State::ringing);
        case Fact::Kind::leg_early_media:
            return leg_alerting(LegChanged::State::early_media);
        case Fact::Kind::leg_answered:
            return fact_.leg == Leg::a ? caller_answered() : target_answered();
        case Fact::Kind::leg_ended:
            return fact_.leg == Leg::a ? caller_left() : target_left();
        case Fact::Kind::prompt_queued:
            return prompt_queued();
        case Fact::Kind::prompt_drained:
            return prompt_drained();
        case Fact::Kind::sip_response:
            return sip_response();
        case Fact::Kind::refer_notify:
            return refer_notify();
        case Fact::Kind::speech_started:
            return builder_.cue(fact_.leg, MediaCue::Kind::withdraw, CueKind::prompt_end, at_);
        case Fact::Kind::speech_ended:
            return give_cue(CueKind::prompt_end);
        case Fact::Kind::tone_detected:
            return tone_detected();
        case Fact::Kind::beep_detected:
            return give_cue(CueKind::beep);
        case Fact::Kind::answer_detected:
            return answer_detected();
        }
    }

  private:
    void ignore(std::string reason) {
        builder_.tell(fact_.leg, at_, FactIgnored{fact_.kind, std::move(reason)});
    }

    /// Whether the fact is of a kind that reports the result of a transfer's attempt.
    [[nodiscard]] bool is_about_an_attempt() const {
        return fact_.kind == Fact::Kind::sip_response || fact_.kind == Fact::Kind::refer_notify ||
               (fact_.leg == Leg::b &&
                (fact_.kind == Fact::Kind::leg_ringing || fact_.kind == Fact::Kind::leg_early_media ||
                 fact_.kind == Fact::Kind::leg_answered || fact_.kind == Fact::Kind::leg_ended));
    }

    /// The id of the last intent to dial, invite or refer.
    [[nodiscard]] const std::string& attempt() const { return builder_.state().attempt; }

    void give_cue(CueKind kind) { builder_.cue(fact_.leg, MediaCue::Kind::pass, kind, at_); }

    /// Only what can be heard of the far side; the other cues are not given by this fact.
    void tone_detected() {
        if (fact_.progress) {
            return progress_detected();
        }
        if (fact_.tone != CueKind::dial_tone && fact_.tone != CueKind::beep &&
            fact_.tone != CueKind::silence && fact_.tone != CueKind::ringback_end) {
            return ignore("the tone is dial_tone, beep, silence or ringback_end");
        }
        give_cue(fact_.tone);
    }

    /// What the host heard counts as what keytone hears.
    void progress_detected() {
        Action* const transfer = builder_.unconnected_transfer(fact_.leg);
        auto failure = progress_failure(*fact_.progress, SpecialInformation::none);
        if (transfer == nullptr || !failure) {
            return ignore("it ends no dial: leg b is not dialled, or is connected already");
        }
        builder_.give_up_target(*transfer, *std::move(failure), moment_.on(Leg::b));
    }

    void answer_detected() {
        builder_.pass_answer(fact_.leg, at_, fact_.by);
        note_answer(builder_, fact_.leg, fact_.by, at_);
    }

    void leg_alerting(LegChanged::State how) {
        const LegPhase leg = builder_.state().legs[fact_.leg];
        if (leg != (fact_.leg == Leg::a ? LegPhase::none : LegPhase::dialled)) {
            return ignore(fact_.leg == Leg::a ? "leg a has been answered already"
                                              : "leg b was not dialled, or has been answered already");
        }
        if (fact_.leg == Leg::a && fact_.kind == Fact::Kind::leg_early_media) {
            builder_.state().early_media = true;
        }
        builder_.tell(fact_.leg, at_, LegChanged{how});
    }

    void caller_answered() {
        CallState& state = builder_.state();
        if (state.phase != CallPhase::before || state.legs[Leg::a] != LegPhase::none) {
            return ignore("leg a has been answered already");
        }
        state.phase = CallPhase::in_progress;
        state.legs[Leg::a] = LegPhase::answered;
        state.answered_at = at_;
        if (builder_.rules().hear_all) {
            builder_.cue(Leg::a, MediaCue::Kind::attend, CueKind::answered_by, at_);
        }
        builder_.tell(Leg::a, at_, LegChanged{LegChanged::State::answered});
    }

    /// The dialled leg answered: its gate opens, and the times of the extension count from here.
    void target_answered() {
        Action* const transfer = dialling_transfer();
        if (builder_.state().legs[Leg::b] == LegPhase::hanging) {
            return ignore("leg b was told to hang up: the attempt was given up");
        }
        if (transfer == nullptr || builder_.state().legs[Leg::b] != LegPhase::dialled) {
            return ignore("leg b was not dialled, or has been answered already");
        }
        builder_.state().legs[Leg::b] = LegPhase::answered;
        transfer->answered = true;
        builder_.tell(Leg::b, at_, LegChanged{LegChanged::State::answered});
        builder_.cue(Leg::a, MediaCue::Kind::pass, CueKind::answered, moment_.on(Leg::a));
        const TransferPlan& plan = *transfer->plan;
        const bool waits_for_who = plan.wait_for && plan.wait_for->what == CueKind::answered_by;
        if (plan.asks_who() || waits_for_who || builder_.rules().hear_all) {
            builder_.cue(Leg::b, MediaCue::Kind::attend, CueKind::answered_by, at_);
        }
        if (plan.tones) {
            queue_extension(*transfer, plan);
        }
        if (plan.asks_who()) {
            await_who(*transfer);
        } else {
            builder_.queue(*transfer, Leg::b, OpRole::bridge, {at_, at_}, Bridge{});
        }
        if (builder_.state().host_speeches > 0) {
            builder_.tell_host_speech(Leg::b, at_);
        }
    }

    /// The legs are connected, or not, once it is known who answered. Where that cannot be told, they are.
    void await_who(Action& transfer) {
        const SampleCount patience = builder_.rules().rate[Leg::b].samples(builder_.rules().no_answer);
        builder_.queue(transfer, Leg::b, OpRole::who, {at_, at_},
                       Gate{CueKind::answered_by, true, false, 0, patience, 0, at_});
    }

    void queue_extension(Action& transfer, const TransferPlan& plan) {
        const SampleRate rate = builder_.rules().rate[Leg::b];
        const SampleCount pause = rate.samples(plan.pause_before_tones);
        if (plan.wait_for) {
            transfer.awaits = plan.wait_for->by;
            builder_.queue(transfer, Leg::b, OpRole::listen, {at_, at_},
                           listen_gate(*plan.wait_for, rate, plan.pause_before_tones, at_));
        }
        const SampleIndex begin = moment_.no_sooner_than_now(Leg::b, at_ + pause);
        PendingOp& keys = builder_.queue(transfer, Leg::b, OpRole::keys, {at_, at_ + pause},
                                         KeysOp{*plan.tones, transfer.tone});
        if (!plan.wait_for) {
            builder_.tell_keys(transfer, keys, {OpPlanned::Event::answered, at_, begin - at_});
        }
    }

    void caller_left() {
        CallState& state = builder_.state();
        builder_.tell(Leg::a, at_, LegChanged{LegChanged::State::ended});
        state.legs[Leg::a] = LegPhase::ended;
        builder_.cut_everything(Leg::a, at_);
        builder_.cut_everything(Leg::b, moment_.on(Leg::b));
        if (Action* const transfer = builder_.running_transfer(); transfer != nullptr && transfer->started) {
            const std::string_view stage = stage_of(*transfer);
            builder_.abandon_ops(*transfer, at_);
            builder_.fail(*transfer, at_, stage, {Code::remote_hangup, "the caller hung up"}, false, false);
        }
        builder_.conclude_everything(at_, Code::remote_hangup);
        builder_.hang_up(Leg::b, moment_.on(Leg::b), nullptr);
        builder_.end_session(at_, CallPhase::ended, std::nullopt);
    }

    void target_left() {
        CallState& state = builder_.state();
        LegPhase& leg = state.legs[Leg::b];
        if (leg == LegPhase::none || leg == LegPhase::ended) {
            return ignore("leg b is not there");
        }
        const bool was_told_to = leg == LegPhase::hanging;
        leg_over();
        if (was_told_to) {
            return;
        }
        if (state.phase == CallPhase::transferred) {
            builder_.conclude_everything(moment_.on(Leg::a), Code::call_transferred);
            builder_.hang_up(Leg::a, moment_.on(Leg::a), nullptr);
            state.phase = CallPhase::ended;
        } else if (Action* const transfer = builder_.running_transfer()) {
            TransferFailure failure = end_failure(fact_.reason, transfer->answered);
            fail_transfer(*transfer, std::move(failure));
        }
    }

    /// Leg b is over; another attempt may be waiting for that.
    void leg_over() {
        builder_.state().legs[Leg::b] = LegPhase::ended;
        builder_.tell(Leg::b, moment_.on(Leg::b), LegChanged{LegChanged::State::ended});
        const Action* const next = builder_.running_transfer();
        if (next != nullptr &&
            std::ranges::find(next->ops, OpRole::parting, &PendingOp::role) != next->ops.end()) {
            builder_.cue(Leg::a, MediaCue::Kind::pass, CueKind::parted, moment_.on(Leg::a));
        }
    }

    void sip_response() {
        LegPhase& leg = builder_.state().legs[Leg::b];
        const Action* const running = builder_.running_transfer();
        const bool refers = running != nullptr && running->plan->way == TransferPlan::Way::sip_refer;
        if (leg == LegPhase::hanging && !refers) { // The end that hang-up asked for.
            return fact_.status < 300 ? void() : leg_over();
        }
        if (fact_.status < 300 && running != nullptr && has_dialled(*running)) {
            return; // Ringing, answered, accepted for processing: the call goes on.
        }
        Action* const transfer = dialling_transfer();
        if (transfer == nullptr) {
            return ignore("nothing waits for a response");
        }
        transfer->sip = fact_.status;
        if (leg == LegPhase::dialled) {
            leg_over();
        }
        fail_transfer(*transfer, sip_failure(fact_.status));
    }

    /// The last status of a REFER (RFC 3515 clause 2.4.5): only 200 is a success.
    void refer_notify() {
        Action* const transfer = dialling_transfer();
        if (transfer == nullptr || transfer->plan->way != TransferPlan::Way::sip_refer) {
            return ignore("no REFER waits for it");
        }
        if (fact_.status < 200) {
            return;
        }
        if (fact_.status > 200 && fact_.status < 300) {
            return ignore("only 200 tells that the transfer is done");
        }
        transfer->sip = fact_.status;
        if (fact_.status >= 300) {
            return fail_transfer(*transfer, sip_failure(fact_.status));
        }
        const SampleIndex at = moment_.on(Leg::a);
        builder_.complete(*transfer, at);
        const std::string to = transfer->plan->to;
        builder_.cancel_all(at, Code::call_transferred, transfer);
        builder_.cut_everything(Leg::a, at);
        builder_.hang_up(Leg::a, at, transfer);
        builder_.conclude_everything(at, Code::call_transferred);
        builder_.end_session(at, CallPhase::transferred, to);
    }

    /// The host queued speech of its own: what the agent asks for next comes after it.
    void prompt_queued() {
        if (fact_.leg != Leg::a) {
            return ignore("speech is for leg a");
        }
        CallState& state = builder_.state();
        const Action* const end = builder_.ending();
        if (state.phase != CallPhase::in_progress && (state.phase != CallPhase::ending || end == nullptr)) {
            return ignore("the call is not in progress");
        }
        if (end == nullptr && builder_.active_actions() >= builder_.rules().max_queued) {
            return ignore("queue_full");
        }
        if (fact_.length && !(*fact_.length >= Milliseconds{0})) {
            return ignore("the length is 0 or more");
        }
        const SampleRate rate = builder_.rules().rate[Leg::a];
        ++state.host_speeches;
        state.host_speech_until =
            std::max(state.host_speech_until, at_) + rate.samples(fact_.length.value_or(Milliseconds{0}));
        if (state.legs[Leg::b] == LegPhase::answered) {
            builder_.tell_host_speech(Leg::b, moment_.on(Leg::b)); // The connection waits for it.
        }
        if (end != nullptr) {
            return builder_.tell_host_speech(Leg::a, at_); // So does the hang-up.
        }
        Action& action = builder_.add_action({}, "prompt");
        action.anonymous = true;
        const Milliseconds length = fact_.length.value_or(Milliseconds{0});
        builder_
            .queue(
                action, Leg::a, OpRole::host_speech, {at_, at_},
                Gate{CueKind::drained, false, false, 0, rate.samples(length + builder_.rules().drain_wait)})
            .length = rate.samples(length);
    }

    void prompt_drained() {
        const bool awaited =
            fact_.leg == Leg::a && std::ranges::any_of(builder_.state().actions, [](const Action& action) {
                return std::ranges::find(action.ops, OpRole::host_speech, &PendingOp::role) !=
                       action.ops.end();
            });
        CallState& state = builder_.state();
        if (!awaited && state.host_speeches == 0) {
            return ignore("no speech of the host's is queued");
        }
        // What was queued first also drains first: an op that waits for it, if there is one.
        if (awaited) {
            give_cue(CueKind::drained);
        }
        const auto first = std::ranges::find_if(state.actions, [](const Action& action) {
            return std::ranges::find(action.ops, OpRole::host_speech, &PendingOp::role) != action.ops.end();
        });
        if (first == state.actions.end() || first->anonymous) {
            builder_.host_speech_over(moment_.on(Leg::a), moment_.on(Leg::b));
        }
    }

    void fail_transfer(Action& transfer, TransferFailure failure) {
        const SampleIndex on_a = moment_.on(Leg::a);
        const std::string_view stage = stage_of(transfer);
        builder_.cue(Leg::a, MediaCue::Kind::refuse,
                     transfer.answered ? CueKind::released : CueKind::answered, on_a);
        builder_.cut_everything(Leg::b, moment_.on(Leg::b));
        builder_.fail(transfer, on_a, stage, std::move(failure.why), builder_.caller_is_there(),
                      failure.retryable);
    }

    /// The transfer that waits for an answer; null when there is none.
    [[nodiscard]] Action* dialling_transfer() {
        Action* const transfer = builder_.running_transfer();
        return transfer != nullptr && !transfer->answered && has_dialled(*transfer) ? transfer : nullptr;
    }

    StepBuilder& builder_;
    const Fact& fact_;
    const Moment& moment_;
    SampleIndex at_;
};

} // namespace

void take_fact(StepBuilder& builder, const Fact& fact, const HostInput& input) {
    const Moment moment(builder.rules(), input.event.at_s, input.now);
    if (input.refusal) {
        builder.tell(fact.leg, moment.on(fact.leg),
                     FactIgnored{fact.kind, std::string(name(input.refusal->code))});
        return;
    }
    FactTaker(builder, fact, moment).take();
}

} // namespace keytone
