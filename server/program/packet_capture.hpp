// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "server/media/packet_tap.hpp"

#include <cstdint>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// Writes what went over the network as a pcap file, which Wireshark reads: IP and UDP headers are made again
/// from the addresses, messages by TCP are shown as datagrams.
class PacketCapture {
  public:
    /// Errors: one line. `[control]`
    static Result<std::unique_ptr<PacketCapture>, std::string> create(const std::string& file);

    /// For the media thread, which copies its packets there.
    [[nodiscard]] PacketTap& tap() { return tap_; }
    /// A SIP message that came or went. `[any]`
    void put_message(const std::string& from, const std::string& to, std::string_view bytes);
    /// Writes RTP and SIP in the order of their times, except the newest: earlier ones may still follow.
    /// `[control]`
    void write_due();
    /// Writes all that there is. False where some could not be written, or the tap had no room for some.
    /// `[control]`
    bool finish();

  private:
    struct Packet {
        Instant at;
        SocketAddress from;
        SocketAddress to;
        std::vector<std::uint8_t> bytes;
    };

    explicit PacketCapture(const std::string& file);
    void collect();
    void write_until(Instant end);
    void write(const Packet& packet);

    std::ofstream file_;
    PacketTap tap_;
    Instant wall_offset_; ///< How far the wall clock is ahead of the monotonic one.
    std::vector<Packet> waiting_;
    std::mutex mutex_;
    std::vector<Packet> messages_;
};

} // namespace keytone::server
