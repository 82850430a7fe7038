// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/plain_prompts.hpp"
#include "tools/simulation/call_simulation.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace keytone::test {

/// A scenario's text, run to its end with PlainPrompts.
class SimulatedCall {
  public:
    explicit SimulatedCall(const std::string& text) {
        auto scenario = simulation::parse_scenario(text);
        EXPECT_TRUE(scenario) << scenario.error().line << ": " << scenario.error().message;
        scenario_ = *std::move(scenario);
        auto call = simulation::CallSimulation::create(scenario_, prompts_);
        EXPECT_TRUE(call) << call.error().message;
        call_ = *std::move(call);
    }

    /// Runs the call in blocks of this size; returns itself.
    SimulatedCall& run(Milliseconds block = simulation::CallSimulation::max_block) {
        while (!call_->over()) {
            call_->prepare(scenario_.header.rate.samples(block));
            call_->process();
            call_->collect();
        }
        return *this;
    }

    [[nodiscard]] simulation::CallSimulation& call() { return *call_; }
    [[nodiscard]] const simulation::Scenario& scenario() const { return scenario_; }
    [[nodiscard]] PerLeg<SampleRate> rates() const {
        return {scenario_.header.rate, scenario_.header.rate_b};
    }

  private:
    PlainPrompts prompts_;
    simulation::Scenario scenario_;
    std::unique_ptr<simulation::CallSimulation> call_;
};

/// The lines of a call that has been answered.
inline std::string answered_call(const std::string& lines) {
    return R"({"v":1,"call":"c1","rate":8000})"
           "\n"
           R"({"at":0,"ev":"leg.answered","leg":"a"})"
           "\n" +
           lines;
}

} // namespace keytone::test
