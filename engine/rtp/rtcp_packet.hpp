// SPDX-License-Identifier: MIT
//
// RTCP: a report of what was sent and received, the name of the sender of the report, and a BYE when it
// leaves. RFC 3550, 6.4 to 6.6. All of it goes as one compound packet:
//
//     | SR or RR | SDES with CNAME | BYE, at the end |
#pragma once

#include "dsp/events/telephone_event.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace keytone {

/// Seconds since 1900 in the upper 32 bits, their fraction in the lower ones. RFC 3550, 4.
using NtpTime = std::uint64_t;

/// What a sender report says of the sender. RFC 3550, 6.4.1.
struct RtcpSenderInfo {
    NtpTime ntp;            ///< When the report was sent.
    RtpTimestamp timestamp; ///< The same instant on the RTP clock.
    std::uint32_t packets;  ///< Sent since the beginning.
    std::uint32_t octets;   ///< Of payload.

    friend constexpr bool operator==(const RtcpSenderInfo&, const RtcpSenderInfo&) = default;
};

/// What a report says of one source that was received. RFC 3550, 6.4.1.
struct RtcpReportBlock {
    std::uint32_t ssrc;             ///< Of the source.
    std::uint8_t fraction_lost;     ///< Since the last report, of 256.
    std::int32_t cumulative_lost;   ///< Packets; 24 bits with a sign. Below 0 where more came than were sent.
    std::uint32_t highest_sequence; ///< Extended by the cycles in its upper 16 bits.
    std::uint32_t jitter;           ///< In timestamp units.
    std::uint32_t last_sr; ///< LSR: the middle 32 bits of the last sender report's NTP time; 0 for none.
    std::uint32_t delay_since_last_sr; ///< DLSR: in 1/65536 s.

    friend constexpr bool operator==(const RtcpReportBlock&, const RtcpReportBlock&) = default;
};

/// Why bytes are no compound packet.
enum class RtcpRefusal : std::uint8_t {
    too_short,     ///< Less than a header, or bytes are left behind the last packet.
    wrong_version, ///< Not 2.
    wrong_first,   ///< The first packet is neither a sender nor a receiver report. 6.1.
    wrong_padding, ///< Before the last packet, or of an impossible size. 6.4.1.
    beyond_end,    ///< A packet is longer than what is there.
    wrong_count,   ///< A packet is too short for what it says it holds.
};

/// A compound packet, as far as a telephone call needs it. It looks at the bytes it was parsed from and must
/// not outlive them.
struct RtcpCompound {
    static constexpr std::size_t max_blocks = 31;

    std::uint32_t ssrc = 0; ///< Of the sender of the first packet, a report.
    std::optional<RtcpSenderInfo> sender;
    std::array<RtcpReportBlock, max_blocks> blocks{}; ///< Of all its reports; further ones are left out.
    std::size_t block_count = 0;
    std::string_view cname; ///< Of `ssrc`; any bytes.
    bool bye = false;       ///< That `ssrc` leaves.

    /// What it says of a source; null where it says nothing. `[any]`
    [[nodiscard]] const RtcpReportBlock* about(std::uint32_t source) const noexcept;
};

/// Takes a compound packet apart. Packets of other kinds are passed over; every length is checked against
/// what there is. `[audio]`
Result<RtcpCompound, RtcpRefusal>
parse_rtcp(std::span<const std::uint8_t> bytes) noexcept KEYTONE_NONBLOCKING;

/// What is written as one compound packet.
struct RtcpReport {
    std::uint32_t ssrc;
    std::optional<RtcpSenderInfo> sender; ///< A sender report; else a receiver report.
    std::optional<RtcpReportBlock> block; ///< Of the one source that a call has.
    std::string_view cname;               ///< The first 255 bytes of it. 6.5.1.
    bool bye = false;                     ///< 6.6.
};

/// The most that write_rtcp() writes, in bytes.
inline constexpr std::size_t max_rtcp_size = 28 + 24 + 8 + 260 + 8;

/// Writes a report; returns how many bytes. The cumulative loss is limited to the range of 24 bits. `[audio]`
std::size_t write_rtcp(const RtcpReport& report,
                       std::span<std::uint8_t, max_rtcp_size> out) noexcept KEYTONE_NONBLOCKING;

} // namespace keytone
