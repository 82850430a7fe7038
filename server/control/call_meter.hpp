// SPDX-License-Identifier: MIT
#pragma once

#include "engine/leg.hpp"
#include "engine/outcome.hpp"
#include "engine/policy/call_state.hpp"
#include "server/media/stream_figures.hpp"
#include "server/metrics/metrics.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace keytone::server {

/// What one call adds to a service's metrics, from its beginning to its end. `[control]`
class CallMeter {
  public:
    /// How often streams are looked at.
    static constexpr std::chrono::seconds between_looks{5};

    /// `metrics` outlives it; null: nothing is counted.
    explicit CallMeter(Metrics* metrics) : metrics_(metrics) {}
    ~CallMeter() { enter(std::nullopt); }
    CallMeter(const CallMeter&) = delete;
    CallMeter& operator=(const CallMeter&) = delete;

    /// The call's next outcome.
    void take(const Outcome& outcome);
    /// The call as it is now.
    void note(const CallState& state);
    /// Whether it is time to look at the streams; asked often.
    [[nodiscard]] bool is_due(std::chrono::steady_clock::time_point now);
    /// A leg's stream as it is now.
    void note(Leg leg, const StreamFigures& figures);

  private:
    /// What of a stream is counted already.
    struct Counted {
        std::uint64_t in = 0;
        std::uint64_t out = 0;
        std::int64_t lost = 0;
        std::uint64_t late = 0;
    };

    void enter(std::optional<CallStage> stage);

    Metrics* metrics_;
    std::optional<CallStage> stage_;
    PerLeg<Counted> counted_;
    std::chrono::steady_clock::time_point next_look_;
};

} // namespace keytone::server
