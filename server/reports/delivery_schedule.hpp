// SPDX-License-Identifier: MIT
//
// When a report that was not taken is sent again:
//
//     attempt   1   2   3   4    5    6   …   13      14      …   35
//     at        0   1   3   7   15   31      4095    7695        83295 s
//
// The waits double from a second to an hour; the last attempt is the last that falls within a day. They are
// counted in attempts, not by a clock: one that is set, or a service that was down, takes none away.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace keytone::server {

struct DeliverySchedule {
    std::chrono::seconds first{1};
    std::chrono::seconds longest{3600};
    std::chrono::seconds whole{86'400};

    /// How long to wait after so many failed attempts; nothing: they were enough. `[any]`
    [[nodiscard]] std::optional<std::chrono::seconds> wait_after(int attempts) const {
        std::chrono::seconds wait{0};
        std::chrono::seconds at{0};
        for (int i = 0; i < attempts; ++i) {
            wait = wait.count() == 0 ? first : std::min(2 * wait, longest);
            at += wait;
            if (at > whole) {
                return std::nullopt;
            }
        }
        return wait;
    }
};

} // namespace keytone::server
