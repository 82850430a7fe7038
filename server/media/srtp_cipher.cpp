// SPDX-License-Identifier: MIT
#include "server/media/srtp_cipher.hpp"

#include <nettle/ctr.h>
#include <nettle/memops.h>

#include <algorithm>

namespace keytone::server {

namespace {

constexpr std::size_t longest_tag = 10;

using Block = std::array<std::uint8_t, AES_BLOCK_SIZE>;

void counter_mode(const aes128_ctx& cipher, Block counter, std::span<std::uint8_t> bytes) noexcept {
    // nettle's one type for all ciphers.
    ctr_crypt(&cipher, reinterpret_cast<nettle_cipher_func*>(aes128_encrypt), counter.size(), counter.data(),
              bytes.size(), bytes.data(), bytes.data());
}

/// RFC 3711, 4.3.1 and 4.3.3, with a derivation rate of 0.
void derive(const SrtpKey& key, unsigned label, std::span<std::uint8_t> out) noexcept {
    constexpr std::size_t label_at = 7;
    aes128_ctx master;
    aes128_set_encrypt_key(&master, key.bytes.data());
    Block counter{};
    std::copy(key.bytes.begin() + AES128_KEY_SIZE, key.bytes.end(), counter.begin());
    counter[label_at] = static_cast<std::uint8_t>(counter[label_at] ^ label);
    std::ranges::fill(out, std::uint8_t{0});
    counter_mode(master, counter, out);
}

} // namespace

SrtpCipher::SrtpCipher(const SrtpKey& key, Use use) noexcept
    // SRTCP's tag is never the short one: RFC 4568, 6.2.2.
    : tag_size_(use == Use::rtp && key.suite == SrtpSuite::aes_cm_128_hmac_sha1_32 ? 4 : longest_tag) {
    const auto first_label = static_cast<unsigned>(use);
    std::array<std::uint8_t, AES128_KEY_SIZE> encryption;
    derive(key, first_label, encryption);
    aes128_set_encrypt_key(&cipher_, encryption.data());
    std::array<std::uint8_t, SHA1_DIGEST_SIZE> authentication;
    derive(key, first_label + 1, authentication);
    hmac_sha1_set_key(&signature_, authentication.size(), authentication.data());
    derive(key, first_label + 2, salt_);
}

void SrtpCipher::crypt(std::uint32_t ssrc, std::uint64_t index,
                       std::span<std::uint8_t> payload) const noexcept {
    Block counter{};
    std::ranges::copy(salt_, counter.begin());
    for (std::size_t i = 0; i < 4; ++i) {
        counter[4 + i] = static_cast<std::uint8_t>(counter[4 + i] ^ ssrc >> (24 - 8 * i));
    }
    for (std::size_t i = 0; i < 6; ++i) {
        counter[8 + i] = static_cast<std::uint8_t>(counter[8 + i] ^ index >> (40 - 8 * i));
    }
    counter_mode(cipher_, counter, payload);
}

void SrtpCipher::sign(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> behind,
                      std::span<std::uint8_t> tag) noexcept {
    hmac_sha1_update(&signature_, packet.size(), packet.data());
    hmac_sha1_update(&signature_, behind.size(), behind.data());
    hmac_sha1_digest(&signature_, tag.size(), tag.data());
}

bool SrtpCipher::is_signed(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> behind,
                           std::span<const std::uint8_t> tag) noexcept {
    std::array<std::uint8_t, longest_tag> right;
    sign(packet, behind, std::span(right).first(tag.size()));
    return memeql_sec(right.data(), tag.data(), tag.size()) != 0;
}

} // namespace keytone::server
