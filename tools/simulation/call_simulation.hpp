// SPDX-License-Identifier: MIT
//
// Runs a scenario's call, block by block, on a clock that is advanced by hand. Each block has three steps, of
// which the second may run on another thread:
//
//     prepare()   [control]  what is due in the block is submitted, stamped with its sample
//     process()   [audio]    both legs
//     collect()   [control]  takes the outcomes; the far side's reactions are due later
//
// The results do not depend on the sizes of the blocks, up to max_block.
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
    /// The longest block, 20 ms: the far side reacts after 100 ms or later.
    static constexpr Milliseconds max_block{20};

    /// Errors: those of the scenario's sounds. `prompts` must outlive the simulation.
    static Result<std::unique_ptr<CallSimulation>, PromptError> create(const Scenario& scenario,
                                                                       PromptSource& prompts);

    /// Whether nothing more will happen. `[control]`
    [[nodiscard]] bool over() const;
    /// How far the call is, in seconds of leg a's clock. `[control]`
    [[nodiscard]] double position_s() const;
    /// When it will end, if that is known, in seconds. `[control]`
    [[nodiscard]] double expected_end_s() const;

    /// `block`: samples of leg a, 1 to max_block. `[control]`
    void prepare(SampleCount block);
    /// Processes the same block. `[audio]`
    void process() noexcept;
    /// `[control]`
    void collect();

    [[nodiscard]] const CallRecord& record() const { return record_; }
    /// A scenario that repeats this call without any rule: every fact at its time.
    [[nodiscard]] std::string recording() const;
    /// Whether the call reached the limit of a simulation before it was over.
    [[nodiscard]] bool was_cut() const { return cut_; }

  private:
    CallSimulation(const Scenario& scenario, FarSide far_side, PromptSource& prompts);
    void process(Leg leg) noexcept;
    [[nodiscard]] SampleRate rate(Leg leg) const { return record_.rate[leg]; }

    Scenario scenario_;
    FarSide far_side_;
    Session session_;
    CallRecord record_;
    PerLeg<SampleIndex> end_{0, 0}; ///< The end of the block.
    std::vector<CallEvent> due_;    ///< Sorted by time.
    std::vector<CallEvent> facts_;  ///< Facts that came from the far side's rules.
    double quiet_since_s_ = 0.0;
    bool cut_ = false;
};

} // namespace keytone::simulation
