// SPDX-License-Identifier: MIT
//
// What a service counts. Each part adds to its own figures, with relaxed atomics; metrics_text() shows them
// to Prometheus. Nothing here waits, allocates or locks.
#pragma once

#include "server/metrics/histogram.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keytone::server {

/// Where a call is.
enum class CallStage : std::uint8_t { ringing, in_progress, transferring, transferred, ended };
inline constexpr std::array<std::string_view, 5> call_stages{"ringing", "in_progress", "transferring",
                                                             "transferred", "ended"};
/// `call.disposition` of reports, in the order of the counters.
inline constexpr std::array<std::string_view, 8> dispositions{
    "completed", "voicemail", "user_hangup_no_speech", "no_answer", "busy", "canceled", "blocked", "failed"};

/// All of a service; outlives what adds to it. `[any]`
struct Metrics {
    using Count = std::atomic<std::uint64_t>;
    using Level = std::atomic<std::int64_t>;

    // Calls: server/control, server/program
    std::array<Level, call_stages.size()> calls{}; ///< Those that have ended are not counted.
    std::array<Count, dispositions.size()> reported{};
    Count refused{0}; ///< Calls that came in and were not taken.
    Histogram<10> setup{{0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0}};

    // Streams, of both legs: server/control
    Count packets_in{0};
    Count packets_out{0};
    Count packets_lost{0};
    Count packets_late{0};
    Histogram<8> jitter{{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2}};
    std::array<Count, 2> keys_sent{}; ///< By leg.
    std::array<Count, 2> keys_heard{};

    // Ticks: server/media
    Histogram<8> lateness{{0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.005, 0.02, 0.06}};
    Count skipped_ticks{0};

    // The control thread and the store: server/program
    Level control_turn_ns{0}; ///< When the control thread last looked for something to do: steady clock.
    std::atomic<bool> store_fails{false};
    Level outbox{0};        ///< Deliveries that wait.
    Level outbox_oldest{0}; ///< When the oldest was made: milliseconds since 1970; 0: there is none.

    // Agents: server/agent
    Histogram<9> agent_round_trip{{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0}};
    Level agents_open{0}; ///< Sockets.

    // Recordings: server/recording
    Level recordings_open{0};
    Count recordings_failed{0};
    Count recording_lost_blocks{0};
    Count recording_bytes{0};

    /// A call was reported with this disposition.
    void count_reported(std::string_view disposition) noexcept {
        for (std::size_t i = 0; i < dispositions.size(); ++i) {
            if (dispositions[i] == disposition) {
                reported[i].fetch_add(1, std::memory_order_relaxed);
            }
        }
    }
};

} // namespace keytone::server
