// SPDX-License-Identifier: MIT
//
// Whose packets are heard: RFC 3550, A.1. The first packet's SSRC is the stream's. Every other packet is
//
//     its SSRC    its sequence number            its timestamp     then it is
//     the same    up to 3000 ahead, 100 behind   fits              the stream's
//     the same    the next one                   jumps             the stream, which began anew
//     the same    elsewhere, or it jumps too     any               not heard; the second of two in a row is
//                                                                  the stream, which began anew
//     another     any                            any               not heard; the third of three in a row is
//                                                                  a new stream
//
// "In a row" means: with consecutive numbers, and no packet of the stream between. A timestamp jumps when it
// is more than a second away from where the arrival lets it be expected. A pause is no jump: in it both go
// on.
#pragma once

#include "dsp/events/telephone_event.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"
#include "engine/rtp/rtp_packet.hpp"

#include <cstdint>
#include <optional>

namespace keytone {

/// A source's figures for a report: RFC 3550, A.3 and A.8. They count from the stream's first packet, or the
/// one with which it began anew.
struct RtpSourceFigures {
    std::uint32_t ssrc = 0;
    std::uint32_t extended_highest_sequence = 0;
    std::int64_t expected = 0; ///< Packets, by their numbers.
    std::int64_t received = 0; ///< Packets, late and duplicate ones too.
    std::uint32_t jitter = 0;  ///< Of the interarrival, in timestamp units. 6.4.1.
};

/// Follows one source through wraps, restarts and other sources' packets. A plain value.
class RtpSource {
  public:
    static constexpr int max_dropout = 3000;       ///< RFC 3550, A.1.
    static constexpr int max_misorder = 100;       ///< RFC 3550, A.1.
    static constexpr int restart_packets = 2;      ///< Of the same SSRC. RFC 3550, A.1.
    static constexpr int new_source_packets = 3;   ///< Two streams at once must not take turns. Own figure.
    static constexpr Milliseconds max_shift{1000}; ///< Of timestamps against arrivals. Own figure.

    enum class Verdict : std::uint8_t {
        heard,   ///< The stream's.
        begun,   ///< The first of the stream, or of what is another stream from here on.
        unheard, ///< Of the stream's SSRC, but not where it goes on.
        foreign, ///< Another SSRC.
    };
    /// What take() found.
    struct Found {
        Verdict verdict;
        std::int64_t sequence; ///< Extended by how often it wrapped: from 65 536 on. If heard or begun.
    };

    /// `clock` is the RTP clock.
    explicit RtpSource(SampleRate clock) noexcept : max_shift_(clock.samples(max_shift)) {}

    /// A packet came at `arrival`, on the receiver's clock in units of the RTP clock. `keeps_time`: its
    /// timestamp says when it was sent, which that of a telephone event does not. `[audio]`
    Found take(const RtpPacket& packet, SampleIndex arrival, bool keeps_time) noexcept KEYTONE_NONBLOCKING;
    /// Whether there is a stream yet. `[any]`
    [[nodiscard]] bool has_begun() const noexcept { return begun_; }
    /// `[any]`
    [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
    /// `[any]`
    [[nodiscard]] RtpSourceFigures figures() const noexcept;

  private:
    /// Packets in a row that are not the stream's, as yet.
    struct Candidate {
        std::uint32_t ssrc;
        RtpSequence next;
        int count;
    };

    Found begin(const RtpPacket& packet, SampleIndex arrival, bool keeps_time) noexcept;
    Found stand_by(const RtpPacket& packet, SampleIndex arrival, bool keeps_time) noexcept;
    [[nodiscard]] bool jumps(const RtpPacket& packet, SampleIndex arrival) const noexcept;
    void measure(const RtpPacket& packet, SampleIndex arrival) noexcept;

    SampleCount max_shift_;
    bool begun_ = false;
    std::uint32_t ssrc_ = 0;
    std::int64_t first_ = 0;
    std::int64_t highest_ = 0;
    std::int64_t received_ = 0;
    std::optional<RtpTimestamp> transit_; // arrival - timestamp of the last packet that keeps time
    std::uint32_t jitter_ = 0;            // times 16
    std::optional<Candidate> candidate_;
};

} // namespace keytone
