// SPDX-License-Identifier: MIT
#include "engine/io/sample_layout.hpp"

#include "dsp/g711.hpp"

#include <bit>

namespace keytone::io {

namespace {

std::uint64_t bits_of(std::span<const std::uint8_t> bytes, bool big_endian) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bits = bits << 8U | bytes[big_endian ? i : bytes.size() - 1 - i];
    }
    return bits;
}

void put_bits(std::uint64_t bits, std::span<std::uint8_t> bytes, bool big_endian) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[big_endian ? bytes.size() - 1 - i : i] = static_cast<std::uint8_t>(bits >> (8U * i));
    }
}

// A number of two's complement in the low bytes.
std::int64_t signed_number(std::uint64_t bits, std::size_t bytes) {
    const auto unused = static_cast<unsigned>(64 - 8 * bytes);
    return static_cast<std::int64_t>(bits << unused) >> unused;
}

} // namespace

std::size_t SampleLayout::sample_bytes() const {
    switch (encoding) {
    case Encoding::signed_16:
        return 2;
    case Encoding::signed_24:
        return 3;
    case Encoding::signed_32:
    case Encoding::float_32:
        return 4;
    case Encoding::float_64:
        return 8;
    default:
        return 1;
    }
}

double SampleLayout::value(std::span<const std::uint8_t> bytes) const {
    const std::uint64_t bits = bits_of(bytes, big_endian);
    switch (encoding) {
    case Encoding::unsigned_8:
        return (static_cast<double>(bits) - 128.0) / 128.0;
    case Encoding::float_32:
        return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    case Encoding::float_64:
        return std::bit_cast<double>(bits);
    case Encoding::ulaw:
        return ulaw_decode(bytes[0]) / 32768.0;
    case Encoding::alaw:
        return alaw_decode(bytes[0]) / 32768.0;
    default: {
        const auto full_scale = static_cast<double>(std::int64_t{1} << (8U * bytes.size() - 1U));
        return static_cast<double>(signed_number(bits, bytes.size())) / full_scale;
    }
    }
}

void SampleLayout::scale(std::span<std::uint8_t> bytes, std::int32_t left, std::int32_t all) const {
    const std::uint64_t bits = bits_of(bytes, big_endian);
    const auto scaled = [&](std::int64_t number) { return number * left / all; };
    const double factor = static_cast<double>(left) / all;
    switch (encoding) {
    case Encoding::unsigned_8:
        bytes[0] = static_cast<std::uint8_t>(scaled(static_cast<std::int64_t>(bits) - 128) + 128);
        break;
    case Encoding::float_32: {
        const float value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        put_bits(std::bit_cast<std::uint32_t>(left == 0 ? 0.0F : value * static_cast<float>(factor)), bytes,
                 big_endian);
        break;
    }
    case Encoding::float_64:
        put_bits(std::bit_cast<std::uint64_t>(left == 0 ? 0.0 : std::bit_cast<double>(bits) * factor), bytes,
                 big_endian);
        break;
    case Encoding::ulaw:
        bytes[0] = ulaw_encode(static_cast<std::int16_t>(scaled(ulaw_decode(bytes[0]))));
        break;
    case Encoding::alaw:
        bytes[0] = alaw_encode(static_cast<std::int16_t>(scaled(alaw_decode(bytes[0]))));
        break;
    default:
        put_bits(static_cast<std::uint64_t>(scaled(signed_number(bits, bytes.size()))), bytes, big_endian);
        break;
    }
}

} // namespace keytone::io
