// SPDX-License-Identifier: MIT
#include "server/agent/twilio_signature.hpp"

#include "server/agent/base64.hpp"

#include <nettle/hmac.h>

#include <array>
#include <cstdint>

namespace keytone::server {

std::string twilio_signature(std::string_view token, std::string_view url) {
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<const std::uint8_t*>(text.data());
    };
    hmac_sha1_ctx hmac{};
    hmac_sha1_set_key(&hmac, token.size(), bytes(token));
    hmac_sha1_update(&hmac, url.size(), bytes(url));
    std::array<std::uint8_t, SHA1_DIGEST_SIZE> digest{};
    hmac_sha1_digest(&hmac, digest.size(), digest.data());
    return base64_encode(digest);
}

} // namespace keytone::server
