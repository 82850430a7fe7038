// SPDX-License-Identifier: MIT
#include "engine/json/line_error.hpp"

#include "engine/unicode.hpp"

#include <algorithm>

namespace keytone::json {

namespace {

constexpr std::size_t max_key_bytes = 160;

/// Made safe for one line of a terminal: no control characters, shortened between characters.
std::string presentable(std::string_view key) {
    std::string safe(key);
    if (safe.size() > max_key_bytes) {
        std::size_t end = max_key_bytes;
        while (end > 0 && (static_cast<unsigned char>(safe[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        safe.resize(end);
    }
    return without_controls(safe, '?');
}

} // namespace

std::string_view name(LineFault fault) {
    switch (fault) {
    case LineFault::empty:
        return "empty";
    case LineFault::too_long:
        return "too_long";
    case LineFault::not_utf8:
        return "not_utf8";
    case LineFault::not_json:
        return "not_json";
    case LineFault::too_deep:
        return "too_deep";
    case LineFault::too_many_keys:
        return "too_many_keys";
    case LineFault::duplicate_key:
        return "duplicate_key";
    case LineFault::unknown_key:
        return "unknown_key";
    case LineFault::missing_key:
        return "missing_key";
    case LineFault::wrong_type:
        return "wrong_type";
    case LineFault::out_of_range:
        return "out_of_range";
    case LineFault::bad_value:
        return "bad_value";
    }
    return "unknown";
}

LineError line_error(LineFault fault, std::string_view key, std::string_view what) {
    std::string shown = presentable(key);
    std::string message = (shown.empty() ? "the JSON text" : shown) + ": " + std::string(what);
    return {fault, std::move(shown), std::move(message)};
}

std::string child(std::string_view pointer, std::string_view key) {
    std::string path(pointer);
    path += '/';
    for (const char c : key) {
        // RFC 6901, section 3.
        if (c == '~') {
            path += "~0";
        } else if (c == '/') {
            path += "~1";
        } else {
            path += c;
        }
    }
    return path;
}

} // namespace keytone::json
