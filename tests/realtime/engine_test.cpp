// SPDX-License-Identifier: MIT
//
// The audio side of a call on its audio thread: it does not allocate, while another thread may push and pop
// at any time.
#include "engine/media/call_media.hpp"
#include "tests/support/allocation_watch.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace keytone {
namespace {

DtmfGenerator tones(const char* digits, SampleRate rate, Milliseconds tone) {
    return *DtmfGenerator::create(*DigitString::parse(digits), {.tone = tone, .gap = tone}, rate);
}

TEST(RealTime, CallMediaDoesNotAllocate) {
    for (const int hz : SampleRate::offered_hz) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        const SampleRate far_rate = *SampleRate::from_hz(hz == 48000 ? 8000 : 48000);
        const DtmfGenerator keys = tones("12w3", rate, Milliseconds{60});
        const auto prompt = test::to_pcm16(test::white_noise(static_cast<std::size_t>(hz / 4), -20.0, 1));
        const auto block = static_cast<std::size_t>(hz / 50);
        const auto far_block = static_cast<std::size_t>(far_rate.hz() / 50);
        const auto heard = test::to_pcm16(test::white_noise(far_block + block, -20.0, 2));
        std::vector<std::int16_t> sent(far_block + block);
        CallMedia media({.rate = {rate, far_rate}, .mix_bridge = true});
        const auto push = [&](std::uint32_t index, decltype(MediaOp::what) what) {
            ASSERT_TRUE(media.try_push(Leg::a, MediaOp{{1, index}, 0, 0, what}));
        };
        push(0, PlayPrompt{prompt, unlimited});
        push(1, SendTones{&keys, 800});
        push(2, Gate{CueKind::silence, true, false, 0, hz});
        push(3, Bridge{});
        push(4, Wait{hz});
        push(5, PlayPrompt{prompt, hz / 8});
        push(6, HangUp{});
        push(7, Wait{1});
        media.try_push(Leg::a,
                       MediaCue{MediaCue::Kind::cut, CueKind::drained, {1, 6}, SampleIndex{hz} * 9 / 2});
        // Leg b hears call progress and who answers, too.
        media.try_push(Leg::b, MediaCue{MediaCue::Kind::attend, CueKind::answered_by, {}, 0});
        int reports = 0;
        bool answered = false;
        {
            const test::AllocationWatch watch;
            for (int i = 0; i < 300; ++i) {
                const bool lost = i % 70 > 50;
                media.process(Leg::a, std::span(heard).first(lost ? 0 : block), std::span(sent).first(block),
                              {&media, &media});
                media.process(Leg::b, std::span(heard).first(lost ? 0 : far_block),
                              std::span(sent).first(far_block));
                for (MediaReport report{}; media.try_pop(report);) {
                    reports += ends_op(report.kind) ? 1 : 0;
                    answered = answered || report.kind == MediaReport::Kind::answered_by;
                }
            }
            EXPECT_EQ(watch.count(), 0) << hz;
        }
        EXPECT_TRUE(answered) << hz;
        EXPECT_EQ(reports, 8) << hz;
        EXPECT_EQ(media.bridge_samples_missing(), 0U) << hz;
    }
}

TEST(RealTime, TwoThreadsShareACall) {
    constexpr std::uint32_t actions = 2000;
    const SampleRate rate = SampleRate::narrowband();
    const DtmfGenerator keys = tones("5", rate, Milliseconds{5});
    const auto prompt = test::to_pcm16(test::white_noise(50, -20.0, 1));
    CallMedia media({.rate = {rate, rate}, .mix_bridge = true, .op_capacity = 4, .report_capacity = 20});
    std::atomic<bool> over{false};
    std::uint64_t blocks = 0;
    std::thread audio([&] {
        const std::vector<std::int16_t> heard(80, 100);
        std::vector<std::int16_t> sent(80);
        while (!over.load(std::memory_order_acquire)) {
            for (const Leg leg : both_legs) {
                media.process(leg, heard, sent);
            }
            ++blocks;
        }
    });

    // Each leg's ops come back in the order in which they were pushed, each with one end.
    PerLeg<std::uint32_t> pushed{0, 0};
    PerLeg<std::uint32_t> ended{0, 0};
    PerLeg<SampleIndex> seen{0, 0};
    std::uint32_t wrong = 0;
    while (ended[Leg::a] < actions || ended[Leg::b] < actions) {
        for (const Leg leg : both_legs) {
            const std::uint32_t next = pushed[leg] + 1;
            const MediaOp op = {{next, 0},
                                0,
                                0,
                                next % 4 == 0   ? decltype(MediaOp::what)(SendTones{&keys, 40})
                                : next % 4 == 1 ? decltype(MediaOp::what)(PlayPrompt{prompt, unlimited})
                                : next % 4 == 2
                                    ? decltype(MediaOp::what)(Bridge{})
                                    : decltype(MediaOp::what)(Gate{CueKind::answered, false, false, 0, 400})};
            const bool room = media.free_ops(leg) > 0;
            if (pushed[leg] < actions && media.try_push(leg, op)) {
                wrong += room ? 0U : 1U;
                ++pushed[leg];
                if (next % 3 == 0) {
                    media.try_push(leg, MediaCue{MediaCue::Kind::pass, CueKind::answered, {}, 0});
                    media.try_push(leg, MediaCue{MediaCue::Kind::leave, CueKind::answered, {}, 0});
                }
            }
            const SampleIndex position = media.position(leg);
            wrong += position >= seen[leg] ? 0U : 1U;
            seen[leg] = position;
        }
        bool any = false;
        for (MediaReport report{}; media.try_pop(report); any = true) {
            if (ends_op(report.kind)) {
                wrong += report.key.action == ++ended[report.leg] ? 0U : 1U;
            }
        }
        if (!any) {
            std::this_thread::yield();
        }
    }
    over.store(true, std::memory_order_release);
    audio.join();
    EXPECT_EQ(wrong, 0U);
    EXPECT_EQ(media.free_ops(Leg::a), 4U);
    EXPECT_GE(media.position(Leg::a), static_cast<SampleIndex>(80 * blocks));
}

} // namespace
} // namespace keytone
