// SPDX-License-Identifier: MIT
//
// SRTP and SRTCP (RFC 3711), each with one master key. A packet's index is its number and how often the
// numbers have wrapped round. How often is not in the packet:
//
//     number     65534  65535      0      1  65535      2
//     wraps          0      0      1      1      0      1
#pragma once

#include "server/media/srtp_cipher.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone::server {

/// The longest packet in clear, and what it grows by, in bytes.
inline constexpr std::size_t max_srtp_packet = 2048;
inline constexpr std::size_t srtp_growth = 14;

/// What is sent, of one SSRC. A plain value.
class SrtpSender {
  public:
    /// `[any]`
    explicit SrtpSender(const SrtpKey& key) noexcept;

    /// The RTP packet, encrypted and signed into `out`; returns the part of `out` that was used. Empty where
    /// there is no room or it is no packet. `[audio]`
    [[nodiscard]] std::span<const std::uint8_t> protect_rtp(std::span<const std::uint8_t> packet,
                                                            std::span<std::uint8_t> out) noexcept;
    [[nodiscard]] std::span<const std::uint8_t> protect_rtcp(std::span<const std::uint8_t> packet,
                                                             std::span<std::uint8_t> out) noexcept;

  private:
    SrtpCipher rtp_;
    SrtpCipher rtcp_;
    std::optional<std::uint16_t> last_;
    std::uint32_t wraps_ = 0;
    std::uint32_t next_rtcp_ = 0;
};

/// What comes, of two sources at most: the one that is heard, and one that takes its place. Only a sender
/// that has the key becomes a source. A plain value.
class SrtpReceiver {
  public:
    /// Packets of which nothing is heard.
    struct Figures {
        std::uint64_t tampered = 0; ///< Not signed with the key.
        std::uint64_t replayed = 0;
    };

    /// `[any]`
    explicit SrtpReceiver(const SrtpKey& key) noexcept;

    /// The RTP packet in clear, in `out`. Nothing where it was tampered with, or came before. `[audio]`
    [[nodiscard]] std::optional<std::span<const std::uint8_t>> open_rtp(std::span<const std::uint8_t> packet,
                                                                        std::span<std::uint8_t> out) noexcept;
    [[nodiscard]] std::optional<std::span<const std::uint8_t>>
    open_rtcp(std::span<const std::uint8_t> packet, std::span<std::uint8_t> out) noexcept;
    /// `[audio]`
    [[nodiscard]] const Figures& figures() const noexcept { return figures_; }

  private:
    /// The indexes that came: the newest, and which of the 64 up to it.
    struct Window {
        std::uint64_t newest = 0;
        std::uint64_t seen = 0; // bit 0: the newest

        [[nodiscard]] bool is_new(std::uint64_t index) const noexcept;
        void add(std::uint64_t index) noexcept;
    };
    struct Source {
        std::uint32_t ssrc = 0;
        Window rtp;
        Window rtcp;
        std::uint64_t used = 0; // 0: it is free
    };

    [[nodiscard]] Source source_of(std::uint32_t ssrc) const noexcept;
    void keep(const Source& source) noexcept;

    SrtpCipher rtp_;
    SrtpCipher rtcp_;
    std::array<Source, 2> sources_{};
    std::uint64_t uses_ = 0;
    Figures figures_;
};

} // namespace keytone::server
