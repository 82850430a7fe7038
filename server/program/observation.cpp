// SPDX-License-Identifier: MIT
#include "server/program/observation.hpp"

#include "server/metrics/metrics_text.hpp"
#include "server/program/call_reporter.hpp"

#include <algorithm>
#include <chrono>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;

/// What no thread takes while it is well: a media thread's slots are 5 ms apart, the control thread's turns
/// 100 ms.
constexpr std::chrono::nanoseconds too_long = 2s;

std::chrono::nanoseconds steady_now() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

} // namespace

Observation::Observation(const Metrics& metrics, const std::vector<std::unique_ptr<MediaThread>>& media,
                         Signalling& signalling, std::size_t most_calls)
    : metrics_(metrics),
      media_(media),
      signalling_(signalling),
      most_calls_(most_calls),
      started_ms_(unix_ms()) {}

std::string Observation::metrics() const {
    return metrics_text(metrics_, {KEYTONE_VERSION, started_ms_, unix_ms(), most_calls_, media_.size()});
}

Health Observation::health() const {
    Health health;
    const auto now = steady_now();
    if (metrics_.store_fails.load(std::memory_order_relaxed)) {
        health.reasons.emplace_back("the store cannot be written");
    }
    const bool is_still =
        std::ranges::any_of(media_, [&](const auto& thread) { return now - thread->last_slot() > too_long; });
    if (is_still) {
        health.reasons.emplace_back("a media thread stands still");
    }
    // 0: it has not begun yet.
    const std::chrono::nanoseconds turn(metrics_.control_turn_ns.load(std::memory_order_relaxed));
    if (turn.count() != 0 && now - turn > too_long) {
        health.reasons.emplace_back("the control thread stands still");
    }
    if (signalling_.lag() > too_long) {
        health.reasons.emplace_back("the thread of SIP stands still");
    }
    return health;
}

} // namespace keytone::server
