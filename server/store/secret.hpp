// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace keytone::server {

/// 256 random bits behind `prefix`, as 64 hexadecimal digits. `[control]`
std::string new_secret(std::string_view prefix);
/// SHA-256 (FIPS 180-4) as 64 hexadecimal digits. `[any]`
std::string sha256_hex(std::string_view text);
/// HMAC-SHA256 (RFC 2104) as 64 hexadecimal digits. `[any]`
std::string hmac_sha256_hex(std::string_view key, std::string_view text);
/// Whether both are the same; takes as long wherever they differ. `[any]`
bool same_in_constant_time(std::string_view a, std::string_view b);
/// A random UUID (RFC 9562, version 4): `1b4e28ba-2fa1-41d2-883f-0016d3cca427`. `[control]`
std::string new_uuid();

} // namespace keytone::server
