// SPDX-License-Identifier: MIT
//
// µ-law without a header, by SpanDSP's functions.
#pragma once

#include <spandsp.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::test {

inline std::string to_ulaw(std::span<const std::int16_t> samples) {
    std::string bytes;
    for (const std::int16_t sample : samples) {
        bytes += static_cast<char>(linear_to_ulaw(sample));
    }
    return bytes;
}

inline std::vector<std::int16_t> from_ulaw(std::string_view bytes) {
    std::vector<std::int16_t> samples;
    for (const char code : bytes) {
        samples.push_back(ulaw_to_linear(static_cast<std::uint8_t>(code)));
    }
    return samples;
}

} // namespace keytone::test
