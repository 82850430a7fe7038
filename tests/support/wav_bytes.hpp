// SPDX-License-Identifier: MIT
//
// WAV files made byte by byte, independent of the code that reads and writes them.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace keytone::test {

namespace detail {

/// Appends the lowest `bytes` bytes of `value` in little-endian order.
inline void append(std::string& to, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
        to += static_cast<char>((value >> (8 * i)) & 0xFFU);
    }
}

/// A WAV file of `data`; `format` is 1 for integers, 3 for floating point.
inline std::string wav(unsigned format, unsigned bits, int rate_hz, int channels, const std::string& data) {
    const auto rate = static_cast<std::uint32_t>(rate_hz);
    const unsigned frame_bytes = static_cast<unsigned>(channels) * bits / 8;
    std::string file = "RIFF";
    append(file, static_cast<std::uint32_t>(36 + data.size()), 4);
    file += "WAVEfmt ";
    append(file, 16, 4);
    append(file, format, 2);
    append(file, static_cast<std::uint32_t>(channels), 2);
    append(file, rate, 4);
    append(file, rate * frame_bytes, 4);
    append(file, frame_bytes, 2);
    append(file, bits, 2);
    file += "data";
    append(file, static_cast<std::uint32_t>(data.size()), 4);
    return file + data;
}

} // namespace detail

/// A WAV file of 16-bit integers.
inline std::string wav_bytes(int rate_hz, int channels, std::span<const std::int16_t> interleaved) {
    std::string data;
    for (const std::int16_t sample : interleaved) {
        detail::append(data, static_cast<std::uint16_t>(sample), 2);
    }
    return detail::wav(1, 16, rate_hz, channels, data);
}

/// A WAV file of 32-bit floating-point numbers.
inline std::string wav_bytes(int rate_hz, int channels, std::span<const float> interleaved) {
    std::string data;
    for (const float sample : interleaved) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, &sample, sizeof bits);
        detail::append(data, bits, 4);
    }
    return detail::wav(3, 32, rate_hz, channels, data);
}

} // namespace keytone::test
