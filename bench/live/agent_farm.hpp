// SPDX-License-Identifier: MIT
//
// The agents of all calls, on a thread of their own: WebSockets in keytone's shape, which the service dials.
// Each sends 20 ms of sound every 20 ms, at a time of its own. Most speak, and ask for a key about every 4 s;
// one in five is silent but for short tones, so that their way to the far end can be timed.
#pragma once

#include "bench/live/agent_socket.hpp"
#include "bench/live/load_sound.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace keytone::bench {

/// What one agent did and heard. Times are the steady clock's, in nanoseconds.
struct AgentRecord {
    std::string call; ///< As the service names it; empty while it has not dialled.
    std::string keys_asked;
    std::vector<std::int64_t> keys_asked_at;
    std::vector<std::int64_t> tones_at; ///< When the first samples of each were sent.
    std::string keys_heard;
    std::uint64_t blocks_heard = 0; ///< 20 ms each.
    std::uint64_t faults = 0;       ///< Frames with an error, and functions that failed.
    bool is_open = false;
};

class AgentFarm {
  public:
    static constexpr std::size_t slots = 20;

    /// Whether the agent of this call is one that only sends tones.
    [[nodiscard]] static bool sends_tones(std::size_t index) { return index % 5 == 4; }
    /// Whom the caller of a call is to be named.
    [[nodiscard]] static std::string caller(std::size_t index) {
        return "sip:call" + std::to_string(index) + "@127.0.0.1";
    }

    /// Listens for so many calls. Throws std::runtime_error.
    AgentFarm(const LoadSound& sound, std::size_t calls);
    ~AgentFarm();
    AgentFarm(const AgentFarm&) = delete;
    AgentFarm& operator=(const AgentFarm&) = delete;

    /// Of 127.0.0.1.
    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// Keys and tones begin.
    void begin() { may_begin_.store(true); }
    /// No further one begins.
    void stop_keys() { may_begin_.store(false); }
    /// How many calls have had an agent: the `call` of their records is there.
    [[nodiscard]] std::size_t known() const { return known_.load(); }
    /// Nothing is sent or read any more. The records are complete from now on.
    void stop();
    [[nodiscard]] const std::vector<AgentRecord>& records() const { return records_; }

    /// Blocks of 20 ms that all agents have heard.
    [[nodiscard]] std::uint64_t blocks_heard() const { return blocks_heard_.load(); }
    /// Slots that began more than 5 ms late.
    [[nodiscard]] std::uint64_t late_slots() const { return late_slots_.load(); }
    /// How often it was so late that it left out what was to be said: 20 ms and more of all agents.
    [[nodiscard]] std::uint64_t left_out() const { return left_out_.load(); }
    /// The kernel's number of the thread.
    [[nodiscard]] int thread_number() const { return thread_number_.load(); }

  private:
    struct Agent {
        std::unique_ptr<AgentSocket> socket;
        std::optional<std::size_t> index; ///< Of its call, once that is known.
        std::size_t place = 0;            ///< In the speech.
        std::size_t wait = 0;             ///< Ticks until the next tone begins.
        std::size_t in_tone = 0;          ///< Blocks of the tone that are to be sent.
    };
    /// A key that is due in a slot.
    struct Press {
        std::uint64_t slot;
        Agent* agent;
        friend bool operator>(const Press& a, const Press& b) { return a.slot > b.slot; }
    };

    void run();
    void tick(Agent& agent);
    void send_tones(Agent& agent, AgentRecord& record);
    void take_text(Agent& agent, std::string_view text);
    void begin_keys(std::uint64_t slot);
    void press_due(std::uint64_t slot);

    const LoadSound* sound_;
    int listening_ = -1;
    std::uint16_t port_ = 0;
    std::vector<AgentRecord> records_;
    std::vector<std::unique_ptr<Agent>> agents_; // in the order in which they were dialled
    std::priority_queue<Press, std::vector<Press>, std::greater<>> presses_;
    std::vector<std::int16_t> tone_;
    std::atomic<bool> may_begin_{false};
    std::atomic<bool> stops_{false};
    std::atomic<std::size_t> known_{0};
    std::atomic<std::uint64_t> blocks_heard_{0};
    std::atomic<std::uint64_t> late_slots_{0};
    std::atomic<std::uint64_t> left_out_{0};
    std::atomic<int> thread_number_{0};
    std::thread thread_;
};

} // namespace keytone::bench
