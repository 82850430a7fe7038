// SPDX-License-Identifier: MIT
//
// Matches reports with the keys that were sent. A report belongs to the last key that began before it:
//
//     sent      |--1--|       |--2--|       |--3--|               |--4--|
//     reported      1             5             3  3          2
//               hit           wrong         hit, extra        extra  missed
#pragma once

#include "bench/accuracy/sound.hpp"

#include <cstdint>
#include <span>

namespace keytone::accuracy {

/// A key that a receiver reports, and the time of the report.
struct HeardKey {
    char key;
    double at_s;
};

/// Counts of keys; scores can be added.
struct Score {
    std::int64_t sent = 0;
    std::int64_t hits = 0;   ///< Keys that were reported.
    std::int64_t missed = 0; ///< Keys for which nothing was reported.
    std::int64_t wrong = 0;  ///< Keys for which only another key was reported.
    std::int64_t extra = 0;  ///< Reports after the first of a key, and those without a key.

    Score& operator+=(const Score& other);
    /// Whether every key was reported, and nothing else.
    [[nodiscard]] bool perfect() const { return hits == sent && clean(); }
    /// Whether nothing was reported that was not sent.
    [[nodiscard]] bool clean() const { return wrong == 0 && extra == 0; }
    [[nodiscard]] double hit_percent() const;
    /// The percentage of keys for which anything was reported.
    [[nodiscard]] double accepted_percent() const;

    friend bool operator==(const Score&, const Score&) = default;
};

/// How long after a key's end its report may come.
inline constexpr double report_allowance_s = 0.08;

/// Both sorted by time.
Score score(std::span<const SentKey> sent, std::span<const HeardKey> heard);

} // namespace keytone::accuracy
