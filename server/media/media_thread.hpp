// SPDX-License-Identifier: MIT
//
// The thread on which calls run. Each call has a slot of a millisecond in the 20 ms of a tick, so that
// packets do not leave in one burst:
//
//     ms         0       1       2              19      20      21
//                | a, u  | b, v  | c     …      | t     | a, u  | b, v  …
//
// A thread that was stopped, by the machine or by a debugger, makes up for a few ticks and leaves out the
// rest: the far end's buffer is no longer than that.
#pragma once

#include "engine/media/spsc_ring.hpp"
#include "server/media/instant.hpp"
#include "server/media/live_call.hpp"
#include "server/media/socket_io.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

namespace keytone::server {

/// What a media thread is made for.
struct MediaThreadOptions {
    std::size_t max_calls = 1000;
    bool real_time = true; ///< SCHED_FIFO, where the system allows it.
};

/// Runs calls until it is destroyed. All functions are `[control]`, of one thread at a time.
class MediaThread {
  public:
    explicit MediaThread(const MediaThreadOptions& options = {});
    /// Lets go of all calls: close their streams before, so that the far ends are told.
    ~MediaThread();
    MediaThread(const MediaThread&) = delete;
    MediaThread& operator=(const MediaThread&) = delete;

    /// The call's first tick is within 20 ms. False where there are max_calls already, those included that
    /// were not let go of yet.
    bool add(std::shared_ptr<LiveCall> call);
    /// No further tick begins, once holds() says so. False where commands wait: ask again.
    bool remove(const LiveCall& call);
    /// Whether the thread may still run the call. What it let go of is destroyed here, if nobody else has it.
    [[nodiscard]] bool holds(const LiveCall& call);

    /// Whether the thread has SCHED_FIFO. Where not, allow it (CAP_SYS_NICE, or LimitRTPRIO of its unit), or
    /// other programs will delay packets.
    [[nodiscard]] bool real_time() const noexcept { return real_time_; }
    /// Slots that began more than a millisecond late, and calls' ticks that were left out.
    [[nodiscard]] std::uint64_t late_slots() const noexcept { return late_slots_.load(); }
    [[nodiscard]] std::uint64_t skipped_ticks() const noexcept { return skipped_ticks_.load(); }
    /// The longest that a slot took, from its beginning to its end.
    [[nodiscard]] Instant longest_slot() const noexcept { return Instant(longest_slot_.load()); }

  private:
    static constexpr std::size_t slot_count = 20;
    static constexpr Instant slot_length = LiveCall::tick_length / slot_count;
    static constexpr int max_made_up = 3; ///< Ticks.

    struct Command {
        enum class Do : std::uint8_t { add, remove } what;
        std::size_t slot;
        LiveCall* call;
    };
    struct Held {
        std::shared_ptr<LiveCall> call;
        std::size_t slot;
    };

    void run() noexcept;
    void obey_all() noexcept;
    std::uint64_t skip_if_late(Instant begin, std::uint64_t slot, Instant now) noexcept;
    void run_slot(const std::vector<LiveCall*>& calls, Instant due) noexcept;
    void take_back();

    std::size_t max_calls_;
    std::unordered_map<const LiveCall*, Held> held_;       // the control side's
    std::array<std::size_t, slot_count> calls_in_slot_{};  // the control side's
    std::array<std::vector<LiveCall*>, slot_count> slots_; // the thread's
    SpscRing<Command> commands_;
    SpscRing<LiveCall*> let_go_;
    SocketIo io_;
    std::atomic<bool> stops_{false};
    std::atomic<std::uint64_t> late_slots_{0};
    std::atomic<std::uint64_t> skipped_ticks_{0};
    std::atomic<std::int64_t> longest_slot_{0};
    bool real_time_ = false;
    std::thread thread_;
};

} // namespace keytone::server
