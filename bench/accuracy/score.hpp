// SPDX-License-Identifier: MIT
//
// What became of the keys that were sent. A report belongs to the last key that began before it:
//
//     sent      |--1--|       |--2--|       |--3--|               |--4--|
//     reported      1             5             3  3          2
//               hit           wrong         hit, extra        extra  missed
#pragma once

#include "bench/accuracy/sound.hpp"

#include <cstdint>
#include <span>

namespace keytone::accuracy {

/// A key that a receiver reports, and when it does so.
struct HeardKey {
    char key;
    double at_s;
};

/// Counts of keys; sums of scores are scores.
struct Score {
    std::int64_t sent = 0;
    std::int64_t hits = 0;   ///< Keys that were reported.
    std::int64_t missed = 0; ///< Keys for which nothing was reported.
    std::int64_t wrong = 0;  ///< Keys for which another was reported, and it alone.
    std::int64_t extra = 0;  ///< Reports beyond the first of a key, and those that belong to none.

    Score& operator+=(const Score& other);
    /// Every key, and nothing else.
    [[nodiscard]] bool perfect() const { return hits == sent && clean(); }
    /// Nothing that was not sent.
    [[nodiscard]] bool clean() const { return wrong == 0 && extra == 0; }
    [[nodiscard]] double hit_percent() const;
    /// Keys for which anything was reported.
    [[nodiscard]] double accepted_percent() const;

    friend bool operator==(const Score&, const Score&) = default;
};

/// How long after a key's end it may still be reported.
inline constexpr double report_allowance_s = 0.08;

/// Both in the order of time.
Score score(std::span<const SentKey> sent, std::span<const HeardKey> heard);

} // namespace keytone::accuracy
