// SPDX-License-Identifier: MIT
//
// The agent's sound between the thread of the sockets and the media thread:
//
//     put, mark, clear ─► backlog ─ pump ─► ring of 1 s ─► speak    up to 30 s wait in the backlog
//     next_mark ◄─ ring ◄─ marks that were reached ◄─────── speak
//     next_heard ◄─ ring ◄───────────────────────────────── hear
//
// Neither side waits for the other. All samples are at 8 kHz, and of leg a: the agent has no part in leg b.
#pragma once

#include "dsp/units.hpp"
#include "engine/media/spsc_ring.hpp"
#include "server/media/agent_audio.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone::server {

/// A mark that came back.
struct PlayedMark {
    std::string name;
    SampleIndex sample; ///< Of leg a: the first one after all that was put before the mark.
    bool cleared;       ///< What was before it was emptied instead of played.
};

/// 20 ms that leg a heard; zeros where it was lost.
struct HeardBlock {
    SampleIndex begin;
    std::array<std::int16_t, 160> samples;
};

/// `[socket]` is the thread of the agent's socket.
class AgentSound final : public AgentAudio {
  public:
    /// As much may wait to be played; who puts more has to wait first: may_put().
    static constexpr SampleCount most_buffered = SampleCount{30} * 8000;
    /// Marks that have not come back.
    static constexpr std::size_t most_marks = 256;

    /// Allocates all that the media thread needs. `[control]`
    AgentSound();

    void speak(Leg leg, std::span<std::int16_t> out) noexcept override;
    void hear(Leg leg, std::span<const std::int16_t> heard) noexcept override;

    /// Whether less than most_buffered waits. `[socket]`
    [[nodiscard]] bool may_put() const { return buffered() < most_buffered; }
    /// Samples to be played after all that was put before. `[socket]`
    void put(std::span<const std::int16_t> samples);
    /// A mark behind all that was put so far. False where most_marks have not come back. `[socket]`
    bool mark(std::string name);
    /// Empties what waits. All marks come back. `[socket]`
    void clear();
    /// Hands on what the ring has room for: to be called every few milliseconds. `[socket]`
    void pump();
    /// Samples that wait. `[socket]`
    [[nodiscard]] SampleCount buffered() const;
    /// The next mark that came back, in the order in which they were put; nothing if there is none yet.
    /// `[socket]`
    std::optional<PlayedMark> next_mark();
    /// Marks that have not come back. `[socket]`
    [[nodiscard]] std::size_t marks() const { return names_.size(); }
    /// The next block that was heard; nothing if there is none yet. `[socket]`
    std::optional<HeardBlock> next_heard();
    /// Nobody listens any more: from now on nothing is kept, and nothing counts as lost. `[any]`
    void stop_hearing() noexcept { is_deaf_.store(true, std::memory_order_relaxed); }
    /// Blocks that nobody took in time. `[any]`
    [[nodiscard]] std::uint64_t heard_lost() const noexcept { return heard_lost_.load(); }

  private:
    static constexpr std::size_t block = 160;

    /// A mark, or up to 20 ms. Of an epoch that is over: it was cleared.
    struct Item {
        std::uint32_t epoch;
        std::uint16_t count; ///< 0: a mark.
        std::array<std::int16_t, block> samples;
    };
    struct Reached {
        SampleIndex sample;
        bool cleared;
    };
    /// What does not fit into the ring yet.
    struct Waiting {
        std::vector<std::int16_t> samples; ///< Empty: a mark.
        std::size_t taken = 0;
        bool cleared = false; ///< Of a mark.
    };

    [[nodiscard]] bool is_to_wait() noexcept;
    bool push_samples();

    // [socket]
    std::deque<Waiting> backlog_;
    SampleCount backlog_samples_ = 0;
    std::deque<std::string> names_; ///< Of marks that have not come back.
    // Both
    SpscRing<Item> items_;
    SpscRing<Reached> reached_;
    SpscRing<HeardBlock> heard_;
    std::atomic<std::uint32_t> epoch_{0};
    std::atomic<SampleCount> put_{0};   ///< Into the ring.
    std::atomic<SampleCount> taken_{0}; ///< Out of it: played or cleared.
    std::atomic<std::uint64_t> heard_lost_{0};
    std::atomic<bool> is_deaf_{false};
    // The media thread's
    Item item_{};
    std::size_t item_taken_ = 0;
    bool has_item_ = false;
    bool is_starved_ = true;
    bool has_waited_ = false;
    SampleIndex spoken_ = 0;
    SampleIndex listened_ = 0;
};

} // namespace keytone::server
