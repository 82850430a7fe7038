// SPDX-License-Identifier: MIT
//
// A leg's SRTP. What is sent has a context from the beginning; whom what comes is of, SDP does not say:
//
//     packets of SSRC    7  7  7  7  7  9  9  9  7         9: whoever it is, without the key
//     context asked for  7              9
//     heard                       7  7           7
//
// The control side makes contexts, so that nothing is allocated here. A new one is the leg's only once a
// packet was opened with it: who has no key cannot take the place of who has.
#pragma once

#include "server/media/packet_io.hpp"
#include "server/media/srtp_context.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone::server {

class LegSrtp {
  public:
    /// Its contexts: what is sent, what comes, and what may come.
    using Contexts = std::array<SrtpContext*, 3>;
    /// Packets of which nothing is heard.
    struct Figures {
        std::uint64_t tampered = 0; ///< That the far side's key did not sign.
        std::uint64_t replayed = 0;
    };

    /// Whether anything is encrypted: then nothing else comes or goes. `[audio]`
    [[nodiscard]] bool is_on() const noexcept { return contexts_[out] != nullptr; }
    /// As it is to be sent; valid until the next. Empty: it cannot be. `[audio]`
    [[nodiscard]] std::span<const std::uint8_t> protect(Channel channel,
                                                        std::span<const std::uint8_t> bytes) noexcept;
    /// As it was sent; valid until the next. Nothing of what is not the far side's. `[audio]`
    [[nodiscard]] std::optional<std::span<const std::uint8_t>>
    open(SrtpContext::Kind kind, std::span<const std::uint8_t> bytes) noexcept;
    [[nodiscard]] const Figures& figures() const noexcept { return figures_; }

    /// Another context for what is sent; returns the one before. `[audio]`
    SrtpContext* send_by(SrtpContext* context) noexcept;
    /// One for what may come; returns the one that it replaces. `[audio]`
    SrtpContext* expect(SrtpContext* context) noexcept;
    /// The far side has another key: those that come and may come are not used any more. `[audio]`
    std::array<SrtpContext*, 2> forget_far() noexcept;
    /// All. Once nobody is on the audio side. `[control]`
    [[nodiscard]] const Contexts& contexts() const noexcept { return contexts_; }

    /// The SSRC that a context is asked for, once for each that is new. `[control]`
    [[nodiscard]] std::optional<std::uint32_t> take_asked() noexcept;

  private:
    enum Place : std::size_t { out, in, candidate };
    static constexpr std::uint64_t is_asked = std::uint64_t{1} << 32U;

    Contexts contexts_{};
    std::atomic<std::uint64_t> asked_{0};
    std::optional<std::uint32_t> last_asked_; // audio's
    int packets_since_asked_ = 0;
    Figures figures_;
};

} // namespace keytone::server
