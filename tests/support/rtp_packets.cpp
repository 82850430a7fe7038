// SPDX-License-Identifier: MIT
#include "tests/support/rtp_packets.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace keytone::test {

namespace {

constexpr std::size_t rtp_header_size = 12;

/// The lowest `bytes` bytes of the number, the highest first.
std::string network_order(std::uint32_t number, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) {
        text += static_cast<char>(number >> (8 * i) & 0xFFU);
    }
    return text;
}

std::uint32_t number_from(std::string_view bytes) {
    std::uint32_t number = 0;
    for (const char byte : bytes) {
        number = number << 8U | static_cast<std::uint8_t>(byte);
    }
    return number;
}

// RFC 3550, 5.1: version 2, no padding, extension or contributors.
std::string rtp(const RtpPacket& packet) {
    return network_order(0x80, 1) +
           network_order((packet.marker ? 0x80U : 0U) | telephone_event_payload_type, 1) +
           network_order(packet.sequence, 2) + network_order(packet.timestamp, 4) +
           network_order(0x6B657974, 4) + std::string(packet.payload.begin(), packet.payload.end());
}

std::string udp(const std::string& payload) {
    const auto size = static_cast<std::uint32_t>(8 + payload.size());
    return network_order(rtp_port, 2) + network_order(rtp_port, 2) + network_order(size, 2) +
           network_order(0, 2) + payload;
}

std::string ipv4(const std::string& payload) {
    const auto size = static_cast<std::uint32_t>(20 + payload.size());
    const std::string loopback = network_order(0x7F000001, 4);
    return network_order(0x4500, 2) + network_order(size, 2) + network_order(0, 4) +
           network_order(0x4011, 2) + network_order(0, 2) + loopback + loopback + payload;
}

} // namespace

std::string to_rtp_stream(const std::vector<RtpPacket>& packets) {
    std::string stream;
    for (const RtpPacket& packet : packets) {
        const std::string bytes = rtp(packet);
        stream += network_order(static_cast<std::uint32_t>(bytes.size()), 2) + bytes;
    }
    return stream;
}

std::vector<RtpPacket> from_rtp_stream(std::string_view stream) {
    std::vector<RtpPacket> packets;
    while (!stream.empty()) {
        const std::size_t size = stream.size() < 2 ? 0 : number_from(stream.substr(0, 2));
        if (size < rtp_header_size || stream.size() < 2 + size) {
            ADD_FAILURE() << "no RTP stream, or cut off, " << stream.size() << " bytes before its end";
            break;
        }
        const std::string_view packet = stream.substr(2, size);
        const std::string_view payload = packet.substr(rtp_header_size);
        packets.push_back({static_cast<std::uint16_t>(number_from(packet.substr(2, 2))),
                           number_from(packet.substr(4, 4)),
                           (number_from(packet.substr(1, 1)) & 0x80U) != 0,
                           {payload.begin(), payload.end()}});
        stream.remove_prefix(2 + size);
    }
    return packets;
}

std::string to_capture(const std::vector<RtpPacket>& packets) {
    // The magic number tells readers the byte order; version 2.4, whole packets, raw IP.
    std::string capture = network_order(0xA1B2C3D4, 4) + network_order(0x00020004, 4) + network_order(0, 4) +
                          network_order(0, 4) + network_order(65535, 4) + network_order(101, 4);
    std::uint32_t ms = 0;
    for (const RtpPacket& packet : packets) {
        const std::string bytes = ipv4(udp(rtp(packet)));
        const auto size = static_cast<std::uint32_t>(bytes.size());
        capture += network_order(ms / 1000, 4) + network_order(ms % 1000 * 1000, 4) + network_order(size, 4) +
                   network_order(size, 4) + bytes;
        ms += 20;
    }
    return capture;
}

} // namespace keytone::test
