// SPDX-License-Identifier: MIT
//
// A key as RFC 4733 packets, each at its time. One of 70 ms, a packet every 20 ms; all of them carry the
// timestamp of its onset:
//
//     key         |<------- 70 ms ------->|
//     packet             1      2      3  4      5      6
//     marker             M
//     E                                   E      E      E
//     duration, ms       20     40     60 70     70     70
//
// The first packet of an event never has E: one of 20 ms or less is reported half-way before its end.
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

/// A key to be sent, on the stream's own clock. A held key that nobody knows the end of yet is sent with
/// `longest` and released later.
struct TelephoneKey {
    static constexpr SampleCount longest = 1'000'000'000'000;

    Key key;
    SampleIndex onset;    ///< -10^15 to 10^15.
    SampleCount duration; ///< 1 to `longest`.
    Dbm0 level{-6};       ///< Both tones together; a DtmfTone's, unless told, is -5.9 dBm0.
};

/// What goes into one RTP packet. Its sequence number and its payload type are the host's; every packet, a
/// repeated one too, has a sequence number of its own (2.5.1.6).
struct TelephoneEventPacket {
    RtpTimestamp timestamp; ///< The event's beginning, or that of its segment.
    bool marker;            ///< The first packet of an event. 2.2.2.
    TelephoneEvent event;   ///< The payload: see pack().

    friend constexpr bool operator==(const TelephoneEventPacket&, const TelephoneEventPacket&) = default;
};

/// Sends keys one after the other. A plain value without a clock of its own: the host tells the time.
class TelephoneEventSender {
  public:
    static constexpr Milliseconds min_packet_time{5};
    /// RFC 4733, 2.5.1.2.
    static constexpr Milliseconds max_packet_time{50};
    /// The packet that ends an event is sent this often in all. 2.5.1.4.
    static constexpr int end_packets = 3;

    /// `clock` is the RTP clock, `first_timestamp` what stands for sample 0 of the stream (RFC 3550 wants it
    /// random). Errors: packet_time_out_of_range.
    static Result<TelephoneEventSender, Error> create(SampleRate clock, Milliseconds packet_time = 20_ms,
                                                      RtpTimestamp first_timestamp = 0);

    /// Takes the key that comes next. One may wait while another is sent: what is left to repeat of that
    /// one's end is then sent at the new key's onset. False, and nothing changed, when one waits already,
    /// when it begins before the last one's end, or when it is out of range. `[audio]`
    [[nodiscard]] bool send(const TelephoneKey& key) noexcept KEYTONE_NONBLOCKING;
    /// The key last taken ends at `at`, earlier than was said; at once when that is past what was reported of
    /// it. Nothing, when its end was sent already or is no later. `[audio]`
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
