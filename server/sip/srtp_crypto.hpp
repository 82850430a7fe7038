// SPDX-License-Identifier: MIT
//
// How two sides agree on SRTP by SDES (RFC 4568): each gives in its SDP the key that it encrypts with.
//
//     offer    m=audio 4000 RTP/SAVP 0             a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:…
//                                                  a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:…
//     answer   m=audio 6000 RTP/SAVP 0             a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:…
//
// Whoever can read the SDP has the keys: SIP has to go over a network that no one else can read.
#pragma once

#include "server/media/srtp_key.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// Whether calls are encrypted.
enum class SrtpPolicy : std::uint8_t {
    off,      ///< Never: an offer that asks for it is refused.
    offered,  ///< Where the far side can. Our offers are RTP/AVP with keys, as many telephones have it.
    required, ///< Always: a call without it is refused. Our offers are RTP/SAVP.
};

/// A line `a=crypto`.
struct SrtpCrypto {
    std::uint32_t tag = 1;
    SrtpKey key;

    friend bool operator==(const SrtpCrypto&, const SrtpCrypto&) = default;
};

/// Reads what stands behind `a=crypto:`. Nothing where it is wrong, or asks for what we do not have: another
/// suite, several keys, a master key identifier, a key derivation rate, packets in clear. `[any]`
std::optional<SrtpCrypto> read_crypto(std::string_view text);
/// Writes what stands behind `a=crypto:`. `[any]`
std::string write_crypto(const SrtpCrypto& crypto);

/// New keys, one of each suite, the stronger first; throws std::runtime_error where the system gives no
/// random numbers. `[control]`
std::vector<SrtpCrypto> new_cryptos();

/// The first of the far side's lines whose suite we have, with our key for it and the far side's tag.
struct CryptoChoice {
    SrtpCrypto own;
    SrtpKey far;
};
std::optional<CryptoChoice> choose_crypto(const std::vector<SrtpCrypto>& own,
                                          const std::vector<SrtpCrypto>& far);

} // namespace keytone::server
