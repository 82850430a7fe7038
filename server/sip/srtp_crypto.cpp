// SPDX-License-Identifier: MIT
#include "server/sip/srtp_crypto.hpp"

#include "server/media/random_bytes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace keytone::server {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t key_letters = SrtpKey::size / 3 * 4; // without padding
constexpr std::array suite_names{std::string_view("AES_CM_128_HMAC_SHA1_80"),
                                 std::string_view("AES_CM_128_HMAC_SHA1_32")};
constexpr std::uint32_t greatest_tag = 999'999'999; // RFC 4568, 9.1

/// What stands before the next blank; it is taken from `text`.
std::string_view next_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    const std::string_view word = text.substr(0, text.find_first_of(" \t"));
    text.remove_prefix(word.size());
    return word;
}

bool read_key(std::string_view letters, std::span<std::uint8_t, SrtpKey::size> bytes) {
    for (std::size_t i = 0; i < letters.size(); i += 4) {
        std::uint32_t group = 0;
        for (const char letter : letters.substr(i, 4)) {
            const auto value = alphabet.find(letter);
            if (value == std::string_view::npos) {
                return false;
            }
            group = group << 6U | static_cast<std::uint32_t>(value);
        }
        for (std::size_t k = 0; k < 3; ++k) {
            bytes[i / 4 * 3 + k] = static_cast<std::uint8_t>(group >> (16U - 8U * k));
        }
    }
    return true;
}

std::string write_key(std::span<const std::uint8_t, SrtpKey::size> bytes) {
    std::string letters;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::uint32_t group =
            std::uint32_t{bytes[i]} << 16U | std::uint32_t{bytes[i + 1]} << 8U | bytes[i + 2];
        for (unsigned shift = 24; shift > 0; shift -= 6) {
            letters += alphabet[group >> (shift - 6U) & 0x3FU];
        }
    }
    return letters;
}

/// Whether nothing follows the key, or only its lifetime, which no call reaches. A master key identifier has
/// a colon.
bool is_lifetime(std::string_view text) {
    return text.empty() || (text.size() > 1 && text.front() == '|' && text.find(':') == text.npos &&
                            text.find('|', 1) == text.npos);
}

} // namespace

std::optional<SrtpCrypto> read_crypto(std::string_view text) {
    SrtpCrypto crypto;
    const std::string_view tag = next_word(text);
    const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), crypto.tag);
    if (error != std::errc{} || end != tag.data() + tag.size() || crypto.tag > greatest_tag) {
        return std::nullopt;
    }
    const auto suite = std::ranges::find(suite_names, next_word(text));
    if (suite == suite_names.end()) {
        return std::nullopt;
    }
    crypto.key.suite = static_cast<SrtpSuite>(suite - suite_names.begin());
    constexpr std::string_view method = "inline:";
    const std::string_view key = next_word(text);
    if (!key.starts_with(method) || key.size() < method.size() + key_letters ||
        !read_key(key.substr(method.size(), key_letters), crypto.key.bytes) ||
        !is_lifetime(key.substr(method.size() + key_letters))) {
        return std::nullopt;
    }
    // Of the session's parameters only the size of the window (WSH) may be ignored; all others change what is
    // sent.
    for (std::string_view word = next_word(text); !word.empty(); word = next_word(text)) {
        if (!word.starts_with("WSH=")) {
            return std::nullopt;
        }
    }
    return crypto;
}

std::string write_crypto(const SrtpCrypto& crypto) {
    return std::to_string(crypto.tag) + ' ' +
           std::string(suite_names.at(static_cast<std::size_t>(crypto.key.suite))) +
           " inline:" + write_key(crypto.key.bytes);
}

std::vector<SrtpCrypto> new_cryptos() {
    std::vector<SrtpCrypto> made;
    for (const SrtpSuite suite : {SrtpSuite::aes_cm_128_hmac_sha1_80, SrtpSuite::aes_cm_128_hmac_sha1_32}) {
        SrtpCrypto crypto{static_cast<std::uint32_t>(made.size()) + 1, {suite, {}}};
        fill_randomly(std::as_writable_bytes(std::span(crypto.key.bytes)));
        made.push_back(crypto);
    }
    return made;
}

std::optional<CryptoChoice> choose_crypto(const std::vector<SrtpCrypto>& own,
                                          const std::vector<SrtpCrypto>& far) {
    for (const SrtpCrypto& theirs : far) {
        const auto ours = std::ranges::find_if(
            own, [&](const SrtpCrypto& crypto) { return crypto.key.suite == theirs.key.suite; });
        if (ours != own.end()) {
            return CryptoChoice{{theirs.tag, ours->key}, theirs.key};
        }
    }
    return std::nullopt;
}

} // namespace keytone::server
