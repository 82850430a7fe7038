// SPDX-License-Identifier: MIT
#include "server/control/scenario_agent.hpp"

#include "dsp/sample_rate.hpp"

#include <algorithm>
#include <utility>

namespace keytone::server {

Result<std::unique_ptr<ScenarioAgent>, PromptError>
ScenarioAgent::create(const simulation::Scenario& scenario, PromptSource& prompts) {
    simulation::Scenario live = scenario;
    std::erase_if(live.sounds, [](const simulation::Sound& sound) { return !sound.by_agent; });
    live.header.rate = SampleRate::narrowband();
    live.header.rate_b = SampleRate::narrowband();
    auto sounds = simulation::FarSide::create(live, prompts);
    if (!sounds) {
        return sounds.error();
    }
    return std::unique_ptr<ScenarioAgent>(new ScenarioAgent(live, *std::move(sounds)));
}

ScenarioAgent::ScenarioAgent(const simulation::Scenario& scenario, simulation::FarSide sounds)
    : sounds_(std::move(sounds)), end_s_(scenario.end_s) {
    for (const CallEvent& event : scenario.events) {
        const auto* const fact = std::get_if<Fact>(&event.what);
        if (fact == nullptr) {
            requests_.push_back(event);
        } else if (fact->kind == Fact::Kind::leg_answered && fact->leg == Leg::a) {
            answered_s_ = event.at_s.value_or(0.0);
        }
    }
}

void ScenarioAgent::start(SampleIndex at) {
    started_.store(at);
}

// Where the scenario's time lies on the call's clock.
SampleIndex ScenarioAgent::on_call(double at_s) const {
    return started_.load() + SampleRate::narrowband().samples(Milliseconds{1000.0 * (at_s - answered_s_)});
}

double ScenarioAgent::call_time_s(double at_s) const {
    return started_.load() < 0 ? at_s : std::max(0.0, SampleRate::narrowband().seconds(on_call(at_s)));
}

std::vector<CallEvent> ScenarioAgent::due(SampleIndex now) {
    std::vector<CallEvent> events;
    if (started_.load() < 0) {
        return events;
    }
    for (; next_ < requests_.size() && on_call(requests_[next_].at_s.value_or(0.0)) <= now; ++next_) {
        events.push_back(requests_[next_]);
        events.back().at_s.reset();
    }
    return events;
}

std::optional<SampleIndex> ScenarioAgent::end_at() const {
    return end_s_ && started_.load() >= 0 ? std::optional(on_call(*end_s_)) : std::nullopt;
}

void ScenarioAgent::speak(Leg leg, std::span<std::int16_t> out) noexcept {
    const SampleIndex begin = spoken_[leg];
    spoken_[leg] += static_cast<SampleCount>(out.size());
    const SampleIndex started = started_.load();
    if (started >= 0) {
        sounds_.speak(
            leg, begin - started + SampleRate::narrowband().samples(Milliseconds{1000.0 * answered_s_}), out);
    }
}

} // namespace keytone::server
