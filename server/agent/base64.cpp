// SPDX-License-Identifier: MIT
#include "server/agent/base64.hpp"

#include <nettle/base64.h>

namespace keytone::server {

std::string base64_encode(std::span<const std::uint8_t> bytes) {
    std::string text(BASE64_ENCODE_RAW_LENGTH(bytes.size()), '\0');
    base64_encode_raw(text.data(), bytes.size(), bytes.data());
    return text;
}

std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text) {
    std::vector<std::uint8_t> bytes(BASE64_DECODE_LENGTH(text.size()));
    std::size_t count = bytes.size();
    base64_decode_ctx decoder{};
    base64_decode_init(&decoder);
    if (base64_decode_update(&decoder, &count, bytes.data(), text.size(), text.data()) == 0 ||
        base64_decode_final(&decoder) == 0) {
        return std::nullopt;
    }
    bytes.resize(count);
    return bytes;
}

} // namespace keytone::server
