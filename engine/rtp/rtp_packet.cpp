// SPDX-License-Identifier: MIT
#include "engine/rtp/rtp_packet.hpp"

#include "engine/rtp/network_order.hpp"

namespace keytone {

Result<RtpPacket, RtpRefusal> parse_rtp(std::span<const std::uint8_t> bytes) noexcept {
    constexpr std::uint8_t version = 2;
    constexpr std::size_t extension_header = 4;
    if (bytes.size() < RtpPacket::header_size) {
        return RtpRefusal::too_short;
    }
    if (bytes[0] >> 6U != version) {
        return RtpRefusal::wrong_version;
    }
    if (is_rtcp(bytes)) {
        return RtpRefusal::rtcp;
    }
    RtpPacket packet;
    packet.marker = (bytes[1] & 0x80U) != 0;
    packet.payload_type = bytes[1] & 0x7FU;
    packet.sequence = read_16(bytes, 2);
    packet.timestamp = read_32(bytes, 4);
    packet.ssrc = read_32(bytes, 8);
    packet.has_extension = (bytes[0] & 0x10U) != 0;

    const bool is_padded = (bytes[0] & 0x20U) != 0;
    const std::size_t contributors = std::size_t{4} * (bytes[0] & 0x0FU);
    auto rest = bytes.subspan(RtpPacket::header_size);
    if (contributors > rest.size()) {
        return RtpRefusal::csrc_beyond_end;
    }
    packet.contributors = rest.first(contributors);
    rest = rest.subspan(contributors);
    if (packet.has_extension) {
        if (rest.size() < extension_header) {
            return RtpRefusal::extension_beyond_end;
        }
        packet.extension_profile = read_16(rest, 0);
        const std::size_t size = std::size_t{4} * read_16(rest, 2);
        rest = rest.subspan(extension_header);
        if (size > rest.size()) {
            return RtpRefusal::extension_beyond_end;
        }
        packet.extension = rest.first(size);
        rest = rest.subspan(size);
    }
    if (is_padded) {
        const std::size_t padding = rest.empty() ? 0 : rest.back();
        if (padding == 0 || padding > rest.size()) {
            return RtpRefusal::wrong_padding;
        }
        rest = rest.first(rest.size() - padding);
    }
    packet.payload = rest;
    return packet;
}

std::array<std::uint8_t, RtpPacket::header_size> pack(const RtpHeader& header) noexcept {
    std::array<std::uint8_t, RtpPacket::header_size> bytes{};
    bytes[0] = 0x80; // version 2
    bytes[1] = static_cast<std::uint8_t>((header.marker ? 0x80U : 0U) | (header.payload_type & 0x7FU));
    write_16(bytes, 2, header.sequence);
    write_32(bytes, 4, header.timestamp);
    write_32(bytes, 8, header.ssrc);
    return bytes;
}

} // namespace keytone
