// SPDX-License-Identifier: MIT
#include "server/store/secret.hpp"

#include "server/media/hex.hpp"
#include "server/media/random_bytes.hpp"

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>

#include <array>

namespace keytone::server {

namespace {

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

} // namespace

std::string new_secret(std::string_view prefix) {
    std::array<std::uint8_t, 32> bytes{};
    fill_randomly(std::as_writable_bytes(std::span(bytes)));
    return std::string(prefix) + hex_of(bytes);
}

std::string sha256_hex(std::string_view text) {
    sha256_ctx context{};
    sha256_init(&context);
    sha256_update(&context, text.size(), bytes_of(text));
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    sha256_digest(&context, digest.size(), digest.data());
    return hex_of(digest);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view text) {
    hmac_sha256_ctx context{};
    hmac_sha256_set_key(&context, key.size(), bytes_of(key));
    hmac_sha256_update(&context, text.size(), bytes_of(text));
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    hmac_sha256_digest(&context, digest.size(), digest.data());
    return hex_of(digest);
}

bool same_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && memeql_sec(a.data(), b.data(), a.size()) != 0;
}

std::string new_uuid() {
    std::array<std::uint8_t, 16> bytes{};
    fill_randomly(std::as_writable_bytes(std::span(bytes)));
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x40U);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
    std::string text = hex_of(bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) {
        text.insert(at, 1, '-');
    }
    return text;
}

} // namespace keytone::server
