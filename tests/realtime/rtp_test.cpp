// SPDX-License-Identifier: MIT
//
// The way from packets to samples and back does not allocate, lock or make system calls.
#include "dsp/events/telephone_event_sender.hpp"
#include "engine/rtp/rtcp_session.hpp"
#include "engine/rtp/rtp_receiver.hpp"
#include "engine/rtp/rtp_sender.hpp"
#include "tests/support/realtime_watch.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace keytone {
namespace {

using test::RealTimeWatch;
using test::Violations;

/// A datagram on its way.
struct Datagram {
    std::array<std::uint8_t, 600> bytes;
    std::size_t size = 0;
};

// Losses, duplicates, late packets, keys, a restarted sender, and reports both ways: ten minutes.
TEST(RealTimeRtp, ReceivingPlayingAndSendingAllocateLockAndCallNothing) {
    RealTimeWatch audio;
    std::mt19937 random(1);
    RtpSender sender({.ssrc = 1, .first_sequence = 65'000});
    auto events = *TelephoneEventSender::create(SampleRate::narrowband());
    RtpReceiver receiver;
    RtcpSession near(1);
    RtcpSession far(2);
    std::size_t keys = 0;
    const auto on_key = [&](const KeyReport&) { ++keys; };
    std::array<Datagram, 8> under_way;
    std::size_t count = 0;
    std::array<std::int16_t, 160> samples{};
    for (SampleIndex now = 160; now < SampleIndex{600} * 8000; now += 160) {
        samples.fill(static_cast<std::int16_t>(now / 160 % 97 * 100));
        if (now % 16'000 == 0) {
            ASSERT_TRUE(events.send({*Key::from_character('5'), now, 800}));
        }
        if (now % 1'600'000 == 0) {
            sender = RtpSender(
                {.ssrc = static_cast<std::uint32_t>(now), .first_timestamp = static_cast<RtpTimestamp>(now)});
        }
        count = 0;
        const auto keep = [&](std::span<const std::uint8_t> bytes) {
            Datagram& datagram = under_way.at(count++);
            std::ranges::copy(bytes, datagram.bytes.begin());
            datagram.size = bytes.size();
        };
        const bool is_lost = random() % 20 == 0;
        const bool is_doubled = random() % 20 == 0;
        audio.run([&] {
            while (const auto packet = events.next(now)) {
                sender.send_event(*packet, keep);
            }
            sender.send(samples, keep);
            for (std::size_t i = 0; i < count && !is_lost; ++i) {
                const auto bytes = std::span<const std::uint8_t>(under_way[i].bytes).first(under_way[i].size);
                receiver.receive(bytes, now - 80, on_key);
                if (is_doubled) {
                    receiver.receive(bytes, now - 40, on_key);
                }
            }
            receiver.play(
                now, samples, [](const PlayedStretch&) {}, on_key);
            if (now % 40'000 == 0) {
                const auto time = static_cast<NtpTime>(now) << 19U;
                std::array<std::uint8_t, max_rtcp_size> report{};
                const std::size_t size = write_rtcp({.ssrc = 2,
                                                     .sender = RtcpSenderInfo{time, 0, 0, 0},
                                                     .block = far.report(receiver.source(), time),
                                                     .cname = "a"},
                                                    report);
                if (const auto compound = parse_rtcp(std::span<const std::uint8_t>(report).first(size))) {
                    near.take(*compound, time);
                }
                static_cast<void>(rtcp_interval({}, 0.5));
            }
        });
    }
    EXPECT_EQ(audio.violations(), Violations{});
    EXPECT_GT(keys, 500U);
    EXPECT_GT(receiver.figures().streams, 2U);
    EXPECT_TRUE(near.far_reception());
}

} // namespace
} // namespace keytone
