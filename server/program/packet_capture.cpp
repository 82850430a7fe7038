// SPDX-License-Identifier: MIT
#include "server/program/packet_capture.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace keytone::server {

namespace {

using namespace std::chrono_literals;

/// Packets that the tap holds: some ten seconds of a call's four streams.
constexpr std::size_t tap_packets = 2048;
/// How old a packet is when it is written: by then both threads have handed over all earlier ones.
constexpr Instant rest = 100ms;

constexpr std::uint32_t pcap_magic = 0xA1B23C4D; // times in nanoseconds
constexpr std::uint32_t most_bytes = 65535;
constexpr std::uint32_t link_raw = 101; // IP without anything before it
constexpr std::uint8_t udp = 17;
constexpr std::size_t udp_header = 8;

Instant monotonic_now() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

void append(std::vector<std::uint8_t>& out, std::initializer_list<unsigned> words) {
    for (const unsigned word : words) {
        out.push_back(static_cast<std::uint8_t>(word >> 8U));
        out.push_back(static_cast<std::uint8_t>(word));
    }
}

// RFC 1071.
unsigned checksum(const std::vector<std::uint8_t>& bytes) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        sum += static_cast<unsigned>(bytes[i]) << 8U | (i + 1 < bytes.size() ? bytes[i + 1] : 0U);
    }
    while (sum > 0xFFFF) {
        sum = (sum & 0xFFFF) + (sum >> 16U);
    }
    return ~static_cast<unsigned>(sum) & 0xFFFFU;
}

// An IP packet: RFC 791 or RFC 8200, and RFC 768.
std::vector<std::uint8_t> ip_packet(const SocketAddress& from, const SocketAddress& to,
                                    const std::vector<std::uint8_t>& payload) {
    const auto source = from.host();
    const auto target = to.host();
    const auto length = static_cast<unsigned>(udp_header + payload.size());
    std::vector<std::uint8_t> covered(source.begin(), source.end()); // what UDP's checksum covers
    covered.insert(covered.end(), target.begin(), target.end());
    append(covered, {udp, length, from.port(), to.port(), length, 0});
    covered.insert(covered.end(), payload.begin(), payload.end());
    const unsigned sum = checksum(covered);

    std::vector<std::uint8_t> packet;
    if (from.family() == AF_INET) {
        append(packet, {0x4500, length + 20, 0, 0x4000, 64U << 8U | udp, 0});
        packet.insert(packet.end(), source.begin(), source.end());
        packet.insert(packet.end(), target.begin(), target.end());
        const unsigned header_sum = checksum(packet);
        packet[10] = static_cast<std::uint8_t>(header_sum >> 8U);
        packet[11] = static_cast<std::uint8_t>(header_sum);
    } else {
        append(packet, {0x6000, 0, length, static_cast<unsigned>(udp) << 8U | 64U});
        packet.insert(packet.end(), source.begin(), source.end());
        packet.insert(packet.end(), target.begin(), target.end());
    }
    append(packet, {from.port(), to.port(), length, sum == 0 ? 0xFFFFU : sum});
    packet.insert(packet.end(), payload.begin(), payload.end());
    return packet;
}

void write_words(std::ofstream& file, std::initializer_list<std::uint32_t> words) {
    for (const std::uint32_t word : words) { // in the machine's own byte order, which the magic number shows
        file.write(reinterpret_cast<const char*>(&word), sizeof word);
    }
}

} // namespace

PacketCapture::PacketCapture(const std::string& file)
    : file_(file, std::ios::binary | std::ios::trunc),
      tap_(tap_packets),
      wall_offset_(std::chrono::system_clock::now().time_since_epoch() - monotonic_now()) {
    constexpr std::uint32_t version = 4U << 16U | 2U;
    write_words(file_, {pcap_magic, version, 0, 0, most_bytes, link_raw});
}

Result<std::unique_ptr<PacketCapture>, std::string> PacketCapture::create(const std::string& file) {
    std::unique_ptr<PacketCapture> capture(new PacketCapture(file));
    if (!capture->file_) {
        return file + ": cannot be written: name a file in a folder that is there";
    }
    return capture;
}

void PacketCapture::put_message(const std::string& from, const std::string& to, std::string_view bytes) {
    const auto source = SocketAddress::parse_with_port(from);
    const auto target = SocketAddress::parse_with_port(to);
    if (!source || !target) {
        return;
    }
    const std::lock_guard lock(mutex_);
    messages_.push_back({monotonic_now(), *source, *target, {bytes.begin(), bytes.end()}});
}

void PacketCapture::collect() {
    while (const auto packet = tap_.next()) {
        waiting_.push_back({packet->at,
                            packet->from,
                            packet->to,
                            {packet->bytes.begin(), packet->bytes.begin() + packet->size}});
    }
    const std::lock_guard lock(mutex_);
    std::ranges::move(messages_, std::back_inserter(waiting_));
    messages_.clear();
}

void PacketCapture::write_due() {
    collect();
    write_until(monotonic_now() - rest);
}

bool PacketCapture::finish() {
    collect();
    write_until(Instant::max());
    file_.close();
    return !file_.fail() && tap_.lost() == 0;
}

void PacketCapture::write_until(Instant end) {
    std::ranges::stable_sort(waiting_, {}, &Packet::at);
    const auto later = std::ranges::find_if(waiting_, [&](const Packet& packet) { return packet.at >= end; });
    std::for_each(waiting_.begin(), later, [this](const Packet& packet) { write(packet); });
    waiting_.erase(waiting_.begin(), later);
}

void PacketCapture::write(const Packet& packet) {
    const auto bytes = ip_packet(packet.from, packet.to, packet.bytes);
    const Instant at = packet.at + wall_offset_;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    write_words(file_, {static_cast<std::uint32_t>(seconds.count()),
                        static_cast<std::uint32_t>((at - seconds).count()), size, size});
    file_.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

} // namespace keytone::server
