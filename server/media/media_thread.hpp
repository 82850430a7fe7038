// SPDX-License-Identifier: MIT
#pragma once

#include "engine/media/spsc_ring.hpp"
#include "server/media/instant.hpp"
#include "server/media/live_call.hpp"
#include "server/media/socket_io.hpp"
#include "server/media/tick_schedule.hpp"
#include "server/metrics/metrics.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <thread>
#include <unordered_map>
#include <vector>

namespace keytone::server {

/// How a media thread is made.
struct MediaThreadOptions {
    std::size_t max_calls = 1000;
    bool real_time = true;      ///< SCHED_FIFO, where the system allows it.
    PacketTap* tap = nullptr;   ///< Gets a copy of all datagrams; outlives the thread.
    Metrics* metrics = nullptr; ///< Where lateness is counted; outlives the thread.
    bool batches = true;        ///< Many sockets a system call (io_uring), where the system allows it.
};

/// A thread that runs calls, each in its slot of the tick, until it is destroyed. Its system calls are those
/// of SocketIo, the clock and sleep; it neither allocates nor locks. All functions are `[control]`, of one
/// thread at a time.
class MediaThread {
  public:
    explicit MediaThread(const MediaThreadOptions& options = {});
    /// Lets go of all calls: close their streams first, so that the far ends are sent a BYE.
    ~MediaThread();
    MediaThread(const MediaThread&) = delete;
    MediaThread& operator=(const MediaThread&) = delete;

    /// The call's first tick is within 25 ms. False where there are max_calls already, those included that
    /// were not let go of yet.
    bool add(std::shared_ptr<LiveCall> call);
    /// Once holds() is false no further tick of the call begins. Returns false where too many commands wait:
    /// call it again.
    bool remove(const LiveCall& call);
    /// Whether the thread may still run the call. A call that it let go of is destroyed here, unless others
    /// hold it.
    [[nodiscard]] bool holds(const LiveCall& call);

    /// The calls that it has, those included that were not let go of yet.
    [[nodiscard]] std::size_t calls() {
        take_back();
        return held_.size();
    }

    /// Whether the thread has SCHED_FIFO. Where it has not, allow it (CAP_SYS_NICE, or LimitRTPRIO in its
    /// systemd unit), or other programs will delay packets.
    [[nodiscard]] bool real_time() const noexcept { return real_time_; }
    /// Whether many sockets share a system call: io_uring.
    [[nodiscard]] bool batches() const noexcept { return io_.batches(); }
    /// Slots that began more than a millisecond late, and calls' ticks that were left out.
    [[nodiscard]] std::uint64_t late_slots() const noexcept { return late_slots_.load(); }
    [[nodiscard]] std::uint64_t skipped_ticks() const noexcept { return skipped_ticks_.load(); }
    /// The longest that a slot took, from its beginning to its end.
    [[nodiscard]] Instant longest_slot() const noexcept { return Instant(longest_slot_.load()); }
    /// When the last slot began, on the steady clock: one begins every 5 ms at least. `[any]`
    [[nodiscard]] Instant last_slot() const noexcept {
        return Instant(last_slot_.load(std::memory_order_relaxed));
    }

  private:
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
    void go_on(TickSchedule& schedule) const noexcept;
    void run_slot(std::span<LiveCall* const> calls, Instant due) noexcept;
    [[nodiscard]] std::size_t running() const noexcept;
    void take_back();

    std::size_t max_calls_;
    std::unordered_map<const LiveCall*, Held> held_;                // the control side's
    std::array<std::size_t, TickSchedule::slots> calls_in_slot_{};  // the control side's
    std::array<std::vector<LiveCall*>, TickSchedule::slots> slots_; // the thread's
    SpscRing<Command> commands_;
    SpscRing<LiveCall*> let_go_;
    SocketIo io_;
    std::atomic<bool> stops_{false};
    std::atomic<std::uint64_t> late_slots_{0};
    std::atomic<std::uint64_t> skipped_ticks_{0};
    std::atomic<std::int64_t> longest_slot_{0};
    std::atomic<std::int64_t> last_slot_{0};
    Metrics* metrics_;
    bool real_time_ = false;
    std::thread thread_;
};

} // namespace keytone::server
