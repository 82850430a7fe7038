// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// RFC 4648, 4. `[any]`
std::string base64_encode(std::span<const std::uint8_t> bytes);
/// Nothing where the text is no base64, or ends without its padding. `[any]`
std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text);

} // namespace keytone::server
