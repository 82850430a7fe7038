// SPDX-License-Identifier: MIT
//
// A key as RFC 4733 packets, each at its time. For a key of 70 ms, with a packet every 20 ms; all carry the
// timestamp of its onset:
//
//     key         |<------- 70 ms ------->|
//     packet             1      2      3  4      5      6
//     marker             M
//     E                                   E      E      E
//     duration, ms       20     40     60 70     70     70
//
// The first packet of an event never has E: an event of 20 ms or less is first reported half-way.
#pragma once

#include "dsp/error.hpp"
#include "dsp/events/telephone_event.hpp"
#include "dsp/keys.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <optional>

namespace keytone {

using namespace literals;

/// A key to be sent, on the stream's own clock. A held key whose end is not known yet is sent with `longest`
/// and released later.
struct TelephoneKey {
    static constexpr SampleCount longest = 1'000'000'000'000;

    Key key;
    SampleIndex onset;    ///< -10^15 to 10^15.
    SampleCount duration; ///< 1 to `longest`.
    Dbm0 level{-6};       ///< Both tones together; a default DtmfTone's level is -5.9 dBm0.
};

/// What goes into one RTP packet. The host adds sequence number and payload type; every packet, a repeated
/// one too, has a sequence number of its own (2.5.1.6).
struct TelephoneEventPacket {
    RtpTimestamp timestamp; ///< The beginning of the event, or of its segment.
    bool marker;            ///< The first packet of an event. 2.2.2.
    TelephoneEvent event;   ///< The payload: see pack().

    friend constexpr bool operator==(const TelephoneEventPacket&, const TelephoneEventPacket&) = default;
};

/// Sends keys one after the other. A plain value without a clock of its own: the host passes the time.
class TelephoneEventSender {
  public:
    static constexpr Milliseconds min_packet_time{5};
    /// RFC 4733, 2.5.1.2.
    static constexpr Milliseconds max_packet_time{50};
    /// How often in all the packet that ends an event is sent. 2.5.1.4.
    static constexpr int end_packets = 3;

    /// `clock` is the RTP clock; `first_timestamp` belongs to sample 0 of the stream (RFC 3550 wants it
    /// random). Errors: packet_time_out_of_range.
    static Result<TelephoneEventSender, Error> create(SampleRate clock, Milliseconds packet_time = 20_ms,
                                                      RtpTimestamp first_timestamp = 0);

    /// Takes the key that comes next. One may wait while another is sent; if repeats of that one's end are
    /// still left at the new key's onset, they are sent then. False, and nothing changes, when a key waits
    /// already, when it begins before the last one's end, or when it is out of range. `[audio]`
    [[nodiscard]] bool send(const TelephoneKey& key) noexcept KEYTONE_NONBLOCKING;
    /// The key last taken ends at `at`, earlier than given; if more of it was reported already, it ends there
    /// at once. Does nothing when its end was sent already or is no later than `at`. `[audio]`
    void release(SampleIndex at) noexcept KEYTONE_NONBLOCKING;
    /// The next packet that is due at `now` or before; call it until there is none. `[audio]`
    [[nodiscard]] std::optional<TelephoneEventPacket> next(SampleIndex now) noexcept KEYTONE_NONBLOCKING;
    /// When the next packet is due; nothing when all is sent. `[any]`
    [[nodiscard]] std::optional<SampleIndex> due() const noexcept;

  private:
    TelephoneEventSender(SampleCount packet_time, RtpTimestamp first_timestamp) noexcept
        : packet_time_(packet_time), first_timestamp_(first_timestamp) {}

    [[nodiscard]] SampleCount next_report() const noexcept;
    [[nodiscard]] TelephoneEventPacket packet(SampleCount until) const noexcept;
    void begin_waiting() noexcept;

    SampleCount packet_time_;
    RtpTimestamp first_timestamp_;
    std::optional<TelephoneKey> current_;
    std::optional<TelephoneKey> waiting_;
    // Of the current key, counted from its onset:
    SampleCount tick_ = 0;     // the next packet by the packet time,
    SampleCount segment_ = 0;  // the beginning of the segment,
    SampleCount reported_ = 0; // and how much of it was reported
    int ends_sent_ = 0;
};

} // namespace keytone
