// SPDX-License-Identifier: MIT
#pragma once

#include "server/profiles/agent_profile.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace keytone::server {

/// How many calls each agent may have placed: at once, and in any 60 s. An agent's own limits apply where
/// they are lower. `[control]`
class PlacementLimits {
  public:
    using Clock = std::chrono::steady_clock;

    PlacementLimits(std::size_t max_calls, std::size_t calls_per_minute)
        : max_calls_(max_calls), calls_per_minute_(calls_per_minute) {}

    /// Counts one call more. Errors: 429, and it is not counted.
    std::optional<ApiFault> take(const AgentProfile& agent, Clock::time_point now) {
        Used& used = used_[agent.stored.id];
        while (!used.begun.empty() && now - used.begun.front() >= window) {
            used.begun.pop_front();
        }
        const std::size_t most = std::min(agent.max_calls.value_or(max_calls_), max_calls_);
        if (used.active >= most) {
            return ApiFault{
                429, "too_many_calls",
                "the agent has " + std::to_string(most) +
                    " calls at once: wait for one to end, or raise its max_calls and dial.max_calls"};
        }
        const std::size_t per_minute =
            std::min(agent.calls_per_minute.value_or(calls_per_minute_), calls_per_minute_);
        if (used.begun.size() >= per_minute) {
            return ApiFault{429, "too_many_calls",
                            "the agent has placed " + std::to_string(per_minute) +
                                " calls within a minute: wait, or raise its calls_per_minute and "
                                "dial.calls_per_minute"};
        }
        ++used.active;
        used.begun.push_back(now);
        return std::nullopt;
    }
    /// A call that was counted is over.
    void give_back(const std::string& agent_id) {
        const auto found = used_.find(agent_id);
        if (found != used_.end() && found->second.active > 0) {
            --found->second.active;
        }
    }

  private:
    static constexpr std::chrono::seconds window{60};
    struct Used {
        std::size_t active = 0;
        std::deque<Clock::time_point> begun;
    };

    std::size_t max_calls_;
    std::size_t calls_per_minute_;
    std::map<std::string, Used> used_;
};

} // namespace keytone::server
