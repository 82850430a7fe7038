// SPDX-License-Identifier: MIT
#include "engine/session.hpp"

#include "engine/ringback.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace keytone {

namespace {

/// How many cues one report may cause, on either leg.
constexpr std::size_t cues_per_report = 2;
/// Places kept free for ending a call, however full its queues are: for a farewell, a silence and a hang-up,
/// and for the cuts before them.
constexpr std::size_t ops_to_end = 3;
constexpr std::size_t cues_to_end = 3;

CallMediaConfig media_config(const SessionConfig& config) {
    CallMediaConfig media{config.rules.rate};
    media.bridge_delay = config.bridge_delay;
    media.max_block = config.max_block;
    media.mix_bridge = config.mix_bridge;
    media.keys = config.rules.keys;
    media.mute_bridged_keys = config.rules.mute_bridged_keys;
    media.call = {config.rules.hear_all, config.rules.country};
    media.limits = config.limits;
    return media;
}

/// Whether the event may be the last one that a call needs.
bool may_end_call(const CallEvent& event) {
    const auto* const request = std::get_if<Request>(&event.what);
    const auto* const fact = std::get_if<Fact>(&event.what);
    return (request != nullptr && std::holds_alternative<EndCall>(*request)) ||
           (fact != nullptr && fact->kind == Fact::Kind::leg_ended);
}

} // namespace

Session::Session(const SessionConfig& config)
    : rules_(config.rules), prompts_(config.prompts), media_(media_config(config)) {
    rules_.host_speaks = rules_.host_speaks || prompts_ == nullptr;
}

void Session::submit(const CallEvent& event) {
    take_reports();
    HostInput input = input_of(event);
    CallStep next = step(rules_, state_, input);
    std::vector<MediaOp> ops;
    std::vector<Held> held;
    std::optional<Refusal> refusal = prepare(next, ops, held);
    if (!refusal && !has_room(event, next)) {
        refusal = Refusal{Code::queue_full,
                          "the call's queues are full: send it again when something has completed", true};
    }
    if (refusal) {
        // Nothing was passed on: the state is what it was.
        input.refusal = std::move(refusal);
        next = step(rules_, state_, input);
        ops.clear();
        held.clear();
    }
    commit(std::move(next), ops, std::move(held));
}

std::optional<Outcome> Session::poll() {
    if (next_outcome_ == outcomes_.size()) {
        outcomes_.clear();
        next_outcome_ = 0;
        take_reports();
    }
    if (next_outcome_ == outcomes_.size()) {
        return std::nullopt;
    }
    return std::move(outcomes_[next_outcome_++]);
}

void Session::process(Leg leg, std::span<const std::int16_t> heard, std::span<std::int16_t> sent,
                      Upcoming<Session> upcoming) noexcept {
    const auto media = [](const Session* session) { return session != nullptr ? &session->media_ : nullptr; };
    media_.process(leg, heard, sent, {media(upcoming.later), media(upcoming.soon)});
}

HostInput Session::input_of(const CallEvent& event) const {
    return {event, {media_.position(Leg::a), media_.position(Leg::b)}, std::nullopt};
}

/// What the caller hears until leg b answers. Errors: prompt_failed.
Result<PromptPtr, Refusal> Session::hold_sound(SampleRate rate) {
    if (rules_.hold == Hold::ringback) {
        return ringback(rate);
    }
    if (prompts_ == nullptr) {
        return Refusal{Code::prompt_failed,
                       "hold: the host plays all prompts: let it play this one, and leave "
                       "hold out"};
    }
    auto prompt = prompts_->load(rules_.hold_prompt, rate);
    if (!prompt) {
        return Refusal{Code::prompt_failed, "hold: " + prompt.error().message};
    }
    return *std::move(prompt);
}

Result<PromptPtr, Refusal> Session::make_prompt(const Speech& speech, SampleRate rate) const {
    auto prompt = speech.prompt ? prompts_->load(*speech.prompt, rate) : prompts_->speak(speech.text, rate);
    if (!prompt) {
        return Refusal{Code::prompt_failed, prompt.error().message};
    }
    return *std::move(prompt);
}

/// What was made ahead for the action, or else what is made now.
Result<PromptPtr, Refusal> Session::prompt_of(const PlannedOp& planned, const Speech& speech) const {
    const auto ahead = std::ranges::find(held_, OpKey{planned.key.action, 0}, &Held::key);
    if (planned.leg == Leg::b && ahead != held_.end()) {
        return ahead->prompt;
    }
    return make_prompt(speech, rules_.rate[planned.leg]);
}

/// Makes prompts and generators of what the policy planned.
std::optional<Refusal> Session::prepare(CallStep& step, std::vector<MediaOp>& ops, std::vector<Held>& held) {
    if (step.later) {
        auto prompt = make_prompt(step.later->speech, rules_.rate[step.later->leg]);
        if (!prompt) {
            return prompt.error();
        }
        held.push_back({{step.later->action, 0}, *std::move(prompt), nullptr});
    }
    for (const PlannedOp& planned : step.ops) {
        const SampleRate rate = rules_.rate[planned.leg];
        MediaOp op{planned.key, planned.known_since, planned.not_before, Wait{0}};
        if (const auto* const speech = std::get_if<SpeechOp>(&planned.what)) {
            auto prompt = prompt_of(planned, speech->speech);
            if (!prompt) {
                return prompt.error();
            }
            op.what = PlayPrompt{(*prompt)->samples, speech->max_length};
            held.push_back({planned.key, *std::move(prompt), nullptr});
        } else if (const auto* const keys = std::get_if<KeysOp>(&planned.what)) {
            const auto generator = DtmfGenerator::create(keys->digits, keys->tone, rate);
            if (!generator) {
                return Refusal{Code::invalid_event, std::string(text(generator.error()))};
            }
            auto kept = std::make_unique<const DtmfGenerator>(*generator);
            op.what = SendTones{kept.get(), rate.samples(keys->tone.gap)};
            held.push_back({planned.key, nullptr, std::move(kept)});
        } else {
            std::visit(
                [&op](const auto& what) {
                    if constexpr (std::is_constructible_v<decltype(op.what), decltype(what)>) {
                        op.what = what;
                    }
                },
                planned.what);
        }
        auto* const gate = std::get_if<Gate>(&op.what);
        if (gate != nullptr && gate->cue == CueKind::answered && rules_.hold != Hold::silence) {
            auto sound = hold_sound(rate);
            if (!sound) {
                return sound.error();
            }
            gate->hold = sound->get();
            held.push_back({planned.key, *std::move(sound), nullptr});
        }
        ops.push_back(op);
        note_length(step.state, op);
    }
    return std::nullopt;
}

/// Notes the length of a prompt: the policy needs it to say how much is lost when no report comes any more.
void Session::note_length(CallState& state, const MediaOp& op) {
    const auto action = std::ranges::find(state.actions, op.key.action, &Action::number);
    const auto* const prompt = std::get_if<PlayPrompt>(&op.what);
    if (prompt == nullptr || action == state.actions.end()) {
        return;
    }
    const auto pending = std::ranges::find(action->ops, op.key.index, &PendingOp::index);
    if (pending != action->ops.end()) {
        pending->length = std::ssize(prompt->samples);
    }
}

bool Session::has_room(const CallEvent& event, const CallStep& step) const {
    const bool ends = may_end_call(event);
    return std::ranges::all_of(both_legs, [&](Leg leg) {
        const auto ops = static_cast<std::size_t>(std::ranges::count(step.ops, leg, &PlannedOp::leg));
        const auto cues = static_cast<std::size_t>(std::ranges::count(step.cues, leg, &PlannedCue::leg));
        // A step that needs no room always has it.
        return (ops == 0 || ops + (ends ? 0 : ops_to_end) <= media_.free_ops(leg)) &&
               (cues == 0 || cues + (ends ? 0 : cues_to_end) <= media_.free_cues(leg));
    });
}

/// Sets the step's state, and passes on what it planned; there is room for it.
void Session::commit(CallStep step, const std::vector<MediaOp>& ops, std::vector<Held> held) {
    state_ = std::move(step.state);
    std::ranges::move(held, std::back_inserter(held_));
    for (const PlannedCue& planned : step.cues) {
        static_cast<void>(media_.try_push(planned.leg, planned.cue));
    }
    for (std::size_t i = 0; i < ops.size(); ++i) {
        static_cast<void>(media_.try_push(step.ops[i].leg, ops[i]));
    }
    std::ranges::move(step.outcomes, std::back_inserter(outcomes_));
    std::erase_if(held_, [this](const Held& entry) {
        return entry.key.index == 0 &&
               std::ranges::find(state_.actions, entry.key.action, &Action::number) == state_.actions.end();
    });
}

bool Session::has_room_for_ops(const CallStep& step) const {
    return std::ranges::all_of(both_legs, [&](Leg leg) {
        return static_cast<std::size_t>(std::ranges::count(step.ops, leg, &PlannedOp::leg)) <=
               media_.free_ops(leg);
    });
}

/// Ops that cannot be passed on have failed before they began.
void Session::take_report(const MediaReport& report) {
    CallStep next = step(rules_, std::move(state_), report);
    std::vector<MediaOp> ops;
    std::vector<Held> held;
    if (next.ops.empty() || (has_room_for_ops(next) && !prepare(next, ops, held))) {
        return commit(std::move(next), ops, std::move(held));
    }
    const PlannedOp first = next.ops.front();
    next.ops.clear();
    commit(std::move(next), {}, {});
    const MediaReport failed{.kind = MediaReport::Kind::op_failed,
                             .leg = first.leg,
                             .key = first.key,
                             .begin = first.not_before,
                             .end = first.not_before};
    commit(step(rules_, std::move(state_), failed), {}, {});
}

/// Takes what the audio side reported, as long as there is room for what follows.
void Session::take_reports() {
    MediaReport report{};
    while (
        std::ranges::all_of(both_legs, [&](Leg leg) { return media_.free_cues(leg) >= cues_per_report; }) &&
        media_.try_pop(report)) {
        take_report(report);
        if (ends_op(report.kind)) {
            std::erase_if(held_, [&](const Held& entry) { return entry.key == report.key; });
        }
    }
    if (const std::uint64_t lost = media_.reports_lost(); lost != state_.reports_lost) {
        commit(step_reports_lost(std::move(state_), lost), {}, {});
    }
}

} // namespace keytone
