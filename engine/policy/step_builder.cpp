// SPDX-License-Identifier: MIT
#include "engine/policy/step_builder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace keytone {

namespace {

/// The number of the op that holds the agent's later ops back: higher than any that is reported.
constexpr std::uint32_t hold_index = 1000;
/// How long the host may take to act on an outcome, before the agent's next words.
constexpr Milliseconds host_reaction{100};
/// How many keys are remembered while they may still come back: the shortest (40 ms, and a gap of as much)
/// for longer than an echo takes.
constexpr std::size_t max_sent = 24;

} // namespace

Moment::Moment(const CallRules& rules, std::optional<double> at_s, PerLeg<SampleIndex> now)
    : rules_(&rules), now_(now) {
    if (at_s && !std::isnan(*at_s)) {
        at_s_ = std::clamp(*at_s, 0.0, max_at_s);
    }
}

SampleIndex Moment::on(Leg leg) const {
    return at_s_ ? rules_->rate[leg].samples(Milliseconds{1000.0 * *at_s_}) : now_[leg];
}

std::string_view stage_of(const Action& transfer) {
    for (const PendingOp& op : transfer.ops) {
        switch (op.role) {
        case OpRole::speech:
        case OpRole::host_speech:
            return "message";
        case OpRole::pause:
            return "pause";
        case OpRole::dial:
            if (!transfer.answered) {
                return transfer.plan->way == TransferPlan::Way::sip_refer ? "refer" : "dial";
            }
            break;
        case OpRole::listen:
            return "wait";
        case OpRole::keys:
            return "extension";
        case OpRole::who:
        case OpRole::beep:
        case OpRole::left_words:
        case OpRole::left_end:
            return "answer";
        case OpRole::parting:
            return "dial";
        case OpRole::hold:
        case OpRole::end_silence:
        case OpRole::hang_up:
            break;
        case OpRole::bridge:
            return "bridge";
        }
    }
    return transfer.answered && transfer.plan->asks_who() ? "answer" : "bridge";
}

bool has_dialled(const Action& transfer) {
    const auto dial = std::ranges::find(transfer.ops, OpRole::dial, &PendingOp::role);
    return dial == transfer.ops.end() || dial->begin >= 0;
}

Action& StepBuilder::add_action(std::string id, std::string_view name) {
    Action action{};
    action.number = step_.state.next_action++;
    action.id = id.empty() ? "auto-" + std::to_string(action.number) : std::move(id);
    action.name = name;
    return step_.state.actions.emplace_back(std::move(action));
}

Action* StepBuilder::find_action(std::uint32_t number) {
    const auto found = std::ranges::find(step_.state.actions, number, &Action::number);
    return found == step_.state.actions.end() ? nullptr : &*found;
}

Action* StepBuilder::running_transfer() {
    const auto found = std::ranges::find_if(step_.state.actions, [](const Action& action) {
        return action.plan && !action.concluded && !action.cancelling;
    });
    return found == step_.state.actions.end() ? nullptr : &*found;
}

Action* StepBuilder::ending() {
    const auto found = std::ranges::find_if(step_.state.actions, [](const Action& action) {
        return action.ends_call && !action.concluded && !action.cancelling;
    });
    return found == step_.state.actions.end() ? nullptr : &*found;
}

void StepBuilder::tidy() {
    std::erase_if(step_.state.actions,
                  [](const Action& action) { return action.concluded && action.ops.empty(); });
}

PendingOp& StepBuilder::queue(Action& action, Leg leg, OpRole role, When when,
                              std::variant<SpeechOp, KeysOp, Wait, Gate, Bridge, HangUp> what) {
    const std::uint32_t index = role == OpRole::hold ? hold_index : action.next_op++;
    SampleCount length = 0;
    if (const auto* const keys = std::get_if<KeysOp>(&what)) {
        const auto generator = DtmfGenerator::create(keys->digits, keys->tone, rules_.rate[leg]);
        length = generator ? generator->length() : 0;
    } else if (const auto* const wait = std::get_if<Wait>(&what)) {
        length = wait->length;
    } else if (const auto* const gate = std::get_if<Gate>(&what); gate != nullptr && gate->listen) {
        length = gate->max_length;
    }
    step_.ops.push_back({{action.number, index}, leg, when.since, when.not_before, std::move(what)});
    PendingOp& op = action.ops.emplace_back(PendingOp{index, leg, role});
    op.length = length;
    return op;
}

void StepBuilder::will_say(const Action& action, Leg leg, const Speech& speech) {
    step_.later = LaterSpeech{action.number, leg, speech};
}

void StepBuilder::cue(Leg leg, MediaCue::Kind kind, CueKind what, SampleIndex at) {
    step_.cues.push_back({leg, {kind, what, {}, at}});
}

void StepBuilder::cut(Leg leg, OpKey key, SampleIndex at, MediaCue::Kind kind) {
    step_.cues.push_back({leg, {kind, CueKind::drained, key, at}});
}

void StepBuilder::tell_keys(Action& action, PendingOp& op, OpPlanned::Anchor anchor) {
    OpPlanned plan{op.index, action.name_of(op), anchor, {}, std::nullopt, std::nullopt};
    const SampleIndex begin = anchor.sample + anchor.offset;
    const auto generator = DtmfGenerator::create(*action.digits, action.tone, rules_.rate[op.leg]);
    if (generator) {
        generator->for_each_tone([&](const DtmfGenerator::Tone& tone) {
            plan.tones.push_back(
                {masked(action, tone.key.character()), begin + tone.begin, begin + tone.end});
        });
        plan.end = begin + generator->length();
    }
    op.planned = true;
    op.begin = begin;
    tell(action, op.leg, begin, std::move(plan));
}

void StepBuilder::tell_end(const Action& action, const PendingOp& op, const OpEnd& end) {
    if (is_told(op.role) && !action.anonymous) {
        tell(action, op.leg, end.end,
             OpEnded{op.index, action.name_of(op), end.how, end.begin, end.end, end.expired});
    }
}

void StepBuilder::emit(Leg leg, SampleIndex sample, const Action* action, decltype(Outcome::what) what) {
    Outcome outcome{step_.state.next_seq++, leg, sample, {}, {}, false, false, std::move(what)};
    if (action != nullptr) {
        outcome.id = action->id;
        outcome.name = action->name;
        outcome.sensitive = action->sensitive;
    }
    step_.outcomes.push_back(std::move(outcome));
}

void StepBuilder::remember_last() {
    const Outcome& outcome = step_.outcomes.back();
    const auto known = std::ranges::find(step_.state.known, outcome.id, &KnownId::id);
    if (known != step_.state.known.end()) {
        known->last = outcome;
        return;
    }
    const std::size_t room = rules_.max_actions + (outcome.name == "end_call" ? reserved_ends : 0);
    if (step_.state.known.size() < room && outcome.id.size() <= max_id_length) {
        step_.state.known.push_back({outcome.id, outcome});
    }
}

void StepBuilder::replay(Outcome again, std::optional<TransferResponse> response) {
    again.seq = step_.state.next_seq++;
    again.replayed = true;
    step_.outcomes.push_back(again);
    if (response) {
        again.seq = step_.state.next_seq++;
        again.sensitive = false;
        again.what = std::move(*response);
        step_.outcomes.push_back(std::move(again));
    }
}

void StepBuilder::start(Action& action, SampleIndex sample) {
    if (!action.started) {
        action.started = true;
        action.begin = sample;
        tell_state(action, sample, ActionStarted{});
    }
}

void StepBuilder::complete(Action& action, SampleIndex end, std::optional<Code> code) {
    start(action, end);
    action.concluded = true;
    action.end = std::max(end, action.begin); // Clocks of different rates may differ by half a sample.
    std::optional<AnsweredBy> by;
    if (action.plan && action.plan->asks_who()) {
        by = step_.state.answered_by[Leg::b].value_or(AnsweredBy::unknown);
    }
    tell_state(action, end, ActionCompleted{action.begin, action.end, code, action.lost, by});
}

void StepBuilder::fail(Action& action, SampleIndex sample, std::string_view stage, Refusal why,
                       bool leg_alive, bool retryable) {
    action.concluded = true;
    // A call that is ending accepts no more requests.
    const bool again = retryable && leg_alive && step_.state.phase == CallPhase::in_progress;
    tell_state(action, sample, ActionFailed{stage, std::move(why), action.sip, leg_alive, again});
    const Action* const end = ending();
    if (action.plan && end != nullptr && leg_alive) {
        // The hang-up waited for the transfer: only now does its own limit begin to run.
        limit_draining(*end, sample);
    }
}

void StepBuilder::cancel(Action& action, SampleIndex sample, Code code) {
    if (action.concluded || action.cancelling) {
        return;
    }
    action.cancelling = code;
    if (action.ops.empty()) {
        action.concluded = true;
        tell_state(action, sample, ActionCancelled{code, action.lost});
    }
}

void StepBuilder::cancel_all(SampleIndex sample, Code code, const Action* except) {
    for (Action& action : step_.state.actions) {
        if (&action != except) {
            cancel(action, sample, code);
        }
    }
}

void StepBuilder::abandon_ops(Action& action, SampleIndex sample) {
    for (const PendingOp& op : std::exchange(action.ops, {})) {
        abandon(action, op, std::min(translate(Leg::a, sample, op.leg), op.cut_at));
    }
}

/// Ends an op as the audio side does when it cuts it at `sample`, as no report may come any more: what sounds
/// fades out, and no further key begins.
void StepBuilder::abandon(Action& action, const PendingOp& op, SampleIndex sample) {
    const bool began = op.begin >= 0 && op.begin < sample;
    const SampleIndex faded = sample + rules_.rate[op.leg].samples(fade_length);
    SampleIndex end = sample;
    if (began && op.role == OpRole::keys) {
        const auto generator = DtmfGenerator::create(*action.digits, action.tone, rules_.rate[op.leg]);
        std::uint32_t index = 0;
        const auto tell_begun = [&](const DtmfGenerator::Tone& tone) {
            const SampleIndex tone_begin = op.begin + tone.begin;
            const SampleIndex tone_end = op.begin + tone.end;
            if (tone_begin < sample && index >= op.tones_told) {
                const SampleIndex last = std::min(tone_end, faded);
                const bool cut = tone_end > sample;
                tell_tone(action, op.leg,
                          {op.index, index, masked(action, tone.key.character()), tone_begin, last, cut},
                          tone.key.character());
                end = cut ? last : end;
            }
            ++index;
        };
        if (generator) {
            generator->for_each_tone(tell_begun);
        }
    }
    if (op.role == OpRole::speech || op.role == OpRole::left_words || op.role == OpRole::keys) {
        action.lost += began ? std::max<SampleCount>(0, op.begin + op.length - end) : op.length;
    }
    tell_end(action, op, {OpEnded::How::cancelled, began ? op.begin : end, end});
}

void StepBuilder::tell_tone(const Action& action, Leg leg, const ToneCompleted& tone, char digit) {
    tell(action, leg, tone.begin, tone);
    auto& sent = step_.state.sent;
    if (sent.size() == max_sent) {
        sent.erase(sent.begin());
    }
    sent.push_back(
        {action.id, action.name, action.sensitive, tone.op, tone.index, digit, leg, tone.begin, tone.end});
}

void StepBuilder::conclude_everything(SampleIndex sample, Code code) {
    for (Action& action : step_.state.actions) {
        abandon_ops(action, sample);
        if (action.concluded) {
            continue;
        }
        if (action.ends_call && !action.cancelling) {
            complete(action, sample, Code::already_ended);
        } else {
            action.concluded = true;
            tell_state(action, sample, ActionCancelled{action.cancelling.value_or(code), action.lost});
        }
    }
}

std::size_t StepBuilder::active_actions() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(step_.state.actions, [](const Action& action) { return !action.concluded; }));
}

void StepBuilder::cut_everything(Leg leg, SampleIndex at) {
    cut(leg, {step_.state.next_action, 0}, at);
    for (Action& action : step_.state.actions) {
        for (PendingOp& op : action.ops) {
            op.cut_at = op.leg == leg ? std::min(op.cut_at, at) : op.cut_at;
        }
    }
}

void StepBuilder::hang_up(Leg leg, SampleIndex sample, const Action* action,
                          std::optional<std::uint32_t> op) {
    LegPhase& phase = step_.state.legs[leg];
    if (phase == LegPhase::none || phase == LegPhase::hanging || phase == LegPhase::ended) {
        return;
    }
    phase = leg == Leg::b ? LegPhase::hanging : LegPhase::ended;
    Intent intent{};
    intent.what = Intent::Do::hangup;
    intent.op = op;
    if (action != nullptr) {
        tell(*action, leg, sample, std::move(intent));
    } else {
        tell(leg, sample, std::move(intent));
    }
}

SampleIndex StepBuilder::after_reaction(SampleIndex at, Leg leg) const {
    return at + rules_.rate[leg].samples(host_reaction);
}

void StepBuilder::end_session(SampleIndex sample, CallPhase phase,
                              std::optional<std::string> transferred_to) {
    const bool had_agent =
        step_.state.phase == CallPhase::in_progress || step_.state.phase == CallPhase::ending;
    step_.state.phase = phase;
    if (had_agent) {
        const double duration = rules_.rate[Leg::a].seconds(sample - step_.state.answered_at);
        tell(Leg::a, sample,
             SessionCompleted{phase == CallPhase::transferred, duration, sample, std::move(transferred_to)});
    }
}

bool StepBuilder::caller_is_there() const {
    return step_.state.legs[Leg::a] == LegPhase::answered;
}

bool StepBuilder::is_secret(Leg leg, SampleIndex sample) const {
    const SampleCount echo = rules_.rate[leg].samples(max_echo_delay);
    const bool sending = std::ranges::any_of(step_.state.actions, [&](const Action& action) {
        return action.sensitive && std::ranges::any_of(action.ops, [&](const PendingOp& op) {
                   return op.role == OpRole::keys && op.leg == leg && op.begin >= 0 && op.begin <= sample;
               });
    });
    return sending || std::ranges::any_of(step_.state.sent, [&](const SentTone& tone) {
               return tone.sensitive && tone.leg == leg && tone.begin <= sample && sample <= tone.end + echo;
           });
}

SampleIndex StepBuilder::translate(Leg from, SampleIndex sample, Leg to) const {
    if (rules_.rate[from] == rules_.rate[to]) {
        return sample;
    }
    return rules_.rate[to].samples(rules_.rate[from].milliseconds(sample));
}

} // namespace keytone
