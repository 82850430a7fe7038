// SPDX-License-Identifier: MIT
//
// RTP packets (RFC 3550) in the two forms in which other programs read and write them without a network.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::test {

/// The relevant parts of one packet.
struct RtpPacket {
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    bool marker = false;
    std::vector<std::uint8_t> payload;
};

inline constexpr std::uint8_t telephone_event_payload_type = 101;
/// The UDP port that packets in a capture are sent to.
inline constexpr std::uint16_t rtp_port = 5004;

/// Each packet after its length (RFC 4571), as through a pipe.
std::string to_rtp_stream(const std::vector<RtpPacket>& packets);
/// The packets of such a stream. Fails the running test where the stream is invalid.
std::vector<RtpPacket> from_rtp_stream(std::string_view stream);
/// A capture file (libpcap's format) of IPv4 packets, 20 ms apart.
std::string to_capture(const std::vector<RtpPacket>& packets);

} // namespace keytone::test
