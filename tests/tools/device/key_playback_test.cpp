// SPDX-License-Identifier: MIT
#include "tests/support/block_sizes.hpp"
#include "tools/device/key_playback.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace keytone::tools {
namespace {

DigitStream digits(SampleRate rate) {
    return *DigitStream::create(
        "12w*#D", {.rate = rate, .tone = {}, .lead = Milliseconds{20}, .tail = Milliseconds{30}});
}

/// What `keytone render` writes for these digits.
std::vector<std::int16_t> rendered(SampleRate rate) {
    DigitStream stream = digits(rate);
    std::vector<std::int16_t> samples(static_cast<std::size_t>(stream.length()));
    EXPECT_EQ(stream.generate(std::span<std::int16_t>(samples)), samples.size());
    return samples;
}

TEST(KeyPlayback, SendsWhatIsRenderedWhateverTheBlocks) {
    for (const int hz : SampleRate::offered_hz) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        std::vector<std::int16_t> expected = rendered(rate);
        const std::size_t length = expected.size();
        for (const std::size_t size : test::device_block_sizes()) {
            for (const std::size_t channels : {1U, 2U, 5U}) {
                KeyPlayback playback(digits(rate), channels);
                std::vector<std::int16_t> sent;
                std::vector<std::int16_t> block(size * channels, 12'345);
                while (sent.size() < length + size) {
                    playback.on_block({.frames = size, .heard = {}, .sent = block});
                    for (std::size_t i = 0; i < size; ++i) {
                        const auto frame = std::span(block).subspan(i * channels, channels);
                        ASSERT_TRUE(
                            std::ranges::all_of(frame, [&](auto sample) { return sample == frame[0]; }));
                        sent.push_back(frame[0]);
                    }
                    std::ranges::fill(block, std::int16_t{12'345});
                }
                EXPECT_EQ(playback.position(), static_cast<SampleIndex>(sent.size()));
                expected.resize(sent.size()); // Silence follows.
                EXPECT_EQ(sent, expected)
                    << hz << " Hz, blocks of " << size << ", " << channels << " channels";
                expected.resize(length);
            }
        }
    }
}

TEST(KeyPlayback, GoesOnWhereADeviceTakesNothing) {
    KeyPlayback playback(digits(SampleRate::narrowband()), 1);
    playback.on_block({.frames = 0, .heard = {}, .sent = {}});
    EXPECT_EQ(playback.position(), 0);
}

} // namespace
} // namespace keytone::tools
