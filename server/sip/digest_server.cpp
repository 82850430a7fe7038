// SPDX-License-Identifier: MIT
#include "server/sip/digest_server.hpp"

#include "server/media/hex.hpp"
#include "server/media/random_bytes.hpp"
#include "server/sip/re_library.hpp"

#include <nettle/hmac.h>
#include <nettle/memops.h>

#include <charconv>
#include <span>
#include <system_error>
#include <utility>

namespace keytone::server {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::size_t signature_bytes = 16; // of HMAC-SHA1's 20
constexpr std::size_t number_digits = 16;
constexpr std::size_t nonce_digits = 2 * number_digits + 2 * signature_bytes;
constexpr std::size_t count_digits = 8; // RFC 7616, 3.4

template <class Number>
std::optional<Number> read_hex(std::string_view digits) {
    Number value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return error == std::errc{} && end == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
}

std::string hex_of_number(std::uint64_t number) {
    std::array<std::uint8_t, sizeof number> bytes{};
    for (std::uint8_t& byte : bytes) {
        byte = static_cast<std::uint8_t>(number >> 56U);
        number <<= 8U;
    }
    return hex_of(bytes);
}

// In a time that reveals nothing of where they differ.
bool is_same(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    return a.size() == b.size() && memeql_sec(a.data(), b.data(), a.size()) != 0;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

DigestKey md5_of(const std::string& text) {
    DigestKey sum{};
    md5(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), sum.data());
    return sum;
}

std::int64_t ms_of(DigestServer::Time time) {
    return duration_cast<milliseconds>(time.time_since_epoch()).count();
}

} // namespace

DigestKey digest_key(std::string_view name, std::string_view password) {
    return md5_of(std::string(name) + ":" + std::string(digest_realm) + ":" + std::string(password));
}

std::optional<DigestKey> read_digest_key(std::string_view digits) {
    DigestKey key{};
    if (digits.size() != 2 * key.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < key.size(); ++i) {
        const auto byte = read_hex<std::uint8_t>(digits.substr(2 * i, 2));
        if (!byte) {
            return std::nullopt;
        }
        key[i] = *byte;
    }
    return key;
}

DigestServer::DigestServer(DigestUsers users) : users_(std::move(users)) {
    fill_randomly(std::as_writable_bytes(std::span(secret_)));
}

std::string DigestServer::write(const Nonce& nonce) const {
    std::string text = hex_of_number(static_cast<std::uint64_t>(nonce.first)) + hex_of_number(nonce.second);
    hmac_sha1_ctx context{};
    hmac_sha1_set_key(&context, secret_.size(), secret_.data());
    hmac_sha1_update(&context, text.size(), bytes_of(text).data());
    std::array<std::uint8_t, signature_bytes> signature{};
    hmac_sha1_digest(&context, signature.size(), signature.data());
    return text + hex_of(signature);
}

std::optional<DigestServer::Nonce> DigestServer::read(std::string_view text) const {
    if (text.size() != nonce_digits) {
        return std::nullopt;
    }
    const auto time = read_hex<std::uint64_t>(text.substr(0, number_digits));
    const auto chance = read_hex<std::uint64_t>(text.substr(number_digits, number_digits));
    if (!time || !chance) {
        return std::nullopt;
    }
    const Nonce nonce{static_cast<std::int64_t>(*time), *chance};
    return is_same(bytes_of(write(nonce)), bytes_of(text)) ? std::optional(nonce) : std::nullopt;
}

std::string DigestServer::challenge(bool is_stale, Time now) const {
    const auto chance = random_number<std::uint64_t>();
    return "Digest realm=\"" + std::string(digest_realm) + "\", nonce=\"" + write({ms_of(now), chance}) +
           "\", algorithm=MD5, qop=\"auth\"" + (is_stale ? ", stale=true" : "");
}

// RFC 7616, 3.4 and 3.4.1; with qop, which the challenge has asked for.
DigestServer::Judgement DigestServer::judge(std::string_view authorization, std::string_view method,
                                            Time now) {
    httpauth_digest_resp answer{};
    const pl value = text_of(authorization);
    if (httpauth_digest_response_decode(&answer, &value) != 0 || view(answer.realm) != digest_realm) {
        return {Verdict::unasked, {}};
    }
    std::string user(view(answer.username));
    const auto known = users_.find(user);
    // A name that is not known takes as long.
    const DigestKey key = known == users_.end() ? DigestKey{} : known->second;
    const std::string changes = hex_of(md5_of(std::string(method) + ":" + std::string(view(answer.uri))));
    const DigestKey wanted =
        md5_of(hex_of(key) + ":" + std::string(view(answer.nonce)) + ":" + std::string(view(answer.nc)) +
               ":" + std::string(view(answer.cnonce)) + ":" + std::string(view(answer.qop)) + ":" + changes);
    const auto given = read_digest_key(view(answer.response));
    const auto count =
        view(answer.nc).size() == count_digits ? read_hex<std::uint32_t>(view(answer.nc)) : std::nullopt;
    const bool is_right = is_same(wanted, given.value_or(DigestKey{}));
    if (known == users_.end() || !given || !is_right || !count || view(answer.qop) != "auth") {
        return {Verdict::refused, {}};
    }
    const auto nonce = read(view(answer.nonce));
    if (!nonce || !use(*nonce, *count, now)) {
        return {Verdict::stale, {}};
    }
    return {Verdict::accepted, std::move(user)};
}

// Whether the nonce is neither old nor was used with this count or a higher one; keeps the count.
bool DigestServer::use(const Nonce& nonce, std::uint32_t count, Time now) {
    const std::int64_t oldest = ms_of(now - nonce_life);
    while (!used_.empty() && used_.begin()->first.first < oldest) {
        used_.erase(used_.begin());
    }
    if (nonce.first < oldest || nonce.first <= newest_forgotten_ms_) {
        return false;
    }
    std::uint32_t& last = used_[nonce];
    if (count <= last) {
        return false;
    }
    last = count;
    if (used_.size() > most_used) {
        newest_forgotten_ms_ = used_.begin()->first.first;
        while (used_.begin()->first.first == newest_forgotten_ms_) {
            used_.erase(used_.begin());
        }
    }
    return true;
}

} // namespace keytone::server
