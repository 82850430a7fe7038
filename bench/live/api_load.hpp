// SPDX-License-Identifier: MIT
#pragma once

#include "bench/live/api_connection.hpp"
#include "bench/live/delays.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace keytone::bench {

/// What the API answered.
struct ApiFigures {
    double per_second = 0.0;
    std::map<int, std::uint64_t> by_status;
    std::uint64_t unanswered = 0; ///< Whose connection was closed.
    Delays delays;                ///< From when a request was due to the whole of its answer.
};

/// Asks the API about calls, on a thread of its own and connections that are kept: of ten requests nine look
/// a call up, and one asks for a transfer that the agent's settings do not allow (403 or the like).
class ApiLoad {
  public:
    static constexpr std::size_t connections = 8;

    struct Setup {
        std::uint16_t port;
        std::string token;
        std::vector<std::string> calls; ///< Their ids.
        double rate;                    ///< Requests a second; 0: as fast as is answered.
    };

    /// Begins to ask. Throws std::runtime_error.
    explicit ApiLoad(Setup setup);
    ~ApiLoad();
    ApiLoad(const ApiLoad&) = delete;
    ApiLoad& operator=(const ApiLoad&) = delete;

    /// Ends it; what it has measured.
    ApiFigures stop();
    /// The kernel's number of the thread.
    [[nodiscard]] int thread_number() const { return thread_number_.load(); }

  private:
    using Clock = std::chrono::steady_clock;

    struct Lane {
        std::unique_ptr<ApiConnection> connection;
        std::optional<Clock::time_point> due; ///< Of the request under way.
    };

    void run();
    void ask(Clock::time_point now);
    void take(Lane& lane, Clock::time_point now);
    [[nodiscard]] std::string next_request();

    Setup setup_;
    std::vector<Lane> lanes_;
    Clock::time_point begun_;
    Clock::time_point due_;
    std::size_t asked_ = 0;
    ApiFigures figures_;
    std::vector<double> delays_ms_;
    std::atomic<bool> stops_{false};
    std::atomic<int> thread_number_{0};
    std::thread thread_;
};

} // namespace keytone::bench
