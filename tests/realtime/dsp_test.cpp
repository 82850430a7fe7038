// SPDX-License-Identifier: MIT
//
// Nothing in dsp/ that a host calls on its audio thread allocates.
#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/dtmf_suppressor.hpp"
#include "dsp/events/key_merger.hpp"
#include "dsp/events/telephone_event_receiver.hpp"
#include "dsp/events/telephone_event_sender.hpp"
#include "dsp/g711.hpp"
#include "dsp/listener/answer_classifier.hpp"
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/call_listener.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/progress/machine_tones.hpp"
#include "dsp/progress/progress_generator.hpp"
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
        DtmfSuppressor suppressor(rate);
        std::vector<std::int16_t> lost(samples.size());
        std::vector<std::int16_t> left(samples.size());
        LineListener listener(rate);
        BeepListener beeps(rate);
        AnswerClassifier classifier;
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
        suppressor.suppress(10, KeySpan::open);
        suppressor.end_event(20);
        suppressor.process_lost(lost);
        suppressor.process(samples, left);
        suppressor.reset();
        listener.process(samples, [&](const LineEvent&) { ++line_events; });
        beeps.process(listener, samples, [&](const LineEvent&) { ++line_events; });
        beeps.reset();
        classifier.add(listener.last_frame());
        classifier.add_beep();
        classifier.reset();
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

// Ringback, special information and a fax, generated and heard.
TEST(RealTime, CallProgressDoesNotAllocate) {
    for (const int hz : SampleRate::offered_hz) {
        const SampleRate rate = *SampleRate::from_hz(hz);
        std::vector<std::int16_t> samples(static_cast<std::size_t>(hz) * 6);
        CallListener listener(rate);
        int heard = 0;
        for (const TonePattern& pattern :
             {cadence(single(425), {1000, 4000}), information_pattern(SpecialInformation::intercept),
              machine_pattern(ProgressTone::fax_preamble),
              cadence(modulated(400, 25), {400, 200, 400, 2000})}) {
            auto generator = *ProgressGenerator::create(pattern, {}, rate);
            const Watch watch;
            generator.generate(samples);
            listener.begin_progress();
            listener.begin_answer(listener.heard_to());
            listener.prefetch();
            listener.prefetch_rest();
            listener.process(samples, {.line = [](const LineEvent&) {},
                                       .progress = [&](const ProgressEvent&) { ++heard; },
                                       .answer = [](const Answer&) {}});
            listener.reset();
            EXPECT_EQ(watch.count(), 0) << hz;
        }
        EXPECT_GE(heard, 4) << hz; // one of each, at least
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
