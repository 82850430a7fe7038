// SPDX-License-Identifier: MIT
#pragma once

#include "engine/outcome.hpp"
#include "server/api/call_desk.hpp"
#include "server/program/call_reporter.hpp"
#include "server/sip/signalling.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace keytone::server {

/// What the store is told of one call: that it began, each change, and its report, once. `[control]`
class CallAccount {
  public:
    /// What of the agent's words a report has at most; what comes after is left out.
    static constexpr std::size_t most_spoken = 1000;
    static constexpr std::size_t most_spoken_bytes = std::size_t{64} * 1024;

    /// `reporter` outlives it. The call begins: its session is named, where it has none. `events`: what
    /// happens in it, kept once it is over; may be null.
    CallAccount(CallReporter& reporter, StoredCall call, std::shared_ptr<const CallEvents> events = nullptr);

    [[nodiscard]] const std::string& session() const { return call_.session; }
    /// CallReporter::is_kept() of its beginning.
    [[nodiscard]] bool is_kept() const { return reporter_.is_kept(began_); }

    /// The agent's part is recorded. Its file has the session's name.
    void record(std::shared_ptr<CallRecording> recording);
    void take(const Outcome& outcome);
    /// Tells what has changed since the last time. `end`: of leg a, as far as it has ended.
    void settle(const std::optional<DialogEnded>& end);
    /// The call is over; if the agent never had it, it is reported now.
    void close(const std::optional<DialogEnded>& end);

  private:
    void report(const std::optional<DialogEnded>& end, StoredState state);

    CallReporter& reporter_;
    StoredCall call_;
    std::shared_ptr<const CallEvents> events_;
    SessionEnding ending_;
    std::shared_ptr<CallRecording> recording_;
    std::chrono::steady_clock::time_point began_at_ = std::chrono::steady_clock::now();
    std::size_t spoken_bytes_ = 0;
    std::uint64_t began_ = 0;
    bool is_changed_ = false;
    bool is_reported_ = false;
};

} // namespace keytone::server
