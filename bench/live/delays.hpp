// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace keytone::bench {

/// How long something took, many times.
struct Delays {
    std::size_t count = 0;
    double median_ms = 0.0;
    double ms_of_999 = 0.0; ///< Within which 99.9 % were.
    double worst_ms = 0.0;
};

inline Delays delays_of(std::vector<double> ms) {
    if (ms.empty()) {
        return {};
    }
    std::ranges::sort(ms);
    const auto at = [&](double share) {
        // Of 1 to 1000 values the worst one is the one within which 99.9 % are.
        const auto count = static_cast<std::size_t>(share * static_cast<double>(ms.size()));
        return ms[std::min(count, ms.size() - 1)];
    };
    return {ms.size(), at(0.5), at(0.999), ms.back()};
}

} // namespace keytone::bench
