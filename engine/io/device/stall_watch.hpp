// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace keytone::io {

/// Notices when a stream has stalled: no block for longer than an audio system may take. It reads no clock:
/// times are passed in. `[control]`
class StallWatch {
  public:
    using Clock = std::chrono::steady_clock;
    /// How long the first block may take: PulseAudio can take two seconds.
    static constexpr std::chrono::milliseconds first_patience{5000};
    /// How long the next block may take.
    static constexpr std::chrono::milliseconds patience{2000};

    explicit StallWatch(Clock::time_point start) : since_(start) {}

    /// Whether the stream, of which `blocks` have begun by now, has stalled.
    bool stalled(Clock::time_point now, std::uint64_t blocks) {
        if (blocks != blocks_) {
            blocks_ = blocks;
            since_ = now;
        }
        return now - since_ > (blocks == 0 ? first_patience : patience);
    }

  private:
    Clock::time_point since_;
    std::uint64_t blocks_ = 0;
};

} // namespace keytone::io
