// SPDX-License-Identifier: MIT
//
// What a service logs while it runs, one line for each event:
//
//     2026-11-28T18:01:08.123Z info 20261128T180108.101Z-7 call.ended by_far_side answered=true seconds=4.2
//     {"time":"2026-11-28T18:01:08.123Z","level":"info","call":"20261128T180108.101Z-7","event":"call.ended",…}
#pragma once

#include "engine/outcome.hpp"
#include "tools/console/iso_time.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace keytone::server {

enum class LogFormat : std::uint8_t { text, json };
enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// One line of the log.
struct LogEntry {
    LogLevel level = LogLevel::info;
    std::string event;                                                 ///< Two words: `call.ended`.
    std::string message{};                                             ///< For a person; may be empty.
    std::string call{};                                                ///< Its id; empty: of no call.
    nlohmann::ordered_json details = nlohmann::ordered_json::object(); ///< Of the event.
};

using tools::iso_time;

/// One line, its line end included, without control characters, which a terminal would obey. `[any]`
std::string log_line(LogFormat format, const LogEntry& entry, std::chrono::system_clock::time_point at);
/// An outcome of a call: what becomes of actions and legs is `info`, all else `debug`. Digits that are
/// sensitive are `?`, and so is what stands in the headers of a dialled leg, an extension perhaps. `[any]`
LogLevel level_of(const Outcome& outcome);
Outcome without_secrets(const Outcome& outcome);
LogEntry entry_of(const Outcome& outcome, std::string_view call);

/// Writes lines on a thread of its own: a terminal that is stopped, or a pipe that is full, delays no call.
class ServiceLog {
  public:
    /// How many lines may wait; further ones are left out, and a line says how many they were.
    static constexpr std::size_t most_waiting = 10'000;

    /// `write` is called with whole lines, on the log's thread. `[control]`
    ServiceLog(LogFormat format, LogLevel least, std::function<void(std::string_view)> write);
    /// Writes what waits. `[control]`
    ~ServiceLog();
    ServiceLog(const ServiceLog&) = delete;
    ServiceLog& operator=(const ServiceLog&) = delete;

    /// `[any]`
    void put(const LogEntry& entry);
    /// `[any]`
    void put(const Outcome& outcome, std::string_view call);

  private:
    void run();

    const LogFormat format_;
    const LogLevel least_;
    std::function<void(std::string_view)> write_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> lines_;
    std::uint64_t left_out_ = 0;
    bool ends_ = false;
    std::thread thread_; // last: it uses all of the above
};

} // namespace keytone::server
