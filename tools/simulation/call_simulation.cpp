// SPDX-License-Identifier: MIT
#include "tools/simulation/call_simulation.hpp"

#include "tools/simulation/scenario_json.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace keytone::simulation {

namespace {

/// How much of a call is kept after the last event, in seconds.
constexpr double tail_s = 1.0;

SessionConfig session_config(const Scenario& scenario, PromptSource& prompts) {
    SessionConfig config;
    config.rules = json::rules_of(scenario.header);
    config.prompts = &prompts;
    config.mix_bridge = true;
    config.bridge_delay = CallSimulation::max_block;
    config.max_block = CallSimulation::max_block;
    return config;
}

} // namespace

Result<std::unique_ptr<CallSimulation>, PromptError> CallSimulation::create(const Scenario& scenario,
                                                                            PromptSource& prompts) {
    auto far_side = FarSide::create(scenario, prompts);
    if (!far_side) {
        return far_side.error();
    }
    return std::unique_ptr<CallSimulation>(new CallSimulation(scenario, *std::move(far_side), prompts));
}

CallSimulation::CallSimulation(const Scenario& scenario, FarSide far_side, PromptSource& prompts)
    : scenario_(scenario),
      far_side_(std::move(far_side)),
      session_(session_config(scenario, prompts)),
      record_{scenario.header.call,
              scenario.header.session,
              {scenario.header.rate, scenario.header.rate_b},
              {},
              {}},
      due_(scenario.events) {}

double CallSimulation::position_s() const {
    return rate(Leg::a).seconds(end_[Leg::a]);
}

double CallSimulation::expected_end_s() const {
    double end_s = std::max(quiet_since_s_ + tail_s, far_side_.sounds_end_s());
    for (const CallEvent& event : due_) {
        end_s = std::max(end_s, *event.at_s + tail_s);
    }
    return scenario_.end_s.value_or(std::min(end_s, max_end_s));
}

bool CallSimulation::over() const {
    if (scenario_.end_s) {
        return position_s() >= *scenario_.end_s;
    }
    const bool busy =
        std::ranges::any_of(session_.state().actions, [](const Action& action) { return !action.concluded; });
    return cut_ || (!busy && due_.empty() && position_s() >= expected_end_s());
}

void CallSimulation::prepare(SampleCount block) {
    const SampleIndex begin = end_[Leg::a];
    end_[Leg::a] = begin + block;
    end_[Leg::b] = rate(Leg::b).samples(rate(Leg::a).milliseconds(end_[Leg::a]));
    const double end_s = position_s();
    const auto later =
        std::ranges::find_if(due_, [&](const CallEvent& event) { return *event.at_s >= end_s; });
    for (auto event = due_.begin(); event != later; ++event) {
        session_.submit(*event);
    }
    due_.erase(due_.begin(), later);
    for (const Leg leg : both_legs) {
        // Resized here, so that nothing is allocated where samples flow.
        record_.audio[leg].sent.resize(static_cast<std::size_t>(end_[leg]));
        record_.audio[leg].heard.resize(static_cast<std::size_t>(end_[leg]));
    }
}

void CallSimulation::process() noexcept {
    process(Leg::a);
    process(Leg::b);
}

void CallSimulation::process(Leg leg) noexcept {
    const SampleIndex begin = session_.position(leg);
    LegAudio& audio = record_.audio[leg];
    const auto offset = static_cast<std::size_t>(begin);
    const std::span<std::int16_t> heard = std::span(audio.heard).subspan(offset);
    const std::span<std::int16_t> sent = std::span(audio.sent).subspan(offset);
    if (sent.empty()) { // This leg's rate is lower, and the block very short.
        return;
    }
    far_side_.hear(leg, begin, heard);
    far_side_.speak(leg, begin, sent);
    session_.process(leg, heard, sent);
}

void CallSimulation::collect() {
    while (auto outcome = session_.poll()) {
        for (CallEvent& fact : far_side_.react(*outcome)) {
            facts_.push_back(fact);
            const auto later =
                std::ranges::upper_bound(due_, *fact.at_s, {}, [](const CallEvent& e) { return *e.at_s; });
            due_.insert(later, std::move(fact));
        }
        quiet_since_s_ = std::max(quiet_since_s_, rate(outcome->leg).seconds(outcome->sample));
        record_.outcomes.push_back(*std::move(outcome));
    }
    const bool hung_up = session_.state().phase == CallPhase::ended;
    if (hung_up) {
        // The call is over: the far side reacts no more.
        std::erase_if(due_, [](const CallEvent& event) { return std::holds_alternative<Fact>(event.what); });
    }
    cut_ = cut_ || (!scenario_.end_s && position_s() >= max_end_s);
}

std::string CallSimulation::recording() const {
    std::string text;
    const auto add = [&text](const std::string& line) { text += line + "\n"; };
    std::ranges::for_each(scenario_.lines, add);
    for (const CallEvent& fact : facts_) {
        if (std::ranges::find(due_, *fact.at_s, [](const CallEvent& e) { return *e.at_s; }) == due_.end()) {
            add(fact_line(fact));
        }
    }
    std::ranges::for_each(far_side_.recorded_lines(), add);
    if (!scenario_.end_s) {
        add(end_line(position_s()));
    }
    return text;
}

} // namespace keytone::simulation
