// SPDX-License-Identifier: MIT
//
// A scenario's call, block by block, on a clock that is advanced by hand. Each block has three parts, of
// which the middle one may run on another thread:
//
//     prepare()   [control]  what is due in the block is submitted, stamped with its sample
//     process()   [audio]    both legs
//     collect()   [control]  what came of it; the far side's reactions are due later
//
// What comes out does not depend on the blocks' sizes up to max_block.
#pragma once

#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "engine/call_event.hpp"
#include "engine/leg.hpp"
#include "engine/outcome.hpp"
#include "engine/prompt.hpp"
#include "engine/session.hpp"
#include "tools/simulation/call_record.hpp"
#include "tools/simulation/far_side.hpp"
#include "tools/simulation/scenario.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace keytone::simulation {

class CallSimulation {
  public:
    /// The longest block, 20 ms: the far side reacts no sooner than 100 ms.
    static constexpr Milliseconds max_block{20};

    /// Errors: those of the scenario's sounds. `prompts` outlives the simulation.
    static Result<std::unique_ptr<CallSimulation>, PromptError> create(const Scenario& scenario,
                                                                       PromptSource& prompts);

    /// Whether nothing is left to happen. `[control]`
    [[nodiscard]] bool over() const;
    /// How far the call is, in seconds of leg a's clock. `[control]`
    [[nodiscard]] double position_s() const;
    /// When it will end, if that is known, in seconds. `[control]`
    [[nodiscard]] double expected_end_s() const;

    /// `block`: samples of leg a, 1 to max_block. `[control]`
    void prepare(SampleCount block);
    /// The same block. `[audio]`
    void process() noexcept;
    /// `[control]`
    void collect();

    [[nodiscard]] const CallRecord& record() const { return record_; }
    /// A scenario that is this call again, without any rule: every fact as it was.
    [[nodiscard]] std::string recording() const;
    /// The call went as far as a simulation may, and was not over.
    [[nodiscard]] bool was_cut() const { return cut_; }

  private:
    CallSimulation(const Scenario& scenario, FarSide far_side, PromptSource& prompts);
    void process(Leg leg) noexcept;
    [[nodiscard]] SampleRate rate(Leg leg) const { return record_.rate[leg]; }

    Scenario scenario_;
    FarSide far_side_;
    Session session_;
    CallRecord record_;
    PerLeg<SampleIndex> end_{0, 0}; ///< Of the block.
    std::vector<CallEvent> due_;    ///< In the order of their times.
    std::vector<CallEvent> facts_;  ///< That the far side's rules made.
    double quiet_since_s_ = 0.0;
    bool cut_ = false;
};

} // namespace keytone::simulation
