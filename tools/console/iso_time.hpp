// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>

namespace keytone::tools {

/// The time in UTC, to the millisecond: ISO 8601, `2026-11-28T18:01:08.123Z`. `[any]`
inline std::string iso_time(std::chrono::system_clock::time_point at) {
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(at);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(whole);
    const std::time_t time = std::chrono::system_clock::to_time_t(seconds);
    std::tm utc{};
    gmtime_r(&time, &utc);
    std::array<char, 32> date{};
    static_cast<void>(std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &utc));
    std::array<char, 8> fraction{};
    static_cast<void>(std::snprintf(fraction.data(), fraction.size(), ".%03dZ",
                                    static_cast<int>((whole - seconds).count())));
    return std::string(date.data()) + fraction.data();
}
/// The same of milliseconds since 1970. `[any]`
inline std::string iso_time(std::int64_t unix_ms) {
    return iso_time(std::chrono::system_clock::time_point{std::chrono::milliseconds(unix_ms)});
}

} // namespace keytone::tools
