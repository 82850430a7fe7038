// SPDX-License-Identifier: MIT
//
// Takes what the agent asks for: refuses it, or accepts it and plans ops.
#include "engine/policy/dial_target.hpp"
#include "engine/policy/step_builder.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace keytone {

namespace {

constexpr const char* queued_message = "Transfer queued";

std::string_view function_name(const Request& request) {
    struct Name {
        std::string_view operator()(const Say&) const { return "say"; }
        std::string_view operator()(const ClickIvr&) const { return "click_ivr"; }
        std::string_view operator()(const Transfer&) const { return "transfer"; }
        std::string_view operator()(const TransferRequest&) const { return "transfer"; }
        std::string_view operator()(const EndCall&) const { return "end_call"; }
    };
    return std::visit(Name{}, request);
}

/// Takes one request.
class RequestTaker {
  public:
    RequestTaker(StepBuilder& builder, const HostInput& input, std::string_view name)
        : builder_(builder),
          input_(input),
          moment_(builder.rules(), input.event.at_s, input.now),
          name_(name) {}

    void operator()(const Say& say) {
        if (say.text.empty() && !say.prompt) {
            return reject({Code::invalid_event, "say needs text to speak"});
        }
        if (!is_text(say.text, max_spoken_length)) {
            return reject(
                {Code::invalid_event, "say speaks UTF-8 of at most 2000 characters: send more in parts"});
        }
        Action& action = accept();
        builder_.queue_speech(action, {say.text, say.prompt, say.exact}, now());
    }

    void operator()(const ClickIvr& click) {
        const auto digits = DigitString::parse(click.digits);
        const std::size_t letter = click.digits.find_first_of("ABCD");
        const bool letter_first =
            letter != std::string::npos && (digits.has_value() || letter < digits.error().index);
        if (letter_first && !click.allow_abcd) {
            return reject({Code::invalid_digits, "digits: A-D are sent only with allow_abcd"}, letter);
        }
        if (!digits) {
            return reject(
                {Code::invalid_digits, "digits: " + digits_fault(digits.error().error, click.allow_abcd)},
                digits.error().index);
        }
        if (!ClickIvr::tone_range.contains(click.tone) || !ClickIvr::tone_range.contains(click.gap)) {
            return reject({Code::invalid_event, "tone_ms and gap_ms are 40 to 6000"});
        }
        if (click.wait_for) {
            if (const auto refusal = check(*click.wait_for)) {
                return reject(*refusal);
            }
        }
        if (click.start == ClickIvr::Start::now && builder_.running_transfer() != nullptr) {
            return reject(
                {Code::transfer_in_progress,
                 "the message before a transfer is not cut: leave start out, or wait for the transfer"});
        }
        Action& action = accept({}, click.sensitive);
        action.digits = *digits;
        action.tone.tone = click.tone;
        action.tone.gap = click.gap;
        if (click.start == ClickIvr::Start::now) {
            cut_speech(action);
        }
        if (click.wait_for) {
            const SampleRate rate = builder_.rules().rate[Leg::a];
            action.awaits = click.wait_for->by;
            builder_.queue(action, Leg::a, OpRole::listen, now(),
                           listen_gate(*click.wait_for, rate, Milliseconds{0}, builder_.state().answered_at));
        }
        builder_.queue(action, Leg::a, OpRole::keys, now(), KeysOp{*action.digits, action.tone});
    }

    void operator()(const Transfer& transfer) {
        const AgentSettings* const settings = settings_or_null();
        if (settings != nullptr && !settings->transfer_enabled) {
            return reject({Code::disabled, "the agent may not transfer: transferEnabled is false"});
        }
        take_transfer(transfer, builder_.rules().strict_numbers, "phone_number");
    }

    void operator()(const TransferRequest& request) {
        Transfer transfer;
        transfer.phone_number = request.to;
        answers_ = true;
        if (request.to && request.to->size() > AgentSettings::max_number_length) {
            return reject({Code::invalid_number, "to is an E.164 number of at most 32 characters"},
                          AgentSettings::max_number_length);
        }
        take_transfer(transfer, true, "to");
    }

    void operator()(const EndCall& request) {
        const AgentSettings* const settings = settings_or_null();
        if (settings != nullptr && !settings->end_call_enabled && !request.by_owner) {
            return reject({Code::disabled, "the agent may not hang up: endCallEnabled is false"});
        }
        const bool immediate = request.mode == EndCall::Mode::immediate;
        const Action* const earlier = builder_.ending();
        if (builder_.state().phase == CallPhase::ended ||
            (earlier != nullptr && (!immediate || is_hanging_up(*earlier)))) {
            Action& action = accept();
            return builder_.complete(action, moment_.on(Leg::a), Code::already_ended);
        }
        if (builder_.state().phase == CallPhase::before) {
            return end_unanswered();
        }
        Action& action = accept();
        action.ends_call = true;
        if (immediate) {
            end_at_once(action);
        } else {
            end_when_drained(action, settings);
        }
        builder_.state().phase = CallPhase::ending;
    }

    /// Refuses the request.
    void reject(Refusal why, std::optional<std::size_t> index = std::nullopt) {
        Action action{};
        action.id = input_.event.id.empty() ? "auto-" + std::to_string(builder_.state().next_action++)
                                            : input_.event.id;
        action.name = name_;
        const int status = 400;
        std::string message = why.message;
        const bool passing = why.passing;
        builder_.tell(action, Leg::a, moment_.on(Leg::a), ActionRejected{std::move(why), index});
        if (!passing) {
            builder_.remember_last();
        }
        if (answers_) {
            builder_.tell(action, Leg::a, moment_.on(Leg::a), TransferResponse{status, std::move(message)});
        }
    }

    /// Why no request of this kind can be accepted now; nothing when it can.
    [[nodiscard]] std::optional<Refusal> obstacle(const Request& request) const {
        const CallState& state = builder_.state();
        if (input_.refusal) {
            return input_.refusal;
        }
        if (input_.event.id.size() > max_id_length) {
            return Refusal{Code::invalid_event, "an id is at most 128 bytes"};
        }
        // However full the call is, it can always be ended.
        if (std::holds_alternative<EndCall>(request)) {
            if (state.known.size() >= builder_.rules().max_actions + reserved_ends) {
                return Refusal{Code::queue_full, "this call was asked to end too often"};
            }
            return state.phase == CallPhase::transferred
                       ? std::optional(Refusal{Code::call_transferred,
                                               "the caller was handed over: hanging up is theirs"})
                       : std::nullopt;
        }
        if (state.known.size() >= builder_.rules().max_actions) {
            return Refusal{Code::queue_full, "this call has had " +
                                                 std::to_string(builder_.rules().max_actions) +
                                                 " requests, the most there may be"};
        }
        const std::size_t active = builder_.active_actions();
        if (active >= builder_.rules().max_queued) {
            return Refusal{Code::queue_full,
                           std::to_string(active) +
                               " requests wait already: send it again when one has completed",
                           true};
        }
        switch (state.phase) {
        case CallPhase::in_progress:
            return std::nullopt;
        case CallPhase::before:
            if (builder_.rules().keys_in_early_media && state.early_media &&
                std::holds_alternative<ClickIvr>(request)) {
                return std::nullopt;
            }
            return Refusal{Code::call_not_in_progress, "the call has not been answered yet", true};
        case CallPhase::ending:
            return Refusal{Code::call_not_in_progress, "the call is ending: end_call was the last action"};
        case CallPhase::transferred:
            return Refusal{Code::call_transferred, "the caller was handed over"};
        case CallPhase::ended:
            return Refusal{Code::call_not_in_progress, "the call is over"};
        }
        return std::nullopt;
    }

    void set_answers(bool answers) { answers_ = answers; }

    /// Repeats the last outcome of an id.
    void replay(Outcome again) {
        const auto* const rejected = std::get_if<ActionRejected>(&again.what);
        std::optional<TransferResponse> response;
        if (answers_) {
            response = rejected != nullptr ? TransferResponse{400, rejected->why.message}
                                           : TransferResponse{200, queued_message};
        }
        builder_.replay(std::move(again), std::move(response));
    }

  private:
    [[nodiscard]] const AgentSettings* settings_or_null() const {
        return builder_.rules().settings ? &*builder_.rules().settings : nullptr;
    }

    [[nodiscard]] StepBuilder::When now() const { return {moment_.on(Leg::a), moment_.on(Leg::a)}; }

    Action& accept(std::vector<Warning> warnings = {}, bool sensitive = false) {
        Action& action = builder_.add_action(input_.event.id, name_);
        action.sensitive = sensitive;
        builder_.tell_state(action, moment_.on(Leg::a), ActionAccepted{std::move(warnings)});
        return action;
    }

    /// Whether only the hang-up itself is left of it.
    static bool is_hanging_up(const Action& end) {
        return std::ranges::all_of(end.ops, [](const PendingOp& op) { return op.role == OpRole::hang_up; });
    }

    void cut_speech(const Action& action) {
        builder_.cut(Leg::a, {action.number, 0}, moment_.on(Leg::a), MediaCue::Kind::cut_speech);
        for (Action& earlier : builder_.state().actions) {
            const bool speaks = std::ranges::any_of(earlier.ops, [](const PendingOp& op) {
                return op.role == OpRole::speech || op.role == OpRole::host_speech;
            });
            if (speaks && !earlier.plan && !earlier.ends_call && earlier.number != action.number) {
                builder_.cancel(earlier, moment_.on(Leg::a), Code::superseded);
            }
        }
    }

    /// `number_key`: the name of the number in the request.
    void take_transfer(const Transfer& transfer, bool strict_numbers, std::string_view number_key) {
        if (builder_.running_transfer() != nullptr) {
            return reject({Code::transfer_in_progress, "a transfer is under way: wait for what comes of it"});
        }
        const auto& dial_allow = builder_.rules().dial_allow;
        auto plan =
            plan_transfer(transfer, {settings_or_null(), strict_numbers, number_key, !answers_,
                                     dial_allow ? &*dial_allow : nullptr, builder_.rules().host_speaks});
        if (!plan) {
            return reject(plan.error().why, plan.error().index);
        }
        Action& action = accept(plan->warnings, plan->sensitive);
        if (answers_) {
            builder_.tell(action, Leg::a, moment_.on(Leg::a), TransferResponse{200, queued_message});
        }
        action.digits = plan->tones;
        action.tone.tone = ClickIvr{}.tone;
        action.tone.gap = ClickIvr{}.gap;
        const CallRules& rules = builder_.rules();
        if (plan->message) {
            builder_.queue_speech(action, *plan->message, now());
        }
        if (plan->pause_before_dial > Milliseconds{0}) {
            builder_.queue(action, Leg::a, OpRole::pause, now(),
                           Wait{rules.rate[Leg::a].samples(plan->pause_before_dial)});
        }
        const Milliseconds patience =
            plan->way == TransferPlan::Way::sip_refer ? rules.refer_wait : rules.no_answer;
        action.plan = *std::move(plan);
        if (action.plan->machine_message) {
            builder_.will_say(action, Leg::b, *action.plan->machine_message);
        }
        if (action.plan->way != TransferPlan::Way::sip_refer &&
            builder_.state().legs[Leg::b] == LegPhase::hanging && !builder_.state().names_attempts) {
            // The host's next facts about leg b belong to the attempt before.
            builder_.queue(
                action, Leg::a, OpRole::parting, now(),
                Gate{CueKind::parted, false, false, 0, rules.rate[Leg::a].samples(rules.part_wait)});
        }
        builder_.queue(action, Leg::a, OpRole::dial, now(),
                       Gate{CueKind::answered, false, true, 0, rules.rate[Leg::a].samples(patience)});
        builder_.queue(action, Leg::a, OpRole::hold, now(),
                       Gate{CueKind::released, false, true, 0, unlimited});
    }

    void end_unanswered() {
        Action& action = accept();
        action.ends_call = true;
        builder_.state().legs[Leg::a] = LegPhase::dialled; // there is a call to hang up
        builder_.hang_up(Leg::a, moment_.on(Leg::a), &action);
        builder_.complete(action, moment_.on(Leg::a));
        builder_.end_session(moment_.on(Leg::a), CallPhase::ended, std::nullopt);
    }

    void end_at_once(Action& action) {
        const Action* const transfer = builder_.running_transfer();
        if (transfer != nullptr) {
            builder_.cut_everything(Leg::b, moment_.on(Leg::b));
            builder_.hang_up(Leg::b, moment_.on(Leg::b), transfer);
        }
        builder_.cancel_all(moment_.on(Leg::a), Code::superseded, &action);
        builder_.cut(Leg::a, {action.number, 0}, moment_.on(Leg::a));
        builder_.queue(action, Leg::a, OpRole::hang_up, now(), HangUp{});
    }

    void end_when_drained(Action& action, const AgentSettings* settings) {
        const SampleRate rate = builder_.rules().rate[Leg::a];
        if (settings != nullptr && !settings->end_call_message.empty()) {
            builder_.queue_speech(action, {settings->end_call_message, std::nullopt, true}, now());
        }
        builder_.queue(action, Leg::a, OpRole::end_silence, now(),
                       Wait{rate.samples(builder_.rules().end_silence), true});
        builder_.queue(action, Leg::a, OpRole::hang_up, now(), HangUp{});
        if (builder_.running_transfer() == nullptr) {
            builder_.limit_draining(action, moment_.on(Leg::a));
        }
    }

    StepBuilder& builder_;
    const HostInput& input_;
    Moment moment_;
    std::string_view name_;
    bool answers_ = false;
};

} // namespace

Gate listen_gate(const WaitFor& wait, SampleRate rate, Milliseconds at_least, SampleIndex heard_since) {
    return {wait.what,
            true,
            wait.fallback == WaitFor::Fallback::fail,
            rate.samples(std::max(wait.min_wait, at_least)),
            rate.samples(std::max(wait.max_wait, at_least)),
            wait.silence ? rate.samples(*wait.silence) : 0,
            heard_since,
            nullptr,
            wait.by};
}

void take_request(StepBuilder& builder, const Request& request, const HostInput& input) {
    RequestTaker taker(builder, input, function_name(request));
    taker.set_answers(std::holds_alternative<TransferRequest>(request));
    const auto& known = builder.state().known;
    const auto same = std::ranges::find(known, input.event.id, &KnownId::id);
    if (!input.event.id.empty() && same != known.end()) {
        taker.replay(same->last);
        return;
    }
    if (auto refusal = taker.obstacle(request)) {
        taker.reject(*std::move(refusal));
        return;
    }
    std::visit(taker, request);
}

} // namespace keytone
