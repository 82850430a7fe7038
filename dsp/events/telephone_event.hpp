// SPDX-License-Identifier: MIT
//
// RFC 4733: keys as packets beside the voice. What one packet's payload holds (2.3), and the arithmetic of
// its RTP timestamp:
//
//      0                   1                   2                   3
//      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//     |     event     |E|R|  volume   |           duration            |
//
// Duration and timestamps count the clock of the stream's audio codec, which is usually its sampling rate;
// G.722 samples at 16 kHz, but its clock runs at 8 kHz (RFC 3551, 4.5.2).
#pragma once

#include "dsp/error.hpp"
#include "dsp/result.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// The timestamp of an RTP header, in units of the stream's clock; 0 follows 2^32 - 1.
using RtpTimestamp = std::uint32_t;

/// How far `to` is ahead of `from`, in clock units: -2^31 to 2^31 - 1; wraps are taken care of. `[any]`
constexpr SampleCount rtp_distance(RtpTimestamp from, RtpTimestamp to) noexcept {
    return static_cast<std::int32_t>(to - from);
}

/// The sequence number of an RTP packet; 0 follows 65 535.
using RtpSequence = std::uint16_t;

/// How many packets after `from` `to` was sent: -32 768 to 32 767; wraps are taken care of. `[any]`
constexpr int rtp_packets_between(RtpSequence from, RtpSequence to) noexcept {
    return static_cast<std::int16_t>(static_cast<RtpSequence>(to - from));
}

/// One event as a payload reports it. RFC 4733, 2.3.
struct TelephoneEvent {
    /// Bytes on the wire.
    static constexpr std::size_t size = 4;
    /// The longest duration that one payload can hold; a longer event is split into segments. 2.5.1.3.
    static constexpr std::uint16_t max_duration = 0xFFFF;
    static constexpr std::uint8_t max_volume = 63;

    std::uint8_t code;   ///< 0-15 are keys (3.2): Key::event_code(). 2.3.1.
    bool end;            ///< E: the event is over. 2.3.2.
    std::uint8_t volume; ///< 0-63: its level below 0 dBm0, both tones together. 2.3.4.
    std::uint16_t
        duration; ///< From the RTP timestamp to now, in clock units; 0 says nothing of a key. 2.3.5.

    friend constexpr bool operator==(const TelephoneEvent&, const TelephoneEvent&) = default;
};

/// The volume nearest to a level: 0 for 0 dBm0 and above, 63 for -63 dBm0 and below (and for a NaN). 2.3.4.
/// `[any]`
constexpr std::uint8_t telephone_event_volume(Dbm0 level) noexcept {
    if (level.value >= 0.0) {
        return 0;
    }
    constexpr int max = TelephoneEvent::max_volume;
    return static_cast<std::uint8_t>(level.value > -max ? static_cast<int>(0.5 - level.value) : max);
}
/// The level that a volume stands for. `[any]`
constexpr Dbm0 telephone_event_level(std::uint8_t volume) noexcept {
    return {0.0 - volume};
}

/// The event as bytes; R is 0. Bits of `volume` above the sixth are dropped. `[any]`
constexpr std::array<std::uint8_t, TelephoneEvent::size> pack(const TelephoneEvent& event) noexcept {
    return {event.code,
            static_cast<std::uint8_t>((event.end ? 0x80U : 0U) | (event.volume & TelephoneEvent::max_volume)),
            static_cast<std::uint8_t>(event.duration >> 8U),
            static_cast<std::uint8_t>(event.duration & 0xFFU)};
}

/// The bytes as an event. R is ignored (2.3.3); the code may be any. `[any]`
constexpr TelephoneEvent unpack(std::span<const std::uint8_t, TelephoneEvent::size> bytes) noexcept {
    return {bytes[0], (bytes[1] & 0x80U) != 0,
            static_cast<std::uint8_t>(bytes[1] & TelephoneEvent::max_volume),
            static_cast<std::uint16_t>(bytes[2] << 8U | bytes[3])};
}

/// The events of one payload: usually one, or several that followed each other without a pause. The first
/// began at the packet's timestamp, each other where the one before it ended (2.5.1.5). A view of the bytes
/// it was made from: it must not outlive them.
class TelephoneEventPayload {
  public:
    /// More than any sender reports at once.
    static constexpr std::size_t max_events = 32;

    /// Errors: telephone_event_size. `[any]`
    static constexpr Result<TelephoneEventPayload, Error>
    from_bytes(std::span<const std::uint8_t> bytes) noexcept {
        if (bytes.empty() || bytes.size() % TelephoneEvent::size != 0 ||
            bytes.size() / TelephoneEvent::size > max_events) {
            return Error::telephone_event_size;
        }
        return TelephoneEventPayload(bytes);
    }

    /// How many events: 1 to max_events. `[any]`
    [[nodiscard]] constexpr std::size_t size() const noexcept { return bytes_.size() / TelephoneEvent::size; }
    /// The event at `index`, below size(). `[any]`
    [[nodiscard]] constexpr TelephoneEvent operator[](std::size_t index) const noexcept {
        return unpack(bytes_.subspan(TelephoneEvent::size * index).first<TelephoneEvent::size>());
    }

  private:
    constexpr explicit TelephoneEventPayload(std::span<const std::uint8_t> bytes) noexcept : bytes_(bytes) {}

    std::span<const std::uint8_t> bytes_;
};

} // namespace keytone
