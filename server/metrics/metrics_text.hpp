// SPDX-License-Identifier: MIT
//
// What Prometheus reads: text format 0.0.4, as `text/plain; version=0.0.4; charset=utf-8`.
#pragma once

#include "server/metrics/metrics.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace keytone::server {

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// What is not counted, but so.
struct ProcessFacts {
    std::string_view version;    ///< Of keytone.
    std::int64_t started_ms = 0; ///< Milliseconds since 1970, in UTC.
    std::int64_t now_ms = 0;     ///< The same.
    std::size_t most_calls = 0;  ///< At once.
    std::size_t media_threads = 0;
};

/// All metrics, each with its help and its type. `[any]`
std::string metrics_text(const Metrics& metrics, const ProcessFacts& facts);

} // namespace keytone::server
