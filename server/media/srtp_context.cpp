// SPDX-License-Identifier: MIT
#include "server/media/srtp_context.hpp"

#include <srtp2/srtp.h>

#include <algorithm>
#include <utility>

namespace keytone::server {

namespace {

/// Packets that may come out of turn. RFC 3711, 3.3.2: 64 at least.
constexpr unsigned long replay_window = 128;

bool library_is_ready() {
    static const bool ready = srtp_init() == srtp_err_status_ok;
    return ready;
}

} // namespace

struct SrtpContext::Session {
    srtp_t context = nullptr;

    ~Session() {
        if (context != nullptr) {
            srtp_dealloc(context);
        }
    }
};

std::unique_ptr<SrtpContext> SrtpContext::make(const SrtpKey& key, std::uint32_t ssrc) {
    if (!library_is_ready()) {
        return nullptr;
    }
    SrtpKey copy = key; // the library's key is not const
    srtp_policy_t policy{};
    if (key.suite == SrtpSuite::aes_cm_128_hmac_sha1_80) {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    } else {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp);
    }
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp); // RFC 4568, 6.2.2
    policy.ssrc.type = ssrc_specific;
    policy.ssrc.value = ssrc;
    policy.key = copy.bytes.data();
    policy.window_size = replay_window;
    auto session = std::make_unique<Session>();
    if (srtp_create(&session->context, &policy) != srtp_err_status_ok) {
        return nullptr;
    }
    return std::unique_ptr<SrtpContext>(new SrtpContext(std::move(session), ssrc));
}

SrtpContext::SrtpContext(std::unique_ptr<Session> session, std::uint32_t ssrc) noexcept
    : session_(std::move(session)), ssrc_(ssrc) {}

SrtpContext::~SrtpContext() = default;

std::span<const std::uint8_t> SrtpContext::protect(Kind kind, std::span<const std::uint8_t> packet) noexcept {
    if (packet.size() + most_growth > bytes_.size()) {
        return {};
    }
    std::ranges::copy(packet, bytes_.begin());
    int size = static_cast<int>(packet.size());
    const auto status = kind == Kind::rtp ? srtp_protect(session_->context, bytes_.data(), &size)
                                          : srtp_protect_rtcp(session_->context, bytes_.data(), &size);
    return std::span(bytes_).first(status == srtp_err_status_ok ? static_cast<std::size_t>(size) : 0);
}

SrtpContext::Opened SrtpContext::open(Kind kind, std::span<const std::uint8_t> packet) noexcept {
    if (packet.size() > bytes_.size()) {
        return {{}, Fault::tampered};
    }
    std::ranges::copy(packet, bytes_.begin());
    int size = static_cast<int>(packet.size());
    const auto status = kind == Kind::rtp ? srtp_unprotect(session_->context, bytes_.data(), &size)
                                          : srtp_unprotect_rtcp(session_->context, bytes_.data(), &size);
    switch (status) {
    case srtp_err_status_ok:
        return {std::span(bytes_).first(static_cast<std::size_t>(size)), Fault::none};
    case srtp_err_status_replay_fail:
    case srtp_err_status_replay_old:
        return {{}, Fault::replayed};
    default:
        return {{}, Fault::tampered};
    }
}

} // namespace keytone::server
