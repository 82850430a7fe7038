// SPDX-License-Identifier: MIT
//
// The far end of one call, written without keytone's own RTP: what it sends, and what it checks of what comes
// back. A key every 4 s, 100 ms of it, with 40 ms of silence around; speech in between.
#pragma once

#include "bench/live/load_sound.hpp"

#include <spandsp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone::bench {

/// What a line is made with.
struct LineSetup {
    std::size_t index = 0;         ///< Decides its place in the speech, its keys and their times.
    std::uint8_t payload_type = 0; ///< Of its audio: 0 for PCMU, 8 for PCMA.
    std::uint8_t event_payload_type = 101;
    bool keys_as_events = false;
    bool keys_come_as_events = false; ///< The keys that come back.
    bool listens_for_tones = false;   ///< SpanDSP decodes what comes back, as PCMU.
    bool notes_sounds = false;        ///< When loud sounds begin, in what comes back.
    std::size_t expected_packets = 0; ///< How many it has room for.
};

/// What a line saw.
struct LineCount {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::uint64_t lost = 0;       ///< Numbers that never came.
    std::uint64_t disordered = 0; ///< That came behind a later one.
    std::uint64_t wrong_time = 0; ///< Timestamps that are not on the line's time.
    std::uint64_t malformed = 0;  ///< No RTP, or of a payload type that was not agreed.

    LineCount& operator+=(const LineCount& other);
};

class Line {
  public:
    static constexpr std::size_t max_packet = 12 + samples_per_packet;
    static constexpr std::size_t max_burst = 3;    ///< Packets of a tick: a key's end is sent three times.
    static constexpr std::size_t key_period = 200; ///< Ticks.

    Line(const LineSetup& setup, const LoadSound& sound);

    /// The packets of the next 20 ms, each given to `sink` as bytes. No key begins unless `may_begin_key`.
    template <class Sink>
    void tick(bool may_begin_key, Sink sink) {
        prepare(may_begin_key);
        for (std::size_t i = 0; i < burst_; ++i) {
            sink(std::span<const std::uint8_t>(packets_[i]).first(sizes_[i]));
        }
    }
    /// A datagram that came at `arrival`: nanoseconds of the steady clock.
    void receive(std::span<const std::uint8_t> bytes, std::int64_t arrival);

    [[nodiscard]] const LineCount& count() const { return count_; }
    [[nodiscard]] const std::string& keys_sent() const { return keys_sent_; }
    /// Keys that came back, as events or, where it listens, as tones.
    [[nodiscard]] std::string keys_heard() const;
    /// When the first packet of each key came that is an event.
    [[nodiscard]] const std::vector<std::int64_t>& events_at() const { return events_at_; }
    /// When the first packet came of each loud sound behind at least 200 ms without one, where it notes them.
    [[nodiscard]] const std::vector<std::int64_t>& sounds_at() const { return sounds_at_; }
    [[nodiscard]] const LineSetup& setup() const { return setup_; }
    /// By how many milliseconds each audio packet was late, compared with the quickest one of the same
    /// second. So a stop of the machine, behind which all packets are late, is counted once.
    [[nodiscard]] std::vector<float> lateness() const;

  private:
    struct Heard {
        std::uint16_t sequence;
        std::uint32_t timestamp;
        std::uint32_t first_timestamp;
        std::int64_t first_arrival;
        bool event_since = false; // since the last audio packet
    };
    struct Free {
        void operator()(dtmf_rx_state_t* state) const { dtmf_rx_free(state); }
    };

    void prepare(bool may_begin_key);
    void write(std::uint8_t payload_type, bool marker, std::uint32_t timestamp,
               std::span<const std::uint8_t> payload);
    void write_event(std::size_t packet, bool end);
    void receive_audio(std::span<const std::uint8_t> payload, std::uint32_t timestamp, bool follows,
                       std::int64_t arrival);
    void receive_event(std::span<const std::uint8_t> payload, std::uint32_t timestamp, std::int64_t arrival);
    void note_sound(std::span<const std::uint8_t> payload, std::int64_t arrival);

    LineSetup setup_;
    const LoadSound* sound_;
    std::uint16_t sequence_;
    std::uint32_t timestamp_;
    std::uint32_t ssrc_;
    std::size_t tick_ = 0;
    std::size_t in_key_; // ticks since the key's period began
    std::optional<std::size_t> key_;
    std::uint32_t key_timestamp_ = 0;
    std::array<std::array<std::uint8_t, max_packet>, max_burst> packets_{};
    std::array<std::size_t, max_burst> sizes_{};
    std::size_t burst_ = 0;
    std::string keys_sent_;
    std::string events_heard_;
    std::optional<Heard> heard_;
    std::optional<std::uint32_t> last_event_;
    std::vector<float> behind_; // ms behind the first packet
    std::vector<std::int64_t> events_at_;
    std::vector<std::int64_t> sounds_at_;
    std::int64_t last_sound_ = 0;
    std::unique_ptr<dtmf_rx_state_t, Free> tones_;
    std::string tones_heard_;
    LineCount count_;
};

} // namespace keytone::bench
