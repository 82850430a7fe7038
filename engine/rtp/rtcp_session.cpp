// SPDX-License-Identifier: MIT
#include "engine/rtp/rtcp_session.hpp"

#include <algorithm>

namespace keytone {

namespace {

/// The middle 32 bits: seconds in units of 1/65536, without their upper half.
std::uint32_t middle(NtpTime time) noexcept {
    return static_cast<std::uint32_t>(time >> 16U);
}

} // namespace

RtcpReportBlock RtcpSession::report(const RtpSourceFigures& source, NtpTime now) noexcept {
    constexpr std::int64_t most = 0x7FFFFF;
    const bool is_other = source.ssrc != source_ || source.expected < expected_before_;
    const std::int64_t expected = source.expected - (is_other ? 0 : expected_before_);
    const std::int64_t received = source.received - (is_other ? 0 : received_before_);
    source_ = source.ssrc;
    expected_before_ = source.expected;
    received_before_ = source.received;
    const std::int64_t lost = std::clamp<std::int64_t>(expected - received, 0, expected);
    const std::int64_t fraction = expected > 0 ? std::min<std::int64_t>(lost * 256 / expected, 255) : 0;
    const bool knows_sr = last_sr_ != 0 && far_ssrc_ == source.ssrc;
    return {source.ssrc,
            static_cast<std::uint8_t>(fraction),
            static_cast<std::int32_t>(std::clamp(source.expected - source.received, -most - 1, most)),
            source.extended_highest_sequence,
            source.jitter,
            knows_sr ? last_sr_ : 0,
            knows_sr ? middle(now - last_sr_came_) : 0};
}

void RtcpSession::take(const RtcpCompound& compound, NtpTime now) noexcept {
    if (compound.sender) {
        far_ssrc_ = compound.ssrc;
        last_sr_ = middle(compound.sender->ntp);
        last_sr_came_ = now;
    }
    far_left_ = far_left_ || compound.bye;
    const RtcpReportBlock* const block = compound.about(ssrc_);
    if (block == nullptr) {
        return;
    }
    far_ = FarReception{block->fraction_lost / 256.0, block->cumulative_lost, block->highest_sequence,
                        block->jitter};
    if (block->last_sr != 0) {
        // This does not compare the clocks of two machines. Still, an impossible round trip is ignored.
        const std::uint32_t trip = middle(now) - block->last_sr - block->delay_since_last_sr;
        constexpr std::uint32_t longest = 60U << 16U;
        if (trip <= longest) {
            round_trip_ = Milliseconds{1000.0 * trip / 65536.0};
        }
    }
}

Milliseconds rtcp_interval(const RtcpTiming& timing, double random) noexcept {
    constexpr double least_s = 5.0;
    constexpr double sender_share = 0.25;
    // Timer reconsideration makes reports more frequent than they should be; this makes up for it. 6.3.1.
    constexpr double compensation = 2.71828182845904523536 - 1.5;
    const int members = std::max(timing.members, 1);
    const int senders = std::clamp(timing.senders, 0, members);
    int counted = members;
    double octets_per_second = std::max(timing.octets_per_second, 1.0);
    if (senders <= members * sender_share) {
        counted = timing.sends ? senders : members - senders;
        octets_per_second *= timing.sends ? sender_share : 1.0 - sender_share;
    }
    const double s = std::max(std::max(timing.mean_size, 0.0) * counted / octets_per_second,
                              timing.is_first ? least_s / 2.0 : least_s);
    return Milliseconds{1000.0 * s * (std::clamp(random, 0.0, 1.0) + 0.5) / compensation};
}

} // namespace keytone
