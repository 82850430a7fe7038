// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>

namespace keytone::bench {

/// Takes the first netstring, `5:hello,`, off the front of what came; nothing while it is not whole.
inline std::optional<std::string> take_netstring(std::string& bytes) {
    const auto colon = bytes.find(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    const std::size_t size = std::strtoul(bytes.c_str(), nullptr, 10);
    const std::size_t left = bytes.size() - colon - 1; // the comma with it
    if (size >= left) {
        return std::nullopt;
    }
    std::string text = bytes.substr(colon + 1, size);
    bytes.erase(0, colon + 1 + size + 1);
    return text;
}

} // namespace keytone::bench
