// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// Two bytes, the higher first. `[any]`
constexpr std::uint16_t read_16(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}
/// Four bytes, the highest first. `[any]`
constexpr std::uint32_t read_32(std::span<const std::uint8_t> bytes, std::size_t at) noexcept {
    return std::uint32_t{read_16(bytes, at)} << 16U | read_16(bytes, at + 2);
}
/// `[any]`
constexpr void write_16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t number) noexcept {
    bytes[at] = static_cast<std::uint8_t>(number >> 8U);
    bytes[at + 1] = static_cast<std::uint8_t>(number & 0xFFU);
}
/// `[any]`
constexpr void write_32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t number) noexcept {
    write_16(bytes, at, static_cast<std::uint16_t>(number >> 16U));
    write_16(bytes, at + 2, static_cast<std::uint16_t>(number & 0xFFFFU));
}

} // namespace keytone
