// SPDX-License-Identifier: MIT
#include "server/media/leg_srtp.hpp"

#include "engine/rtp/network_order.hpp"

#include <algorithm>
#include <utility>

namespace keytone::server {

namespace {

/// An answer may have been lost on the way to the control side: it is asked again.
constexpr int packets_between = 10;

} // namespace

std::span<const std::uint8_t> LegSrtp::protect(Channel channel,
                                               std::span<const std::uint8_t> bytes) noexcept {
    return contexts_[out]->protect(channel == Channel::rtp ? SrtpContext::Kind::rtp : SrtpContext::Kind::rtcp,
                                   bytes);
}

std::optional<std::span<const std::uint8_t>> LegSrtp::open(SrtpContext::Kind kind,
                                                           std::span<const std::uint8_t> bytes) noexcept {
    constexpr std::size_t rtp_ssrc = 8;
    constexpr std::size_t rtcp_ssrc = 4;
    const std::size_t at = kind == SrtpContext::Kind::rtp ? rtp_ssrc : rtcp_ssrc;
    if (bytes.size() < at + 4) {
        ++figures_.tampered;
        return std::nullopt;
    }
    const std::uint32_t ssrc = read_32(bytes, at);
    const auto found = std::ranges::find_if(contexts_.begin() + in, contexts_.end(), [&](const auto* held) {
        return held != nullptr && held->ssrc() == ssrc;
    });
    if (found == contexts_.end()) {
        if (kind == SrtpContext::Kind::rtp &&
            (last_asked_ != ssrc || ++packets_since_asked_ == packets_between)) {
            last_asked_ = ssrc;
            packets_since_asked_ = 0;
            asked_.store(is_asked | ssrc, std::memory_order_release);
        }
        return std::nullopt;
    }
    const auto opened = (*found)->open(kind, bytes);
    if (opened.fault != SrtpContext::Fault::none) {
        ++(opened.fault == SrtpContext::Fault::replayed ? figures_.replayed : figures_.tampered);
        return std::nullopt;
    }
    if (found == contexts_.begin() + candidate) {
        std::swap(contexts_[in], contexts_[candidate]);
    }
    return opened.bytes;
}

SrtpContext* LegSrtp::send_by(SrtpContext* context) noexcept {
    return std::exchange(contexts_[out], context);
}

SrtpContext* LegSrtp::expect(SrtpContext* context) noexcept {
    return std::exchange(contexts_[candidate], context);
}

std::array<SrtpContext*, 2> LegSrtp::forget_far() noexcept {
    last_asked_.reset();
    return {std::exchange(contexts_[in], nullptr), std::exchange(contexts_[candidate], nullptr)};
}

std::optional<std::uint32_t> LegSrtp::take_asked() noexcept {
    const std::uint64_t asked = asked_.exchange(0, std::memory_order_acquire);
    return asked == 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(asked));
}

} // namespace keytone::server
