// SPDX-License-Identifier: MIT
//
// Everything around a simulated call: what is heard on each leg, and how the host answers the engine's
// intents.
#pragma once

#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "engine/call_event.hpp"
#include "engine/leg.hpp"
#include "engine/outcome.hpp"
#include "engine/prompt.hpp"
#include "tools/simulation/scenario.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace keytone::simulation {

class FarSide {
  public:
    /// Makes every sound of the scenario by `prompts`. Errors: those of the prompts, and of invalid digits.
    static Result<FarSide, PromptError> create(const Scenario& scenario, PromptSource& prompts);

    /// The events that the host would send after an outcome, with future times. `[control]`
    std::vector<CallEvent> react(const Outcome& outcome);

    /// What comes in on the leg from sample `first` on. `[audio]`
    void hear(Leg leg, SampleIndex first, std::span<std::int16_t> out) const;
    /// What the agent itself sends to the leg. `[audio]`
    void speak(Leg leg, SampleIndex first, std::span<std::int16_t> out) const;
    /// When the last sound known so far is over, in seconds. `[control]`
    [[nodiscard]] double sounds_end_s() const;
    /// The lines that record when the sounds after an answer came. `[control]`
    [[nodiscard]] std::vector<std::string> recorded_lines() const;

  private:
    struct PlacedSound {
        Sound sound;
        PromptPtr prompt;
        SampleIndex begin; ///< -1: not known yet.
    };

    explicit FarSide(const Scenario& scenario);
    void mix(Leg leg, bool by_agent, SampleIndex first, std::span<std::int16_t> out) const;
    std::vector<CallEvent> after(const Intent& intent, double at_s);
    std::vector<CallEvent> after_dial(Leg leg, double at_s, bool by_sip);
    void place_after_answer(Leg leg, double at_s);

    Scenario scenario_;
    std::vector<PlacedSound> sounds_;
};

} // namespace keytone::simulation
