// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace keytone::server {

/// How a stream is encrypted and authenticated. RFC 4568, 6.2; SRTCP's tag has 80 bits in both.
enum class SrtpSuite : std::uint8_t { aes_cm_128_hmac_sha1_80, aes_cm_128_hmac_sha1_32 };

/// A master key of 128 bits and a master salt of 112, of one direction. RFC 3711, 3.2.1.
struct SrtpKey {
    static constexpr std::size_t size = 30;

    SrtpSuite suite = SrtpSuite::aes_cm_128_hmac_sha1_80;
    std::array<std::uint8_t, size> bytes{};

    friend bool operator==(const SrtpKey&, const SrtpKey&) = default;
};

/// Of both directions.
struct SrtpKeys {
    SrtpKey own; ///< What is sent is encrypted with it.
    SrtpKey far;

    friend bool operator==(const SrtpKeys&, const SrtpKeys&) = default;
};

} // namespace keytone::server
