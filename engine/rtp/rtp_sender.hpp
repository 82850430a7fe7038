// SPDX-License-Identifier: MIT
//
// One steady timeline: the leg's sample n has the timestamp `first_timestamp` + n, whatever is sent of it. A
// key of 70 ms, packets of 20 ms:
//
//     key                 |<------- 70 ms ------->|
//     audio    |   1   |   2   | left out      |   6   |   8   |
//     events                      3      4      5   7     …
//     marker    M                               M
//
// Audio that overlaps the key in part is sent; the first packet behind what was left out has the marker (RFC
// 3551, 4.1). All packets share one SSRC and one series of sequence numbers (RFC 4733, 2.1).
#pragma once

#include "dsp/events/telephone_event_sender.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/g711.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/units.hpp"
#include "engine/rtp/rtp_packet.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// What is sent as audio while an event lasts. RFC 4733, 2.5.1.3 allows both.
enum class AudioDuringEvents : std::uint8_t {
    suppressed, ///< No packets.
    silence,    ///< Packets of silence.
};

/// What a sender is made with.
struct RtpSenderConfig {
    G711Law law = G711Law::ulaw;
    std::uint8_t payload_type = 0; ///< Of the audio: 0 for PCMU, 8 for PCMA. RFC 3551, 6.
    std::uint8_t event_payload_type = 101;
    Milliseconds packet_time{20};     ///< 10 to 60 ms, else the nearest of these.
    std::uint32_t ssrc = 0;           ///< Random. RFC 3550, 8.1.
    RtpSequence first_sequence = 0;   ///< Random. RFC 3550, 5.1.
    RtpTimestamp first_timestamp = 0; ///< Random. RFC 3550, 5.1.
    AudioDuringEvents during_events = AudioDuringEvents::suppressed;
};

/// Sends a leg's samples and keys at 8 kHz. A plain value that never allocates.
class RtpSender {
  public:
    /// Takes each packet as it is done; the bytes are valid during the call.
    using Sink = FunctionRef<void(std::span<const std::uint8_t>)>;

    /// `[any]`
    explicit RtpSender(const RtpSenderConfig& config) noexcept;

    /// A packet of a key is due. Its timestamp counts from the leg's sample 0: Session::next_key_event().
    /// Give the packets of a block before its samples, so that their audio can be left out. `[audio]`
    void send_event(const TelephoneEventPacket& packet, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The leg's next samples, any number. `[audio]`
    void send(std::span<const std::int16_t> samples, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The leg's next `count` samples are not sent, as while it is on hold; a packet that was begun is. The
    /// next packet begins a talk spurt. `[audio]`
    void skip(SampleCount count, Sink sink) noexcept KEYTONE_NONBLOCKING;

    /// Another law, payload types and packet time, as after another offer and answer; the timeline and the
    /// numbers go on. A packet that was begun is sent before that. `[audio]`
    void change(G711Law law, std::uint8_t payload_type, std::uint8_t event_payload_type,
                Milliseconds packet_time, Sink sink) noexcept KEYTONE_NONBLOCKING;

    /// The timestamp of the leg's next sample. `[any]`
    [[nodiscard]] RtpTimestamp timestamp() const noexcept {
        return config_.first_timestamp + static_cast<RtpTimestamp>(position_);
    }
    [[nodiscard]] std::uint32_t ssrc() const noexcept { return config_.ssrc; }
    /// Packets sent, and the bytes of their payloads: for a sender report, RFC 3550, 6.4.1. `[audio]`
    [[nodiscard]] std::uint32_t packets() const noexcept { return packets_; }
    [[nodiscard]] std::uint32_t octets() const noexcept { return octets_; }

  private:
    static constexpr std::size_t max_samples = 480; // 60 ms

    /// The key that is sent, on the leg's clock.
    struct SentKey {
        SampleIndex begin;
        std::optional<SampleIndex> end; // nothing while it is held
    };

    void finish_packet(Sink sink) noexcept;
    void write(bool marker, std::uint8_t payload_type, RtpTimestamp timestamp, std::size_t payload_size,
               Sink sink) noexcept;
    [[nodiscard]] bool lies_within_key(SampleIndex begin, SampleIndex end) const noexcept;
    [[nodiscard]] std::span<std::uint8_t> payload() noexcept {
        return std::span(bytes_).subspan(RtpPacket::header_size);
    }

    RtpSenderConfig config_;
    std::size_t packet_samples_;
    RtpSequence sequence_;
    SampleIndex position_ = 0;
    std::size_t gathered_ = 0; // samples of the packet that is begun
    bool spurt_begins_ = true;
    std::optional<SentKey> key_;
    std::uint32_t packets_ = 0;
    std::uint32_t octets_ = 0;
    std::array<std::uint8_t, max_samples> gathered_codes_{};
    std::array<std::uint8_t, RtpPacket::header_size + max_samples> bytes_{};
};

} // namespace keytone
