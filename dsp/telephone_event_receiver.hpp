// SPDX-License-Identifier: MIT
//
// Keys out of RFC 4733 packets, each once. All packets of a key have its onset for a timestamp (2.2.1), and
// of two keys of one digit the second begins `min_pause` or more behind the first. What networks and senders
// make of that is told apart by these rules, of which the first that fits holds:
//
//     a packet's timestamp is                  then it is
//     the latest one's                         the same key: an update, a repeated end, a duplicate
//     earlier, sent within `max_reorder`       overtaken, and dropped: a digit late is a digit misplaced
//     earlier still                            a new key: the sender began anew
//     later, another digit                     a new key; if the last one had no end, it was lost
//     later, after the end, itself no end      a new key
//     later, as its sender moves it            the same key: see below
//     later, with a marker or after the end    a new key
//     later by a multiple of 0xFFFF            the same key: its next segment (2.5.1.3)
//     less than `min_pause` behind its end     the same key: a segment of another length
//     farther                                  a new key; the end of the last one was lost
//
// Some senders move the timestamp on with each packet. Unless a duration was seen to grow at one timestamp,
// which shows that this one does not, a later packet of the same digit belongs to the same key when
//
//     - the duration grew by as much as the timestamp; in an end, which does not wait for its packet time,
//       by up to 50 ms less, or 150 ms once the sender was seen to move: ends are repeated;
//     - it has no marker, lies within what was reported, and its duration did not shrink;
//     - it is one more end without a marker, less than `min_pause` behind the last one's, or 100 ms
//       behind its timestamp once the sender was seen to move.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/key_report.hpp"
#include "dsp/keys.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/telephone_event.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

using namespace literals;

/// What the receiver takes for what. Where no source is named, the limit is keytone's own. Below 0 counts as
/// 0, above a minute as a minute.
struct TelephoneEventLimits {
    /// A key of which nothing is heard for so long is over, though no packet said so: three packets at the
    /// slowest pace, 50 ms (RFC 4733, 2.5.1.2).
    Milliseconds lost_end{150};
    /// Two keys of the same digit are this much apart. Q.24 Table A-1.
    Milliseconds min_pause{40};
    /// Packets come at most this late.
    Milliseconds max_reorder{5000};
};

/// How many packets, or events in them, were no use.
struct TelephoneEventsIgnored {
    std::uint64_t malformed = 0;   ///< A payload of the wrong size.
    std::uint64_t not_keys = 0;    ///< Codes above 15: flash (16) and what else there is.
    std::uint64_t no_duration = 0; ///< Duration 0, which says nothing of a key. RFC 4733, 2.3.5.
    std::uint64_t overtaken = 0;   ///< Reordered: older than what was seen.

    friend bool operator==(const TelephoneEventsIgnored&, const TelephoneEventsIgnored&) = default;
};

/// Receives one stream's telephone events: give it those of one SSRC, and reset() it for another. A plain
/// value without a clock of its own: time is what the RTP timestamps say. Reports alternate: begin, end,
/// begin, end.
class TelephoneEventReceiver {
  public:
    using Sink = FunctionRef<void(const KeyReport&)>;

    /// `clock` is the RTP clock.
    explicit TelephoneEventReceiver(SampleRate clock, const TelephoneEventLimits& limits = {}) noexcept;

    /// A packet with telephone events came: its header's timestamp and marker, and its payload of any length.
    /// `sink` is called for each report, in order. `[audio]`
    void receive(RtpTimestamp timestamp, bool marker, std::span<const std::uint8_t> payload,
                 Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The stream has come to `now`, as its audio packets or its playout tell: a key whose end was lost ends.
    /// `[audio]`
    void advance(RtpTimestamp now, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The stream is over: a key that still sounds ends. Only reset() may follow. `[audio]`
    void finish(Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the stream, and what was ignored. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    [[nodiscard]] const TelephoneEventsIgnored& ignored() const noexcept { return ignored_; }

  private:
    enum class Place : std::uint8_t { earlier, same_key, new_key };
    /// How the sender was seen to go about the timestamp of a key while its duration grew.
    enum class Sender : std::uint8_t { unknown, holds_timestamp, moves_timestamp };
    /// How an event stands in its packet.
    enum class Mark : std::uint8_t { none, marker, later_in_payload };

    /// The key that sounds, or the last one.
    struct Latest {
        Key key;
        RtpTimestamp onset;
        RtpTimestamp segment;   // where the durations count from
        RtpTimestamp timestamp; // of the latest packet; beyond `segment` when the timestamp moves
        std::uint16_t duration; // the longest of the segment
        std::uint8_t volume;
        bool sounds;
        bool end_came;

        [[nodiscard]] bool moved() const noexcept { return timestamp != segment; }
        /// Up to where it is known to have sounded.
        [[nodiscard]] RtpTimestamp until() const noexcept;
    };

    void take(RtpTimestamp timestamp, const TelephoneEvent& event, Mark mark, Sink sink) noexcept;
    [[nodiscard]] Place place(RtpTimestamp timestamp, const TelephoneEvent& event, Mark mark) const noexcept;
    [[nodiscard]] bool goes_on(RtpTimestamp timestamp, const TelephoneEvent& event, Mark mark) const noexcept;
    [[nodiscard]] bool moved_on(RtpTimestamp timestamp, const TelephoneEvent& event,
                                Mark mark) const noexcept;
    [[nodiscard]] bool begins_segment(RtpTimestamp timestamp) const noexcept;
    void begin(RtpTimestamp timestamp, const TelephoneEvent& event, Sink sink) noexcept;
    void follow(RtpTimestamp timestamp, const TelephoneEvent& event) noexcept;
    void end(bool inferred, Sink sink) noexcept;

    SampleCount lost_end_;
    SampleCount min_pause_;
    SampleCount max_reorder_;
    SampleCount packet_time_; // the longest
    std::optional<Latest> latest_;
    Sender sender_ = Sender::unknown;
    TelephoneEventsIgnored ignored_;
};

} // namespace keytone
