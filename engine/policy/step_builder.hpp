// SPDX-License-Identifier: MIT
//
// What the parts of the policy share: a step under construction. Requests, facts and reports each build one
// step.
#pragma once

#include "engine/media_report.hpp"
#include "engine/policy/call_step.hpp"
#include "engine/policy/transfer_failure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone {

/// When an input takes effect: at a stated time, or now.
class Moment {
  public:
    Moment(const CallRules& rules, std::optional<double> at_s, PerLeg<SampleIndex> now);

    /// The same moment on a leg's clock.
    [[nodiscard]] SampleIndex on(Leg leg) const;
    /// `sample`, or the leg's next sample if `sample` has passed.
    [[nodiscard]] SampleIndex no_sooner_than_now(Leg leg, SampleIndex sample) const {
        return sample < now_[leg] ? now_[leg] : sample;
    }

  private:
    const CallRules* rules_;
    std::optional<double> at_s_;
    PerLeg<SampleIndex> now_;
};

/// The gate that waits for what `wait` names, for at least `at_least`, on a leg that exists since
/// `heard_since`.
Gate listen_gate(const WaitFor& wait, SampleRate rate, Milliseconds at_least, SampleIndex heard_since);

/// The stage of a transfer: that of the first of its ops that has not ended. `[any]`
std::string_view stage_of(const Action& transfer);
/// Whether the host was told to dial: what was heard or reported before that does not belong to this
/// transfer.
/// `[any]`
bool has_dialled(const Action& transfer);

/// Builds one step.
class StepBuilder {
  public:
    /// `rules` must outlive this.
    StepBuilder(const CallRules& rules, CallState state)
        : rules_(rules), step_{std::move(state), {}, {}, {}} {}

    [[nodiscard]] const CallRules& rules() const { return rules_; }
    [[nodiscard]] CallState& state() { return step_.state; }
    [[nodiscard]] const CallState& state() const { return step_.state; }
    [[nodiscard]] const CallStep& step() const { return step_; }
    /// The step as it was built. Nothing may follow.
    [[nodiscard]] CallStep take() { return std::move(step_); }

    // Actions.
    Action& add_action(std::string id, std::string_view name);
    [[nodiscard]] Action* find_action(std::uint32_t number);
    /// The transfer that is not over; null when there is none.
    [[nodiscard]] Action* running_transfer();
    /// The request to end the call; null when there is none.
    [[nodiscard]] Action* ending();
    /// Drops what is concluded and has no op left.
    void tidy();

    // Ops. Each is queued at `since`, to start no sooner than `not_before`.
    struct When {
        SampleIndex since;
        SampleIndex not_before;
    };
    PendingOp& queue(Action& action, Leg leg, OpRole role, When when,
                     std::variant<SpeechOp, KeysOp, Wait, Gate, Bridge, HangUp> what);
    /// Speech for leg a: a prompt, or speech that the host plays.
    void queue_speech(Action& action, const Speech& speech, When when);
    /// The action may say this later: it is made now.
    void will_say(const Action& action, Leg leg, const Speech& speech);
    void cue(Leg leg, MediaCue::Kind kind, CueKind what, SampleIndex at);
    /// Cuts every op before `key` on the leg.
    void cut(Leg leg, OpKey key, SampleIndex at, MediaCue::Kind kind = MediaCue::Kind::cut);
    /// Cuts everything that was queued on the leg so far.
    void cut_everything(Leg leg, SampleIndex at);
    /// The graceful end of the call waits for the host's speech at most `drain_wait` longer than expected.
    void limit_draining(const Action& end, SampleIndex now);
    /// Tells the audio side whether the host's own speech plays: what must not be cut off by the end waits
    /// for it.
    void tell_host_speech(Leg leg, SampleIndex at);
    /// One of the host's speeches is over, at a sample of each leg's clock.
    void host_speech_over(SampleIndex at_a, SampleIndex at_b);
    /// Reports the plan of an op of keys that begins at `begin`.
    void tell_keys(Action& action, PendingOp& op, OpPlanned::Anchor anchor);
    /// How an op ended, and when, on its leg's clock.
    struct OpEnd {
        OpEnded::How how;
        SampleIndex begin;
        SampleIndex end;
        bool expired = false;
    };
    void tell_end(const Action& action, const PendingOp& op, const OpEnd& end);

    // Outcomes.
    template <class What>
    void tell(Leg leg, SampleIndex sample, What what) {
        emit(leg, sample, nullptr, std::move(what));
    }
    template <class What>
    void tell(const Action& action, Leg leg, SampleIndex sample, What what) {
        emit(leg, sample, &action, std::move(what));
    }
    /// The same, remembered as the last outcome of the action.
    template <class What>
    void tell_state(const Action& action, SampleIndex sample, What what) {
        if (!action.anonymous) {
            emit(Leg::a, sample, &action, std::move(what));
            remember_last();
        }
    }
    /// Remembers the last outcome as that of its action.
    void remember_last();
    /// Repeats an outcome of an earlier step, and the response to an HTTP request, if it was one.
    void replay(Outcome again, std::optional<TransferResponse> response);
    void start(Action& action, SampleIndex sample);
    void complete(Action& action, SampleIndex end, std::optional<Code> code = std::nullopt);
    void fail(Action& action, SampleIndex sample, std::string_view stage, Refusal why, bool leg_alive,
              bool retryable);
    /// Cancels an action: at once if nothing of it is queued, otherwise when its ops have ended.
    void cancel(Action& action, SampleIndex sample, Code code);
    /// Cancels every action but `except`.
    void cancel_all(SampleIndex sample, Code code, const Action* except = nullptr);
    /// Leg a is over: nobody may ask for its samples any more, so that no report will come. Ends every op at
    /// leg a's sample, and concludes every action: the end of the call with already_ended, the others as
    /// cancelled with `code`.
    void conclude_everything(SampleIndex sample, Code code);
    /// Ends every op of an action for which no report will come, and reports the keys that went out.
    void abandon_ops(Action& action, SampleIndex sample);
    /// Requests that wait or run.
    [[nodiscard]] std::size_t active_actions() const;

    // The call.
    /// Tells the host to hang a leg up, if it is there.
    void hang_up(Leg leg, SampleIndex sample, const Action* action,
                 std::optional<std::uint32_t> op = std::nullopt);
    /// The transfer that what is heard on `leg` may end: leg b was dialled, and is not connected yet. Null
    /// when there is none.
    [[nodiscard]] Action* unconnected_transfer(Leg leg);
    /// Leg b is hung up at its sample `at_b`, although the network has not said that it is over; the caller
    /// is with the agent again.
    void give_up_target(Action& transfer, TransferFailure failure, SampleIndex at_b);
    /// Who answered, for the gate that waits for it.
    void pass_answer(Leg leg, SampleIndex at, AnsweredBy by);
    /// When what follows a report may begin: the host may take until then to act on the outcome. Long enough
    /// not to depend on its blocks.
    [[nodiscard]] SampleIndex after_reaction(SampleIndex at, Leg leg) const;
    /// The agent's part of the call is over at leg a's sample.
    void end_session(SampleIndex sample, CallPhase phase, std::optional<std::string> transferred_to);
    /// Whether leg a is there for the agent to talk to.
    [[nodiscard]] bool caller_is_there() const;
    /// Whether keys that must be masked are sent on the leg, or may still come back there as an echo.
    [[nodiscard]] bool is_secret(Leg leg, SampleIndex sample) const;
    /// The same moment on the other leg's clock.
    [[nodiscard]] SampleIndex translate(Leg from, SampleIndex sample, Leg to) const;
    [[nodiscard]] char masked(const Action& action, char digit) const {
        return action.sensitive ? '?' : digit;
    }

    /// Reports a key that went out, or a part of one.
    void tell_tone(const Action& action, Leg leg, const ToneCompleted& tone, char digit);

  private:
    void abandon(Action& action, const PendingOp& op, SampleIndex sample);
    [[nodiscard]] SampleCount expected_length(const Action& action, const PendingOp& op) const;
    void emit(Leg leg, SampleIndex sample, const Action* action, decltype(Outcome::what) what);

    const CallRules& rules_;
    CallStep step_;
};

/// The parts of the policy, each in a source of its own.
void take_request(StepBuilder& builder, const Request& request, const HostInput& input);
void take_fact(StepBuilder& builder, const Fact& fact, const HostInput& input);
void take_report(StepBuilder& builder, const MediaReport& report);

// Of the last, in answer_rules.cpp:

/// Call progress, or the end of it, was heard.
void progress_heard(StepBuilder& builder, const MediaReport& report);
/// It was heard who answered.
void answer_heard(StepBuilder& builder, const MediaReport& report);
/// The same, whoever heard it.
void note_answer(StepBuilder& builder, Leg leg, AnsweredBy who, SampleIndex known);
/// The op that waits for who answered has ended: it is known, or will not be.
void decide_by_who(StepBuilder& builder, Action& transfer, const MediaReport& who_ended);
/// The machine on leg b was told everything.
void message_left(StepBuilder& builder, Action& transfer, SampleIndex at_b);
/// Why keys that waited on a leg were not sent.
TransferFailure wait_failure(const CallState& state, const Action& action, Leg leg);

} // namespace keytone
