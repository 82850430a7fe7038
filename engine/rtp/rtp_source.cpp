// SPDX-License-Identifier: MIT
#include "engine/rtp/rtp_source.hpp"

#include <algorithm>
#include <cstdlib>

namespace keytone {

namespace {

// Extended numbers begin here, so that a late packet's stays above 0.
constexpr std::int64_t first_cycle = 0x10000;

RtpTimestamp transit_of(const RtpPacket& packet, SampleIndex arrival) noexcept {
    return static_cast<RtpTimestamp>(arrival) - packet.timestamp;
}

} // namespace

RtpSource::Found RtpSource::take(const RtpPacket& packet, SampleIndex arrival, bool keeps_time) noexcept {
    if (!begun_) {
        return begin(packet, arrival, keeps_time);
    }
    if (packet.ssrc != ssrc_) {
        return stand_by(packet, arrival, keeps_time);
    }
    const int ahead = rtp_packets_between(static_cast<RtpSequence>(highest_), packet.sequence);
    const bool is_near = ahead <= max_dropout && ahead >= -max_misorder;
    if (is_near && keeps_time && jumps(packet, arrival)) {
        return ahead == 1 ? begin(packet, arrival, keeps_time) : stand_by(packet, arrival, keeps_time);
    }
    if (!is_near) {
        return stand_by(packet, arrival, keeps_time);
    }
    candidate_.reset();
    ++received_;
    const std::int64_t sequence = highest_ + ahead;
    highest_ = std::max(highest_, sequence);
    if (keeps_time) {
        measure(packet, arrival);
    }
    return {Verdict::heard, sequence};
}

RtpSourceFigures RtpSource::figures() const noexcept {
    if (!begun_) {
        return {};
    }
    return {ssrc_, static_cast<std::uint32_t>(highest_ - first_cycle), highest_ - first_ + 1, received_,
            jitter_ >> 4U};
}

RtpSource::Found RtpSource::begin(const RtpPacket& packet, SampleIndex arrival, bool keeps_time) noexcept {
    begun_ = true;
    ssrc_ = packet.ssrc;
    first_ = highest_ = first_cycle + packet.sequence;
    received_ = 1;
    jitter_ = 0;
    transit_.reset();
    candidate_.reset();
    if (keeps_time) {
        transit_ = transit_of(packet, arrival);
    }
    return {Verdict::begun, highest_};
}

RtpSource::Found RtpSource::stand_by(const RtpPacket& packet, SampleIndex arrival, bool keeps_time) noexcept {
    const bool in_a_row =
        candidate_ && candidate_->ssrc == packet.ssrc && candidate_->next == packet.sequence;
    candidate_ = {packet.ssrc, static_cast<RtpSequence>(packet.sequence + 1),
                  in_a_row ? candidate_->count + 1 : 1};
    const bool is_same = packet.ssrc == ssrc_;
    if (candidate_->count >= (is_same ? restart_packets : new_source_packets)) {
        return begin(packet, arrival, keeps_time);
    }
    return {is_same ? Verdict::unheard : Verdict::foreign, 0};
}

bool RtpSource::jumps(const RtpPacket& packet, SampleIndex arrival) const noexcept {
    return transit_ && std::abs(rtp_distance(*transit_, transit_of(packet, arrival))) > max_shift_;
}

/// RFC 3550, A.8, in integers.
void RtpSource::measure(const RtpPacket& packet, SampleIndex arrival) noexcept {
    const RtpTimestamp transit = transit_of(packet, arrival);
    if (transit_) {
        const auto deviation = static_cast<std::uint32_t>(std::abs(rtp_distance(*transit_, transit)));
        jitter_ += deviation - ((jitter_ + 8U) >> 4U);
    }
    transit_ = transit;
}

} // namespace keytone
