// SPDX-License-Identifier: MIT
#include "server/media/srtp_stream.hpp"

#include "engine/rtp/network_order.hpp"

#include <algorithm>

namespace keytone::server {

namespace {

constexpr std::size_t rtcp_header = 8; // bytes of a report that are not encrypted
constexpr std::size_t rtcp_word = 4;   // bytes of its index, with a bit for whether it is encrypted
constexpr std::uint32_t is_encrypted = 0x8000'0000U;

/// Bytes of an RTP packet's header, with its CSRCs and extension; 0 where it is no RTP. RFC 3550, 5.1.
std::size_t header_size(std::span<const std::uint8_t> packet) noexcept {
    constexpr std::size_t fixed = 12;
    if (packet.size() < fixed || packet[0] >> 6U != 2) {
        return 0;
    }
    std::size_t size = fixed + std::size_t{4} * (packet[0] & 0xFU);
    if ((packet[0] & 0x10U) != 0) {
        if (packet.size() < size + 4) {
            return 0;
        }
        size += 4 + std::size_t{4} * read_16(packet, size + 2);
    }
    return size <= packet.size() ? size : 0;
}

std::array<std::uint8_t, 4> bytes_of(std::uint32_t word) noexcept {
    std::array<std::uint8_t, 4> bytes;
    write_32(bytes, 0, word);
    return bytes;
}

/// The index nearest to the newest: RFC 3711, 3.3.1. Nothing where it would lie below 0.
std::optional<std::uint64_t> index_of(std::uint16_t number, std::uint64_t newest, bool is_first) noexcept {
    if (is_first) {
        return number;
    }
    const auto ahead = static_cast<std::int16_t>(number - static_cast<std::uint16_t>(newest));
    const auto index = static_cast<std::int64_t>(newest) + ahead;
    return index < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(index));
}

} // namespace

// ---- What is sent

SrtpSender::SrtpSender(const SrtpKey& key) noexcept
    : rtp_(key, SrtpCipher::Use::rtp), rtcp_(key, SrtpCipher::Use::rtcp) {}

std::span<const std::uint8_t> SrtpSender::protect_rtp(std::span<const std::uint8_t> packet,
                                                      std::span<std::uint8_t> out) noexcept {
    const std::size_t header = header_size(packet);
    if (header == 0 || packet.size() + rtp_.tag_size() > out.size()) {
        return {};
    }
    const std::uint16_t number = read_16(packet, 2);
    wraps_ += last_ && number < *last_ ? 1U : 0U; // they are sent in order
    last_ = number;
    std::ranges::copy(packet, out.begin());
    const auto clear = out.first(packet.size());
    rtp_.crypt(read_32(packet, 8), std::uint64_t{wraps_} << 16U | number, clear.subspan(header));
    rtp_.sign(clear, bytes_of(wraps_), out.subspan(packet.size(), rtp_.tag_size()));
    return out.first(packet.size() + rtp_.tag_size());
}

std::span<const std::uint8_t> SrtpSender::protect_rtcp(std::span<const std::uint8_t> packet,
                                                       std::span<std::uint8_t> out) noexcept {
    const std::size_t size = packet.size() + rtcp_word;
    if (packet.size() < rtcp_header || size + rtcp_.tag_size() > out.size()) {
        return {};
    }
    std::ranges::copy(packet, out.begin());
    const std::uint32_t index = next_rtcp_++;
    rtcp_.crypt(read_32(packet, 4), index, out.first(packet.size()).subspan(rtcp_header));
    write_32(out, packet.size(), is_encrypted | index);
    rtcp_.sign(out.first(size), {}, out.subspan(size, rtcp_.tag_size()));
    return out.first(size + rtcp_.tag_size());
}

// ---- What comes

SrtpReceiver::SrtpReceiver(const SrtpKey& key) noexcept
    : rtp_(key, SrtpCipher::Use::rtp), rtcp_(key, SrtpCipher::Use::rtcp) {}

bool SrtpReceiver::Window::is_new(std::uint64_t index) const noexcept {
    constexpr std::uint64_t size = 64;
    return seen == 0 || index > newest || (newest - index < size && (seen >> (newest - index) & 1U) == 0);
}

void SrtpReceiver::Window::add(std::uint64_t index) noexcept {
    constexpr std::uint64_t size = 64;
    if (seen == 0 || index > newest) {
        const std::uint64_t step = index - newest;
        seen = seen == 0 || step >= size ? 1U : seen << step | 1U;
        newest = index;
    } else {
        seen |= std::uint64_t{1} << (newest - index);
    }
}

SrtpReceiver::Source SrtpReceiver::source_of(std::uint32_t ssrc) const noexcept {
    const auto found = std::ranges::find_if(
        sources_, [&](const Source& source) { return source.used != 0 && source.ssrc == ssrc; });
    return found == sources_.end() ? Source{.ssrc = ssrc, .rtp = {}, .rtcp = {}} : *found;
}

/// Puts the source in its place, or in that of the source that was heard longest ago.
void SrtpReceiver::keep(const Source& source) noexcept {
    auto place = std::ranges::find_if(
        sources_, [&](const Source& held) { return held.used != 0 && held.ssrc == source.ssrc; });
    if (place == sources_.end()) {
        place = std::ranges::min_element(sources_, {}, &Source::used);
    }
    *place = source;
    place->used = ++uses_;
}

std::optional<std::span<const std::uint8_t>> SrtpReceiver::open_rtp(std::span<const std::uint8_t> packet,
                                                                    std::span<std::uint8_t> out) noexcept {
    const std::size_t tag = rtp_.tag_size();
    const auto clear = packet.first(packet.size() - std::min(tag, packet.size()));
    const std::size_t header = header_size(clear);
    if (header == 0 || clear.size() > out.size()) {
        ++figures_.tampered;
        return std::nullopt;
    }
    Source source = source_of(read_32(packet, 8));
    const auto index = index_of(read_16(packet, 2), source.rtp.newest, source.rtp.seen == 0);
    if (!index || !source.rtp.is_new(*index)) {
        ++figures_.replayed;
        return std::nullopt;
    }
    if (!rtp_.is_signed(clear, bytes_of(static_cast<std::uint32_t>(*index >> 16U)), packet.last(tag))) {
        ++figures_.tampered;
        return std::nullopt;
    }
    source.rtp.add(*index);
    keep(source);
    std::ranges::copy(clear, out.begin());
    rtp_.crypt(source.ssrc, *index, out.first(clear.size()).subspan(header));
    return out.first(clear.size());
}

std::optional<std::span<const std::uint8_t>> SrtpReceiver::open_rtcp(std::span<const std::uint8_t> packet,
                                                                     std::span<std::uint8_t> out) noexcept {
    const std::size_t tag = rtcp_.tag_size();
    if (packet.size() < rtcp_header + rtcp_word + tag || packet.size() > out.size()) {
        ++figures_.tampered;
        return std::nullopt;
    }
    const auto covered = packet.first(packet.size() - tag);
    const std::size_t size = covered.size() - rtcp_word;
    const std::uint32_t word = read_32(covered, size);
    const std::uint32_t index = word & ~is_encrypted;
    Source source = source_of(read_32(packet, 4));
    if (!source.rtcp.is_new(index)) {
        ++figures_.replayed;
        return std::nullopt;
    }
    if ((word & is_encrypted) == 0 || !rtcp_.is_signed(covered, {}, packet.last(tag))) {
        ++figures_.tampered;
        return std::nullopt;
    }
    source.rtcp.add(index);
    keep(source);
    std::ranges::copy(covered.first(size), out.begin());
    rtcp_.crypt(source.ssrc, index, out.first(size).subspan(rtcp_header));
    return out.first(size);
}

} // namespace keytone::server
