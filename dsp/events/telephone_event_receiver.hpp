// SPDX-License-Identifier: MIT
//
// Keys out of RFC 4733 packets, each once. All packets of a key carry its onset as timestamp (2.2.1), and of
// two keys of the same digit the second begins `min_pause` or more after the first one's end: they neither
// overlap nor touch. What networks and senders make of that is sorted out by these rules, of which the first
// that fits applies; "inside" is before the latest key's end and up to `min_pause` after it:
//
//     a packet's timestamp is                  then it is
//     the latest one's, its digit too          the same key: an update, a repeated end, a duplicate; or the
//                                              next key of a sender that keeps the timestamp: see below
//     earlier, sent within `max_reorder`       overtaken, and dropped: a late digit is a misplaced one
//     earlier still                            a new key: the sender was restarted
//     any other, with another digit            a new key; if the last one had no end, that was lost
//     later and inside, an end                 the same key: some senders move the timestamp of ends
//     later, after the end, itself no end      a new key
//     later, as its sender moves it            the same key: see below
//     later, with a marker or after the end    a new key
//     later by a multiple of 0xFFFF            the same key: its next segment (2.5.1.3)
//     later and inside                         the same key: a segment of another length
//     farther                                  a new key; the end of the last one was lost
//
// Some senders advance the timestamp with each packet, or in the ends alone. A later packet of the same digit
// then belongs to the same key when
//
//     - the duration grew by as much as the timestamp; in an end, which does not wait for its packet time,
//       by up to 50 ms less, or 150 ms once the sender was seen to move. Less counts only while no duration
//       was seen to grow at one timestamp, which shows that this sender does not move it;
//     - it is an end without a marker whose timestamp is where the key ends;
//     - it is one more end without a marker, 50 ms after the last one's timestamp, or 100 ms once the sender
//       was seen to move.
//
// Some senders keep one timestamp for all keys. A marker with a shorter duration after an end may then be the
// next press, or the first packet of the last one, late or duplicated. It is the next press when the packets
// after it go on counting from there; the more ends were seen before it, the fewer such packets it takes
// (`proof_of_press`). If advance() has shown that the key was over for `lost_end`, the marker is enough; if
// it has shown less than 100 ms since the end, nothing is.
//
// When the time given to advance() steps back by more than `lost_end`, the clock was set back. What comes
// next is a new key, except repeats of the latest one.
//
// Sequence numbers, if the host passes them, tell which packet was sent first, and take precedence over all
// of this:
//
//     a packet's number is                     then it is
//     within the latest key's                  the same key
//     up to `max_late_packets` before it, its  overtaken, and dropped (without a count, where it may be the
//     timestamp within `max_reorder`           key's own first)
//     up to 3 after its last one without E,    the same key, if it ends it or, before any end, its duration
//     without a marker                         grew: ends are sent three times
//     any other                                sent later: by the table above, but never overtaken. With the
//                                              same timestamp, an update after an end is a new key; with an
//                                              earlier one, any packet is
#pragma once

#include "dsp/events/key_report.hpp"
#include "dsp/events/telephone_event.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/keys.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

using namespace literals;

/// The receiver's limits. Where no source is named, the limit is keytone's own. Below 0 counts as 0, above a
/// minute as a minute.
struct TelephoneEventLimits {
    /// A key of which no packet came for so long is over, though none reported the end: three packets at the
    /// slowest pace, 50 ms (RFC 4733, 2.5.1.2).
    Milliseconds lost_end{150};
    /// Two keys of the same digit are this much apart. Q.24 Table A-1.
    Milliseconds min_pause{40};
    /// Packets come at most this late.
    Milliseconds max_reorder{5000};
};

/// How many packets, or events in them, were ignored.
struct TelephoneEventsIgnored {
    std::uint64_t malformed = 0;   ///< A payload of the wrong size.
    std::uint64_t not_keys = 0;    ///< Codes above 15: flash (16) and others.
    std::uint64_t no_duration = 0; ///< Duration 0, which reports nothing of a key. RFC 4733, 2.3.5.
    std::uint64_t overtaken = 0;   ///< Reordered: older than what was seen.

    friend bool operator==(const TelephoneEventsIgnored&, const TelephoneEventsIgnored&) = default;
};

/// Receives one stream's telephone events: pass those of one SSRC, and call reset() for another. A plain
/// value without a clock of its own: time is what the RTP timestamps say. Reports alternate: begin, end,
/// begin, end.
class TelephoneEventReceiver {
  public:
    using Sink = FunctionRef<void(const KeyReport&)>;

    /// Reordered packets come at most this many late: 5 s of packets of 20 ms.
    static constexpr int max_late_packets = 250;

    /// `clock` is the RTP clock.
    explicit TelephoneEventReceiver(SampleRate clock, const TelephoneEventLimits& limits = {}) noexcept;

    /// Takes a packet with telephone events: its header's timestamp and marker, and its payload of any
    /// length. `sink` is called for each report, in order. `[audio]`
    void receive(RtpTimestamp timestamp, bool marker, std::span<const std::uint8_t> payload,
                 Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The same with its header's sequence number, by which late packets, a restarted sender and a clock that
    /// was set back are distinguished. A host passes the number of all of a stream's packets or of none.
    /// `[audio]`
    void receive(RtpSequence sequence, RtpTimestamp timestamp, bool marker,
                 std::span<const std::uint8_t> payload, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The stream has reached `now`, by its audio packets or its playout: a key whose end was lost ends.
    /// `[audio]`
    void advance(RtpTimestamp now, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The stream is over: a key that still sounds ends. Only reset() may follow. `[audio]`
    void finish(Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the stream, and resets the counts. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    [[nodiscard]] const TelephoneEventsIgnored& ignored() const noexcept { return ignored_; }

  private:
    enum class Place : std::uint8_t { earlier, nothing_new, same_key, new_key };
    /// What the sender was seen to do with the timestamp of a key while its duration grew.
    enum class Sender : std::uint8_t { unknown, holds_timestamp, moves_timestamp };
    /// An event's position in its packet.
    enum class Mark : std::uint8_t { none, marker, later_in_payload };
    /// When a packet was sent relative to the latest key, by its sequence number.
    enum class Order : std::uint8_t { unknown, before, within, behind };

    /// An event, and what the header of its packet says.
    struct Arrival {
        std::optional<RtpSequence> sequence;
        RtpTimestamp timestamp;
        Mark mark;
        TelephoneEvent event;
    };

    /// The key that sounds, or the last one.
    struct Latest {
        Key key;
        RtpTimestamp onset;
        RtpTimestamp segment;   // where the durations count from
        RtpTimestamp timestamp; // of the latest packet; beyond `segment` when the timestamp moves
        std::uint16_t duration; // the longest of the segment
        std::uint8_t volume;
        bool sounds = true;
        bool marked = false;      // its first packet was seen
        bool grew = false;        // its duration grew at one timestamp
        bool past = false;        // the stream's clock is `lost_end` after its end
        bool other_clock = false; // the clock was set back since
        std::uint8_t ends = 0;    // packets seen that reported its end, up to three
        // What may be the next press at the same timestamp: packets after its marker, and what they report
        std::optional<std::uint8_t> pressed_on = std::nullopt;
        std::uint8_t pressed_ends = 0;
        std::uint16_t pressed_duration = 0;
        // Sequence numbers of its packets, where they are given
        RtpSequence first_sequence = 0;
        RtpSequence last_sequence = 0;
        RtpSequence update_sequence = 0; // of the last one without E
        bool updated = false;

        [[nodiscard]] RtpTimestamp counted() const noexcept { return segment + duration; }
        /// Until when it is known to have sounded, or to have been reported.
        [[nodiscard]] RtpTimestamp until() const noexcept;
    };

    void receive_any(std::optional<RtpSequence> sequence, RtpTimestamp timestamp, bool marker,
                     std::span<const std::uint8_t> payload, Sink sink) noexcept;
    void take(const Arrival& arrival, Sink sink) noexcept;
    [[nodiscard]] Place place(const Arrival& arrival) noexcept;
    [[nodiscard]] Order order(const Arrival& arrival) const noexcept;
    [[nodiscard]] bool follows_closely(const Arrival& arrival) const noexcept;
    [[nodiscard]] Place place_at_timestamp(const Arrival& arrival, Order order) noexcept;
    [[nodiscard]] bool pressed_again(const Arrival& arrival) noexcept;
    [[nodiscard]] bool goes_on(const Arrival& arrival) const noexcept;
    [[nodiscard]] bool is_moved_end(const Arrival& arrival) const noexcept;
    [[nodiscard]] bool moved_on(const Arrival& arrival) const noexcept;
    [[nodiscard]] bool begins_segment(RtpTimestamp timestamp) const noexcept;
    void begin(const Arrival& arrival, Sink sink) noexcept;
    void follow(const Arrival& arrival) noexcept;
    void end(bool inferred, Sink sink) noexcept;

    SampleCount lost_end_;
    SampleCount min_pause_;
    SampleCount max_reorder_;
    SampleCount packet_time_; // the longest
    std::optional<Latest> latest_;
    std::optional<RtpTimestamp> now_; // the last time given to advance()
    Sender sender_ = Sender::unknown;
    TelephoneEventsIgnored ignored_;
};

} // namespace keytone
