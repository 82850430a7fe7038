// SPDX-License-Identifier: MIT
#include "dsp/dtmf_generator.hpp"
#include "dsp/events/telephone_event_sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace keytone {

namespace {

struct Sent {
    SampleIndex at;
    TelephoneEventPacket packet;
};

TelephoneEventSender make(int rate_hz = 8000, Milliseconds packet_time = 20_ms, RtpTimestamp first = 0) {
    return TelephoneEventSender::create(*SampleRate::from_hz(rate_hz), packet_time, first).value();
}

TelephoneKey key(char character, SampleIndex onset, SampleCount duration) {
    return {*Key::from_character(character), onset, duration};
}

/// All packets that are left to send, each when it is due.
std::vector<Sent> rest_of(TelephoneEventSender& sender) {
    std::vector<Sent> sent;
    while (const auto due = sender.due()) {
        EXPECT_FALSE(sender.next(*due - 1));
        const auto packet = sender.next(*due);
        EXPECT_TRUE(packet);
        sent.push_back({*due, *packet});
    }
    EXPECT_FALSE(sender.next(std::numeric_limits<SampleIndex>::max()));
    return sent;
}

/// `at:timestamp+duration`, with M and E.
std::string words(const std::vector<Sent>& sent) {
    std::string text;
    for (const auto& [at, packet] : sent) {
        text += (text.empty() ? "" : " ") + std::to_string(at) + ":" + std::to_string(packet.timestamp) +
                "+" + std::to_string(packet.event.duration) + (packet.marker ? "M" : "") +
                (packet.event.end ? "E" : "");
    }
    return text;
}

// The drawing in the header.
TEST(TelephoneEventSender, ReportsEveryPacketTimeAndTheEndThreeTimes) {
    auto sender = make(8000, 20_ms, 5000);
    ASSERT_TRUE(sender.send(key('7', 1000, 560)));
    EXPECT_EQ(words(rest_of(sender)), "1160:6000+160M 1320:6000+320 1480:6000+480 1560:6000+560E "
                                      "1720:6000+560E 1880:6000+560E");
}

TEST(TelephoneEventSender, EndsOnAPacketOfItsOwnTimeOnlyOnce) {
    auto sender = make();
    ASSERT_TRUE(sender.send(key('7', 0, 320)));
    EXPECT_EQ(words(rest_of(sender)), "160:0+160M 320:0+320E 480:0+320E 640:0+320E");
}

TEST(TelephoneEventSender, ReportsAKeyNoLongerThanAPacketBeforeItsEnd) {
    const auto sent = [](SampleCount duration, Milliseconds packet_time = 20_ms) {
        auto sender = make(8000, packet_time);
        EXPECT_TRUE(sender.send(key('7', 0, duration)));
        return words(rest_of(sender));
    };
    EXPECT_EQ(sent(40), "20:0+20M 40:0+40E 200:0+40E 360:0+40E");
    EXPECT_EQ(sent(160), "80:0+80M 160:0+160E 320:0+160E 480:0+160E");
    EXPECT_EQ(sent(161), "160:0+160M 161:0+161E 321:0+161E 481:0+161E");
    EXPECT_EQ(sent(400, 50_ms), "200:0+200M 400:0+400E 800:0+400E 1200:0+400E");
    EXPECT_EQ(sent(3), "1:0+1M 3:0+3E 163:0+3E 323:0+3E");
    EXPECT_EQ(sent(1), "1:0+1M 1:0+1E 161:0+1E 321:0+1E");
}

// Whatever its length, the packet time, and the time of its release: first an update without E, and then the
// end.
TEST(TelephoneEventSender, BeginsEveryEventWithAnUpdate) {
    for (const int packet_ms : {5, 10, 20, 30, 50}) {
        for (SampleCount duration = 1; duration < 1000; duration += 7) {
            for (const SampleIndex released : {1000, 500, 100, 1, 0}) {
                SCOPED_TRACE(testing::Message() << packet_ms << ' ' << duration << ' ' << released);
                auto sender = make(8000, Milliseconds{static_cast<double>(packet_ms)});
                ASSERT_TRUE(sender.send(key('7', 0, duration)));
                sender.release(released);
                const auto sent = rest_of(sender);
                ASSERT_GE(sent.size(), 4U);
                std::size_t ends = 0;
                for (std::size_t i = 0; i < sent.size(); ++i) {
                    const TelephoneEvent& event = sent[i].packet.event;
                    ASSERT_EQ(sent[i].packet.marker, i == 0);
                    ASSERT_FALSE(i == 0 && event.end);
                    ASSERT_GE(event.duration, i == 0 ? 1 : sent[i - 1].packet.event.duration);
                    ASSERT_TRUE(ends == 0 || event.end);
                    ends += event.end ? 1U : 0U;
                }
                ASSERT_EQ(ends, 3U);
                ASSERT_EQ(sent.back().packet.event.duration,
                          std::min(duration, std::max(released, SampleIndex{1})));
            }
        }
    }
}

TEST(TelephoneEventSender, SaysWhichKeyAndHowLoud) {
    for (const char character : std::string("0123456789*#ABCD")) {
        auto sender = make();
        ASSERT_TRUE(sender.send({*Key::from_character(character), 0, 400, Dbm0{-12.3}}));
        for (const Sent& sent : rest_of(sender)) {
            EXPECT_EQ(sent.packet.event.code, Key::from_character(character)->event_code());
            EXPECT_EQ(sent.packet.event.volume, 12);
        }
    }
}

TEST(TelephoneEventSender, GoesThroughTheWrapOfTheTimestamp) {
    auto sender = make(8000, 20_ms, 0xFFFF'FF00);
    ASSERT_TRUE(sender.send(key('7', 0x200, 160)));
    EXPECT_EQ(rest_of(sender).front().packet.timestamp, 0x100U);
}

TEST(TelephoneEventSender, GivesAllThatIsDueWhenAskedLate) {
    auto sender = make();
    ASSERT_TRUE(sender.send(key('7', 0, 560)));
    int packets = 0;
    while (sender.next(100'000)) {
        ++packets;
    }
    EXPECT_EQ(packets, 6);
}

class LongEvent : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(AtEveryClock, LongEvent, testing::ValuesIn(SampleRate::offered_hz));

// RFC 4733, 2.5.1.3.
TEST_P(LongEvent, IsSplitIntoSegmentsThatFollowEachOther) {
    constexpr SampleCount full = TelephoneEvent::max_duration;
    for (const SampleCount duration : {full - 1, full, full + 1, 2 * full, 3 * full + 777}) {
        SCOPED_TRACE(duration);
        auto sender = make(GetParam());
        constexpr SampleIndex onset = 123;
        ASSERT_TRUE(sender.send(key('#', onset, duration)));
        const auto sent = rest_of(sender);
        const SampleCount packet_time = SampleRate::from_hz(GetParam())->samples(20_ms);
        SampleIndex reported = onset;
        std::size_t ends = 0;
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const auto& [at, packet] = sent[i];
            ASSERT_EQ(packet.marker, i == 0);
            ASSERT_GE(packet.event.duration, 1);
            const SampleIndex begins = packet.timestamp;
            // A new segment begins where a full one ended.
            ASSERT_EQ((begins - onset) % full, 0);
            ASSERT_TRUE(begins == onset || sent[i - 1].packet.timestamp == begins ||
                        sent[i - 1].packet.event.duration == full);
            if (ends == 0) {
                ASSERT_EQ(at, begins + packet.event.duration); // It reports up to its sending.
                ASSERT_LE(at - reported, packet_time);
            }
            reported = begins + packet.event.duration;
            ends += packet.event.end ? 1U : 0U;
            ASSERT_EQ(packet.event.end, reported == onset + duration);
        }
        EXPECT_EQ(reported, onset + duration);
        EXPECT_EQ(ends, 3U);
    }
}

TEST(TelephoneEventSender, LetsOneKeyWait) {
    auto sender = make();
    ASSERT_TRUE(sender.send(key('1', 0, 320)));
    EXPECT_FALSE(sender.send(key('2', 319, 320))) << "before the first is over";
    ASSERT_TRUE(sender.send(key('2', 400, 320)));
    EXPECT_FALSE(sender.send(key('3', 2000, 320))) << "one waits already";
    // The repeats of the first end that are left go out before the second key's first packet.
    EXPECT_EQ(words(rest_of(sender)), "160:0+160M 320:0+320E 400:0+320E 400:0+320E 560:400+160M 720:400+320E "
                                      "880:400+320E 1040:400+320E");
    EXPECT_TRUE(sender.send(key('3', 2000, 320)));
}

TEST(TelephoneEventSender, IsReleasedEarlier) {
    auto sender = make();
    ASSERT_TRUE(sender.send(key('1', 0, TelephoneKey::longest)));
    EXPECT_TRUE(sender.next(160));
    EXPECT_TRUE(sender.next(320));
    sender.release(400);
    EXPECT_EQ(words(rest_of(sender)), "400:0+400E 560:0+400E 720:0+400E");
    sender.release(100);
    EXPECT_FALSE(sender.due());
}

TEST(TelephoneEventSender, CannotTakeBackWhatItReported) {
    auto sender = make();
    ASSERT_TRUE(sender.send(key('1', 0, TelephoneKey::longest)));
    EXPECT_TRUE(sender.next(160));
    EXPECT_TRUE(sender.next(320));
    sender.release(200);
    EXPECT_EQ(words(rest_of(sender)), "320:0+320E 480:0+320E 640:0+320E");
}

TEST(TelephoneEventSender, KeepsAnEndThatIsOut) {
    auto sender = make();
    ASSERT_TRUE(sender.send(key('1', 0, 320)));
    EXPECT_TRUE(sender.next(320));
    EXPECT_TRUE(sender.next(320));
    sender.release(200);
    EXPECT_EQ(words(rest_of(sender)), "480:0+320E 640:0+320E");
}

TEST(TelephoneEventSender, ReportsNoDurationOfZeroWhenReleasedAtASegmentsEnd) {
    auto sender = make();
    ASSERT_TRUE(sender.send(key('1', 0, TelephoneKey::longest)));
    while (sender.next(0xFFFF)) {
    }
    sender.release(0xFFFF);
    EXPECT_EQ(words(rest_of(sender)), "65536:65535+1E 65696:65535+1E 65856:65535+1E");
}

TEST(TelephoneEventSender, ReleasesTheKeyThatWaits) {
    auto sender = make();
    ASSERT_TRUE(sender.send(key('1', 0, 160)));
    ASSERT_TRUE(sender.send(key('2', 1000, 1600)));
    sender.release(500); // before it begins: then it is as short as possible
    EXPECT_EQ(words(rest_of(sender)),
              "80:0+80M 160:0+160E 320:0+160E 480:0+160E 1001:1000+1M 1001:1000+1E 1161:1000+1E "
              "1321:1000+1E");
}

TEST(TelephoneEventSender, RefusesWhatIsOutOfRange) {
    auto sender = make();
    EXPECT_FALSE(sender.send(key('1', 0, 0)));
    EXPECT_FALSE(sender.send(key('1', 0, -1)));
    EXPECT_FALSE(sender.send(key('1', 0, TelephoneKey::longest + 1)));
    EXPECT_FALSE(sender.send(key('1', std::numeric_limits<SampleIndex>::max(), 160)));
    EXPECT_FALSE(sender.send(key('1', std::numeric_limits<SampleIndex>::min(), 160)));
    EXPECT_FALSE(sender.due());
    for (const double packet_ms : {-1.0, 0.0, 4.9, 50.1, std::numeric_limits<double>::quiet_NaN()}) {
        const auto none = TelephoneEventSender::create(SampleRate::narrowband(), Milliseconds{packet_ms});
        ASSERT_FALSE(none) << packet_ms;
        EXPECT_EQ(text(none.error()), "the packet time must be 5 to 50 ms");
    }
    EXPECT_TRUE(TelephoneEventSender::create(SampleRate::narrowband(), 5_ms));
    EXPECT_TRUE(TelephoneEventSender::create(SampleRate::narrowband(), 50_ms));
}

// A digit string goes out as packets at the times at which the generator sends its tones.
TEST(TelephoneEventSender, SendsWhatTheGeneratorSounds) {
    const auto generator =
        DtmfGenerator::create(*DigitString::parse("11w#"), {}, SampleRate::narrowband()).value();
    auto sender = make();
    std::string sent;
    generator.for_each_tone([&](const DtmfGenerator::Tone& tone) {
        ASSERT_TRUE(sender.send({tone.key, tone.begin, tone.end - tone.begin}));
        for (const auto& [at, packet] : rest_of(sender)) {
            sent += packet.marker ? std::to_string(packet.timestamp) + ":" +
                                        Key::from_event_code(packet.event.code)->character() + " "
                                  : "";
        }
    });
    EXPECT_EQ(sent, "0:1 1600:1 6400:# ");
}

} // namespace
} // namespace keytone
