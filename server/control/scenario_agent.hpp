// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "engine/call_event.hpp"
#include "engine/prompt.hpp"
#include "server/media/agent_audio.hpp"
#include "tools/simulation/far_side.hpp"
#include "tools/simulation/scenario.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace keytone::server {

/// The agent of a scenario on a live call: what it asks for and what it says, at the scenario's times from
/// the answer of leg a. What the scenario says of the far side is left out, as there is a real one.
class ScenarioAgent final : public AgentAudio {
  public:
    /// Errors: those of the scenario's sounds. `prompts` outlives it. `[control]`
    static Result<std::unique_ptr<ScenarioAgent>, PromptError> create(const simulation::Scenario& scenario,
                                                                      PromptSource& prompts);

    /// Leg a was answered, at its sample `at`. `[control]`
    void start(SampleIndex at);
    /// What it asks for up to now, each thing once. Nothing before start(). `[control]`
    std::vector<CallEvent> due(SampleIndex now);
    /// Whether it has asked for all. `[control]`
    [[nodiscard]] bool is_done() const { return next_ == requests_.size(); }
    /// When the scenario ends, on the leg's clock; nothing where it does not say. `[control]`
    [[nodiscard]] std::optional<SampleIndex> end_at() const;

    /// Where a time of the scenario lies in the call, in seconds; before an answer, as it is. `[control]`
    [[nodiscard]] double call_time_s(double at_s) const;

    void speak(Leg leg, std::span<std::int16_t> out) noexcept override;
    void hear(Leg /*leg*/, std::span<const std::int16_t> /*heard*/) noexcept override {}

  private:
    ScenarioAgent(const simulation::Scenario& scenario, simulation::FarSide sounds);
    [[nodiscard]] SampleIndex on_call(double at_s) const;

    simulation::FarSide sounds_; // the agent's only
    std::vector<CallEvent> requests_;
    std::size_t next_ = 0;
    double answered_s_ = 0.0; ///< In the scenario.
    std::optional<double> end_s_;
    std::atomic<SampleIndex> started_{-1};
    PerLeg<SampleIndex> spoken_{0, 0}; // the audio thread's
};

} // namespace keytone::server
