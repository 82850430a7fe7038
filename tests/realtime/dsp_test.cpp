// SPDX-License-Identifier: MIT
//
// Nothing in dsp/ that a host calls on its audio thread allocates.
#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/events/key_merger.hpp"
#include "dsp/events/telephone_event_receiver.hpp"
#include "dsp/events/telephone_event_sender.hpp"
#include "dsp/g711.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/resampler.hpp"
#include "tests/support/allocation_watch.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace keytone {
namespace {

using Watch = test::AllocationWatch;

TEST(RealTime, TheWatchSeesAllocations) {
    if (KEYTONE_WATCHES_MALLOC == 0) {
        GTEST_SKIP() << "a sanitizer has its own allocator";
    }
    const Watch watch;
    std::vector<int> numbers(1000);
    numbers[3] = 1;
    EXPECT_EQ(watch.count(), numbers[3]);
}

TEST(RealTime, DspDoesNotAllocate) {
    for (const int hz : SampleRate::offered_hz) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        auto generator = DtmfGenerator::create(*DigitString::parse("0123456789*#ABCDw1"),
                                               {.tone = Milliseconds{60}}, rate);
        ASSERT_TRUE(generator);
        std::vector<std::int16_t> samples(static_cast<std::size_t>(generator->length()));
        std::vector<std::uint8_t> codes(samples.size());
        std::vector<float> floats(samples.size());
        const auto noise = test::to_pcm16(test::white_noise(samples.size(), -20.0, 1));
        DtmfDetector detector(rate);
        LineListener listener(rate);
        Resampler resampler(rate, *SampleRate::from_hz(hz == 44100 ? 8000 : 44100));
        std::vector<std::int16_t> resampled(6 * samples.size());
        int line_events = 0;
        int keys = 0;
        const auto count = [&](const DtmfReport& report) {
            keys += report.kind == DtmfReport::Kind::end ? 1 : 0;
        };

        const Watch watch;
        generator->generate(samples);
        generator->reset();
        generator->generate(floats);
        g711_encode(G711Law::ulaw, samples, codes);
        g711_decode(G711Law::ulaw, codes, samples);
        detector.process(samples, count);
        detector.process_lost(hz / 50, count);
        detector.process(noise, count);
        detector.process_lost(SampleCount{hz} * 3600, count);
        detector.finish(count);
        detector.reset();
        listener.process(samples, [&](const LineEvent&) { ++line_events; });
        listener.reset();
        std::span<const std::int16_t> rest = samples;
        const std::size_t written = resampler.process(rest, resampled);
        resampler.reset();
        EXPECT_EQ(watch.count(), 0) << hz;
        EXPECT_EQ(keys, 17);
        EXPECT_GT(line_events, 0);
        EXPECT_TRUE(rest.empty());
        EXPECT_GT(written, 0U);
    }
}

// Keys as packets and as tones; the end of the second key is lost.
TEST(RealTime, TelephoneEventsDoNotAllocate) {
    for (const int hz : SampleRate::offered_hz) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        auto sender = TelephoneEventSender::create(rate).value();
        TelephoneEventReceiver receiver(rate);
        KeyMerger merger({rate, rate});
        int begun = 0;
        int ended = 0;
        const auto count = [&](const KeyReport& report) {
            ++(report.kind == KeyReport::Kind::begin ? begun : ended);
        };
        const auto merge = [&](const KeyReport& report) { merger.hear(report, count); };
        const SampleCount second = hz;

        const Watch watch;
        for (int i = 0; i < 3; ++i) {
            // The last one lasts a minute: it is sent in segments.
            EXPECT_TRUE(sender.send({Key::at(1, 1), i * second, i < 2 ? second / 10 : 60 * second}));
            while (const auto due = sender.due()) {
                const auto packet = *sender.next(*due);
                if (i != 1 || !packet.event.end) {
                    receiver.receive(packet.timestamp, packet.marker, pack(packet.event), merge);
                }
                sender.release(i * second + 20 * second);
            }
            receiver.advance(static_cast<RtpTimestamp>(i * second + second / 2), merge);
            DtmfReport tone{DtmfReport::Kind::begin, Key::at(1, 1), i * second, 0, {}, {}, {}, {}, {}};
            merger.hear(tone, count);
            tone.kind = DtmfReport::Kind::end;
            merger.hear(tone, count);
        }
        receiver.receive(0, false, {}, merge);
        receiver.finish(merge);
        receiver.reset();
        merger.reset();
        EXPECT_EQ(watch.count(), 0) << hz;
        EXPECT_EQ(begun, 3);
        EXPECT_EQ(ended, 3);
    }
}

} // namespace
} // namespace keytone
