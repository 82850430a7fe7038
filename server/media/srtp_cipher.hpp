// SPDX-License-Identifier: MIT
//
// The keys of SRTP and SRTCP that a master key gives, and what is done with them: AES in counter mode and
// HMAC-SHA1, by nettle, which never allocates. libsrtp, as Debian builds it, allocates for every packet.
#pragma once

#include "server/media/srtp_key.hpp"

#include <nettle/aes.h>
#include <nettle/hmac.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone::server {

/// One direction of RTP, or of RTCP. A plain value.
class SrtpCipher {
  public:
    /// What the keys are derived for: the first of its three labels in RFC 3711, 4.3.2.
    enum class Use : std::uint8_t { rtp = 0, rtcp = 3 };

    /// `[any]`
    SrtpCipher(const SrtpKey& key, Use use) noexcept;

    /// Bytes of a tag: 10, or 4.
    [[nodiscard]] std::size_t tag_size() const noexcept { return tag_size_; }
    /// Encrypts or decrypts, in place: RFC 3711, 4.1.1. `[audio]`
    void crypt(std::uint32_t ssrc, std::uint64_t index, std::span<std::uint8_t> payload) const noexcept;
    /// The tag of the packet and what follows it: RFC 3711, 4.2. `[audio]`
    void sign(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> behind,
              std::span<std::uint8_t> tag) noexcept;
    /// Whether a tag is that of the packet; it takes as long where it is not. `[audio]`
    [[nodiscard]] bool is_signed(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> behind,
                                 std::span<const std::uint8_t> tag) noexcept;

  private:
    aes128_ctx cipher_;
    hmac_sha1_ctx signature_;
    std::array<std::uint8_t, 14> salt_;
    std::size_t tag_size_;
};

} // namespace keytone::server
