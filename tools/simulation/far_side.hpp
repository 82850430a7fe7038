// SPDX-License-Identifier: MIT
//
// The world around a simulated call: what is heard on each leg, and what becomes of what the engine asks of
// its host.
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
    /// Makes every sound of the scenario by `prompts`. Errors: those of the prompts, of digits that are none.
    static Result<FarSide, PromptError> create(const Scenario& scenario, PromptSource& prompts);

    /// What the host would say of an outcome, at times to come. `[control]`
    std::vector<CallEvent> react(const Outcome& outcome);

    /// What comes in on the leg from sample `first` on. `[audio]`
    void hear(Leg leg, SampleIndex first, std::span<std::int16_t> out) const;
    /// What the agent itself says to the leg. `[audio]`
    void speak(Leg leg, SampleIndex first, std::span<std::int16_t> out) const;
    /// When the last sound that is known of is over, in seconds. `[control]`
    [[nodiscard]] double sounds_end_s() const;
    /// The lines that say when the sounds after an answer came, to be recorded. `[control]`
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
