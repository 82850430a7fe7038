// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace keytone::server {

/// Bytes from `begin` to before `end`; there is one at least.
struct ByteRange {
    std::uint64_t begin;
    std::uint64_t end;
};

/// What a `Range` header asks for.
struct AskedRange {
    std::optional<ByteRange> part; ///< Nothing: the whole.
    bool can_be_met = true;
};

/// Reads `bytes=0-99`, `bytes=100-` or `bytes=-100` for what is `size` bytes long (RFC 9110, 14.1.2). Other
/// units, several ranges and what is no range ask for the whole (14.2). `[any]`
AskedRange read_byte_range(std::string_view header, std::uint64_t size);

} // namespace keytone::server
