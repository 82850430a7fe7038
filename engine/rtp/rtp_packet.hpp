// SPDX-License-Identifier: MIT
//
// RFC 3550, 5.1: the header of an RTP packet.
//
//      0                   1                   2                   3
//      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//     |                           timestamp                           |
//     |                             SSRC                              |
//     |                   CSRC, 4 bytes each, CC of them              |
//     |   X: defined by profile       |            length             |
//     |                   header extension, 4 bytes each              |
//     |                           payload                             |
//     |   P: padding, its last byte says how many bytes it has        |
#pragma once

#include "dsp/events/telephone_event.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// Why bytes are no RTP packet.
enum class RtpRefusal : std::uint8_t {
    too_short,            ///< Less than the fixed header's 12 bytes.
    wrong_version,        ///< Not 2.
    rtcp,                 ///< A control packet, where both share a port. RFC 5761, 4.
    csrc_beyond_end,      ///< The list of contributors is longer than the packet.
    extension_beyond_end, ///< The header extension is longer than the packet. 5.3.1.
    wrong_padding,        ///< Padding of no byte, or of more than there are.
};

/// What an RTP packet holds. It looks at the bytes it was parsed from and must not outlive them.
struct RtpPacket {
    static constexpr std::size_t header_size = 12;

    bool marker = false;
    std::uint8_t payload_type = 0; ///< 0 to 127.
    RtpSequence sequence = 0;
    RtpTimestamp timestamp = 0;
    std::uint32_t ssrc = 0;
    std::span<const std::uint8_t> contributors; ///< CSRC, 4 bytes each.
    bool has_extension = false;
    std::uint16_t extension_profile = 0;     ///< What the profile defines of the extension.
    std::span<const std::uint8_t> extension; ///< Without its own 4 bytes of header.
    std::span<const std::uint8_t> payload;   ///< Without padding; may be empty.
};

/// Whether the bytes are RTCP, where it comes on RTP's port: a second byte of 192 to 223. RFC 5761, 4.
/// `[any]`
[[nodiscard]] constexpr bool is_rtcp(std::span<const std::uint8_t> bytes) noexcept {
    return bytes.size() >= 2 && bytes[1] >= 192 && bytes[1] <= 223;
}

/// Takes a datagram apart. Every length is checked against what there is. `[audio]`
Result<RtpPacket, RtpRefusal> parse_rtp(std::span<const std::uint8_t> bytes) noexcept KEYTONE_NONBLOCKING;

/// What keytone writes: no contributors, extension or padding.
struct RtpHeader {
    bool marker;
    std::uint8_t payload_type; ///< Bits above the seventh are dropped.
    RtpSequence sequence;
    RtpTimestamp timestamp;
    std::uint32_t ssrc;
};

/// The header's bytes; the payload follows them. `[any]`
std::array<std::uint8_t, RtpPacket::header_size> pack(const RtpHeader& header) noexcept;

} // namespace keytone
