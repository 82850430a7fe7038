// SPDX-License-Identifier: MIT
//
// The kernel stamps datagrams by the wall clock, which may be set at any time. Calls run by the monotonic
// clock. So only a datagram's age, from its stamp to the reading, is taken from the wall clock, and not
// while the clock was set in between.
#pragma once

#include "server/media/instant.hpp"

namespace keytone::server {

/// Both clocks, read one right after the other, after datagrams were received.
struct ClockReading {
    /// A datagram that waited longer is treated as if it had just come.
    static constexpr Instant max_age = std::chrono::seconds(1);

    Instant wall{};
    Instant now{};
    bool stamps_hold = true; ///< The wall clock was not set while these datagrams waited.

    /// When a datagram came, by the monotonic clock. `[audio]`
    [[nodiscard]] Instant arrival(Instant stamp) const noexcept {
        const Instant age = wall - stamp;
        return stamps_hold && age >= Instant(0) && age <= max_age ? now - age : now;
    }
};

/// Notices when the wall clock is set. A plain value, for one thread.
class WallClockWatch {
  public:
    /// More than two readings differ by, unless the clock was set in between or the thread was held up
    /// between reading the one clock and the other.
    static constexpr Instant max_drift = std::chrono::milliseconds(5);
    /// Longer than datagrams wait for their tick: after it none is left from before the setting.
    static constexpr Instant distrust = std::chrono::milliseconds(100);

    /// Takes the next reading. `[audio]`
    [[nodiscard]] ClockReading read(Instant wall, Instant now) noexcept {
        const Instant offset = wall - now;
        if (is_begun_ && std::chrono::abs(offset - offset_) > max_drift) {
            distrusted_until_ = now + distrust;
        }
        offset_ = offset;
        is_begun_ = true;
        return {wall, now, now >= distrusted_until_};
    }

  private:
    Instant offset_{}; ///< The wall clock minus the monotonic one.
    Instant distrusted_until_ = Instant::min();
    bool is_begun_ = false;
};

} // namespace keytone::server
