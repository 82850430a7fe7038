// SPDX-License-Identifier: MIT
#pragma once

#include "server/media/srtp_key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace keytone::server {

/// SRTP and SRTCP of one source in one direction (RFC 3711), by libsrtp. All that it allocates it does when
/// it is made: so it is of one SSRC, as the library makes room for each.
class SrtpContext {
  public:
    enum class Kind : std::uint8_t { rtp, rtcp };
    enum class Fault : std::uint8_t { none, tampered, replayed };
    struct Opened {
        std::span<const std::uint8_t> bytes; ///< In clear.
        Fault fault;
    };

    /// Nothing where the library has no room. `[control]`
    [[nodiscard]] static std::unique_ptr<SrtpContext> make(const SrtpKey& key, std::uint32_t ssrc);
    ~SrtpContext();
    SrtpContext(const SrtpContext&) = delete;
    SrtpContext& operator=(const SrtpContext&) = delete;

    [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
    /// The packet encrypted, valid until the next; empty: it cannot be sent. `[audio]`
    [[nodiscard]] std::span<const std::uint8_t> protect(Kind kind,
                                                        std::span<const std::uint8_t> packet) noexcept;
    /// The packet in clear, valid until the next. `[audio]`
    [[nodiscard]] Opened open(Kind kind, std::span<const std::uint8_t> packet) noexcept;

  private:
    static constexpr std::size_t max_packet = 2048;
    static constexpr std::size_t most_growth = 16; // the tag, and of RTCP its index
    struct Session;
    SrtpContext(std::unique_ptr<Session> session, std::uint32_t ssrc) noexcept;

    std::unique_ptr<Session> session_;
    std::uint32_t ssrc_;
    std::array<std::uint8_t, max_packet> bytes_;
};

} // namespace keytone::server
