// SPDX-License-Identifier: MIT
//
// What is called on an audio device's thread does not allocate.
#include "engine/io/device/stream_health.hpp"
#include "tests/support/allocation_watch.hpp"
#include "tests/support/block_sizes.hpp"
#include "tools/device/key_playback.hpp"
#include "tools/device/line_monitor.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace keytone::tools {
namespace {

TEST(RealTime, DeviceBlocksDoNotAllocate) {
    for (const int hz : SampleRate::offered_hz) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        const std::string digits(300, '5'); // more than one generator sends
        for (const std::size_t size : test::device_block_sizes()) {
            KeyPlayback playback(
                *DigitStream::create(
                    digits, {.rate = rate, .tone = {.tone = Milliseconds{50}, .gap = Milliseconds{50}}}),
                2);
            LineMonitor monitor(rate, {}, 2, 1);
            io::StreamHealth health(rate, 0.01);
            std::vector<std::int16_t> block(2 * size);
            int ends = 0;
            const test::AllocationWatch watch;
            for (SampleIndex done = 0; done < SampleIndex{hz}; done += static_cast<SampleIndex>(size)) {
                health.begin(io::StreamHealth::Clock::now(), size, {.input_overflow = true});
                playback.on_block({.frames = size, .heard = {}, .sent = block});
                monitor.on_block({.frames = size, .heard = block, .sent = {}});
                health.end(io::StreamHealth::Clock::now());
                while (const auto report = monitor.poll()) {
                    ends += report->kind == DtmfReport::Kind::end ? 1 : 0;
                }
            }
            monitor.on_block({.frames = 10, .heard = {}, .sent = {}});
            EXPECT_EQ(watch.count(), 0) << hz << " Hz, blocks of " << size;
            EXPECT_GE(ends, 8);
            EXPECT_EQ(playback.position() + 10, monitor.position());
        }
    }
}

} // namespace
} // namespace keytone::tools
