// SPDX-License-Identifier: MIT
#pragma once

#include "engine/rtp/rtp_packet.hpp"

#include <cstdint>

namespace keytone::server {

/// What must not be guessed of a stream: RFC 3550, 5.1 and 8.1. And how far its clock is from the wall clock.
struct StreamSeed {
    std::uint32_t ssrc = 1;
    RtpSequence first_sequence = 0;
    RtpTimestamp first_timestamp = 0;
    std::uint32_t report_times = 1;    ///< Seeds the times at which reports are sent.
    std::int64_t wall_clock_ahead = 0; ///< Nanoseconds since 1900, minus the monotonic clock.

    /// From the system. `[control]`
    [[nodiscard]] static StreamSeed random();
};

} // namespace keytone::server
