// SPDX-License-Identifier: MIT
#include "dsp/telephone_event_receiver.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace keytone {
namespace {

constexpr bool end = true;
constexpr bool marker = true;

/// A receiver at 8 kHz, and what it reported: `[5@1000` begins the key 5, `]+800` ends it, `?` when no packet
/// said so.
class Line {
  public:
    explicit Line(const TelephoneEventLimits& limits = {}) : receiver_(SampleRate::narrowband(), limits) {}

    Line& packet(RtpTimestamp timestamp, char key, int duration, bool is_end = false,
                 bool is_marker = false) {
        return packet(
            timestamp,
            {{Key::from_character(key)->event_code(), is_end, 10, static_cast<std::uint16_t>(duration)}},
            is_marker);
    }
    Line& packet(RtpTimestamp timestamp, const std::vector<TelephoneEvent>& events, bool is_marker = false) {
        std::vector<std::uint8_t> payload;
        for (const TelephoneEvent& event : events) {
            const auto bytes = pack(event);
            payload.insert(payload.end(), bytes.begin(), bytes.end());
        }
        return bytes(timestamp, payload, is_marker);
    }
    Line& bytes(RtpTimestamp timestamp, const std::vector<std::uint8_t>& payload, bool is_marker = false) {
        receiver_.receive(timestamp, is_marker, payload, sink_);
        return *this;
    }
    Line& now(RtpTimestamp timestamp) {
        receiver_.advance(timestamp, sink_);
        return *this;
    }
    Line& finish() {
        receiver_.finish(sink_);
        return *this;
    }
    TelephoneEventReceiver& receiver() { return receiver_; }
    [[nodiscard]] const std::string& heard() const { return heard_; }
    [[nodiscard]] const std::vector<KeyReport>& reports() const { return reports_; }
    [[nodiscard]] const TelephoneEventsIgnored& ignored() const { return receiver_.ignored(); }

  private:
    void report(const KeyReport& report) {
        reports_.push_back(report);
        if (report.kind == KeyReport::Kind::begin) {
            heard_ += std::string("[") + report.key.character() + "@" + std::to_string(report.onset);
        } else {
            heard_ += "]+" + std::to_string(report.duration) + (report.end_inferred ? "?" : "");
        }
    }

    struct Reporter {
        Line* line;
        void operator()(const KeyReport& report) const { line->report(report); }
    };
    TelephoneEventReceiver receiver_;
    std::string heard_;
    std::vector<KeyReport> reports_;
    Reporter reporter_{this};
    TelephoneEventReceiver::Sink sink_{reporter_};
};

TEST(TelephoneEventReceiver, ReportsAKeysBeginAndEnd) {
    Line line;
    line.packet(1000, '5', 160, !end, marker);
    EXPECT_EQ(line.heard(), "[5@1000");
    line.packet(1000, '5', 320).packet(1000, '5', 400, end).packet(1000, '5', 400, end);
    line.packet(1000, '5', 400, end);
    EXPECT_EQ(line.heard(), "[5@1000]+400");
    EXPECT_EQ(line.ignored(), TelephoneEventsIgnored{});
    ASSERT_EQ(line.reports().size(), 2U);
    EXPECT_EQ(line.reports()[0], (KeyReport{KeyReport::Kind::begin, KeyReport::Source::telephone_event,
                                            *Key::from_character('5'), 1000, 0, Dbm0{-10}, false}));
    EXPECT_EQ(line.reports()[1], (KeyReport{KeyReport::Kind::end, KeyReport::Source::telephone_event,
                                            *Key::from_character('5'), 1000, 400, Dbm0{-10}, false}));
}

TEST(TelephoneEventReceiver, KnowsEveryKey) {
    Line line;
    std::string expected;
    RtpTimestamp at = 0;
    for (const char key : std::string("0123456789*#ABCD")) {
        line.packet(at, key, 400, end, marker);
        expected += std::string("[") + key + "@" + std::to_string(at) + "]+400";
        at += 800;
    }
    EXPECT_EQ(line.heard(), expected);
}

// Each packet of a key alone tells of it.
TEST(TelephoneEventReceiver, NeedsOnePacketOnly) {
    EXPECT_EQ(Line().packet(1000, '5', 160, !end, marker).now(2361).heard(), "[5@1000]+160?");
    EXPECT_EQ(Line().packet(1000, '5', 320).now(2521).heard(), "[5@1000]+320?");
    EXPECT_EQ(Line().packet(1000, '5', 400, end).heard(), "[5@1000]+400");
}

TEST(TelephoneEventReceiver, TellsTwoPressesOfOneKeyApart) {
    // The shortest that there are, 40 ms with 40 ms between; whatever is lost of them.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(0, '5', 320, end)
                  .packet(640, '5', 160, !end, marker)
                  .packet(640, '5', 320, end)
                  .heard(),
              "[5@0]+320[5@640]+320");
    EXPECT_EQ(Line().packet(0, '5', 160).packet(0, '5', 320, end).packet(640, '5', 320, end).heard(),
              "[5@0]+320[5@640]+320")
        << "the second one's first packet lost";
    EXPECT_EQ(
        Line().packet(0, '5', 160).packet(640, '5', 160, !end, marker).packet(640, '5', 320, end).heard(),
        "[5@0]+160?[5@640]+320")
        << "the first one's ends lost";
    EXPECT_EQ(Line().packet(0, '5', 160).packet(640, '5', 320, end).heard(), "[5@0]+160?[5@640]+320");
    EXPECT_EQ(Line().packet(0, '5', 320, end).packet(640, '5', 320, end).heard(), "[5@0]+320[5@640]+320");
    // The first one's repeated end comes after the second one's beginning.
    EXPECT_EQ(Line()
                  .packet(0, '5', 320, end)
                  .packet(640, '5', 160)
                  .packet(0, '5', 320, end)
                  .packet(640, '5', 320, end)
                  .heard(),
              "[5@0]+320[5@640]+320");
}

TEST(TelephoneEventReceiver, EndsAKeyWhenAnotherBegins) {
    EXPECT_EQ(Line()
                  .packet(0, '5', 160)
                  .packet(0, '5', 320)
                  .packet(900, '6', 160)
                  .packet(0, '5', 480, end)
                  .packet(900, '6', 240, end)
                  .heard(),
              "[5@0]+320?[6@900]+240");
}

TEST(TelephoneEventReceiver, TakesReorderedPacketsForWhatTheyAre) {
    // Of one key, any order: all of them have one timestamp.
    EXPECT_EQ(Line()
                  .packet(0, '5', 320)
                  .packet(0, '5', 160, !end, marker)
                  .packet(0, '5', 480, end)
                  .packet(0, '5', 400)
                  .heard(),
              "[5@0]+480");
    // A key all of which was overtaken by the next one's first packet would be a digit out of place.
    Line line;
    line.packet(900, '6', 160).packet(0, '5', 320, end).packet(900, '6', 240, end);
    EXPECT_EQ(line.heard(), "[6@900]+240");
    EXPECT_EQ(line.ignored().overtaken, 1U);
}

TEST(TelephoneEventReceiver, BeginsAnewWithASenderThatDoes) {
    EXPECT_EQ(Line().packet(900'000, '5', 320, end).packet(1000, '6', 320, end).heard(),
              "[5@900000]+320[6@1000]+320");
    EXPECT_EQ(Line().packet(900'000, '5', 320, end).packet(3'000'000'000, '6', 320, end).heard(),
              "[5@900000]+320[6@3000000000]+320");
}

TEST(TelephoneEventReceiver, GoesThroughTheWrapOfTheTimestamp) {
    EXPECT_EQ(Line()
                  .packet(0xFFFF'FF80, '5', 160)
                  .packet(0xFFFF'FF80, '5', 320, end)
                  .packet(0x280, '5', 320, end)
                  .packet(0xFFFF'FF80, '5', 320, end)
                  .heard(),
              "[5@4294967168]+320[5@640]+320");
}

// RFC 4733, 2.5.1.3.
TEST(TelephoneEventReceiver, JoinsTheSegmentsOfALongKey) {
    EXPECT_EQ(Line()
                  .packet(0, '5', 65440, !end, marker)
                  .packet(0, '5', 65535)
                  .packet(65535, '5', 65)
                  .packet(65535, '5', 65535)
                  .packet(131070, '5', 100)
                  .packet(131070, '5', 420, end)
                  .packet(131070, '5', 420, end)
                  .heard(),
              "[5@0]+131490");
    // Nothing of the border came but the segment behind it.
    EXPECT_EQ(Line().packet(0, '5', 64000).packet(65535, '5', 800, end).heard(), "[5@0]+66335");
    EXPECT_EQ(Line().packet(0, '5', 160).packet(65535, '5', 800, end).heard(), "[5@0]+66335");
    EXPECT_EQ(Line().packet(0, '5', 160).packet(131070, '5', 800, end).heard(), "[5@0]+131870");
    // A full segment's report that comes late does not begin it again.
    EXPECT_EQ(Line()
                  .packet(0, '5', 65440)
                  .packet(65535, '5', 65)
                  .packet(0, '5', 65535)
                  .packet(65535, '5', 800, end)
                  .heard(),
              "[5@0]+66335");
    // Segments of another length, as some send them: they follow each other all the same.
    EXPECT_EQ(Line().packet(0, '5', 48000).packet(48000, '5', 160).packet(48000, '5', 800, end).heard(),
              "[5@0]+48800");
}

TEST(TelephoneEventReceiver, EndsAKeyWhoseEndWasLostByTheStreamsClock) {
    Line line;
    line.packet(1000, '5', 160).packet(1000, '5', 320).now(1320).now(2520);
    EXPECT_EQ(line.heard(), "[5@1000") << "150 ms after the last that was heard of it, not yet";
    line.now(2521);
    EXPECT_EQ(line.heard(), "[5@1000]+320?");
    line.packet(1000, '5', 2000).packet(1000, '5', 2400, end).packet(1000, '5', 2400, end).now(90'000);
    EXPECT_EQ(line.heard(), "[5@1000]+320?") << "what comes of it after all is no second key";
    line.packet(10'000, '5', 160, !end, marker).finish();
    EXPECT_EQ(line.heard(), "[5@1000]+320?[5@10000]+160?");
}

TEST(TelephoneEventReceiver, TakesItsTimeoutFromItsLimits) {
    EXPECT_EQ(Line({.lost_end = 0_ms}).packet(0, '5', 160).now(160).now(161).heard(), "[5@0]+160?");
    EXPECT_EQ(Line({.lost_end = Milliseconds{-1e300}}).packet(0, '5', 160).now(161).heard(), "[5@0]+160?");
    const double infinite = std::numeric_limits<double>::infinity();
    EXPECT_EQ(Line({.lost_end = Milliseconds{infinite}}).packet(0, '5', 160).now(480'160).heard(), "[5@0");
    EXPECT_EQ(Line({.lost_end = Milliseconds{infinite}}).packet(0, '5', 160).now(480'161).heard(),
              "[5@0]+160?");
}

// Senders that move the timestamp with each packet, against 2.2.1.
TEST(TelephoneEventReceiver, FollowsAMovingTimestamp) {
    // The duration counts from the beginning.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 320)
                  .packet(320, '5', 480)
                  .packet(480, '5', 640, end)
                  .packet(640, '5', 640, end)
                  .packet(800, '5', 640, end)
                  .now(99'999)
                  .heard(),
              "[5@0]+640");
    // It goes on counting in the repeated ends, or the timestamp stops there.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 320)
                  .packet(320, '5', 480, end)
                  .packet(480, '5', 640, end)
                  .packet(640, '5', 800, end)
                  .heard(),
              "[5@0]+480");
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 320)
                  .packet(320, '5', 480, end)
                  .packet(320, '5', 480, end)
                  .packet(320, '5', 480, end)
                  .heard(),
              "[5@0]+480");
    // Every packet is marked.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 320, !end, marker)
                  .packet(320, '5', 480, end, marker)
                  .heard(),
              "[5@0]+480");
    // The duration is each packet's own.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 160)
                  .packet(320, '5', 160)
                  .packet(480, '5', 160, end)
                  .heard(),
              "[5@0]+640");
    // Packets are lost, or come in another order.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(480, '5', 640)
                  .packet(800, '5', 960, end)
                  .packet(960, '5', 960, end)
                  .heard(),
              "[5@0]+960");
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(320, '5', 480)
                  .packet(160, '5', 320)
                  .packet(480, '5', 640, end)
                  .packet(320, '5', 480)
                  .heard(),
              "[5@0]+640");
    // The same key again, with its marker and without.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 320, end)
                  .packet(320, '5', 320, end)
                  .packet(640, '5', 160, !end, marker)
                  .packet(800, '5', 320, end)
                  .heard(),
              "[5@0]+320[5@640]+320");
    EXPECT_EQ(Line()
                  .packet(0, '5', 160)
                  .packet(160, '5', 320, end)
                  .packet(640, '5', 160)
                  .packet(800, '5', 320, end)
                  .heard(),
              "[5@0]+320[5@640]+320");
    // Its end is lost: when it was over is known by its duration, not by how far the timestamp moved beyond.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 320)
                  .packet(320, '5', 480)
                  .now(1681)
                  .heard(),
              "[5@0]+480?");
}

TEST(TelephoneEventReceiver, IgnoresAndCountsWhatIsNoKey) {
    Line line;
    line.packet(0, {{16, false, 0, 160}}).packet(0, {{16, true, 0, 800}}).packet(5, {{255, true, 0, 1}});
    line.packet(1000, {{5, false, 10, 0}}).packet(1000, {{5, true, 10, 0}}); // 2.3.5
    line.bytes(0, {}).bytes(0, {5, 10, 0}).bytes(0, {5, 10, 0, 160, 1});
    line.bytes(0, std::vector<std::uint8_t>(132, 1)).bytes(0, std::vector<std::uint8_t>(70'000, 1));
    EXPECT_EQ(line.heard(), "");
    EXPECT_EQ(line.ignored(), (TelephoneEventsIgnored{5, 3, 2, 0}));
    line.packet(2000, '5', 160).packet(2100, {{16, false, 0, 160}}).packet(2000, '5', 400, end);
    EXPECT_EQ(line.heard(), "[5@2000]+400") << "a flash between does not end a key";
    line.receiver().reset();
    EXPECT_EQ(line.ignored(), TelephoneEventsIgnored{});
}

// RFC 4733, 2.5.1.5: each event begins where the one before it in the packet ended.
TEST(TelephoneEventReceiver, ReadsSeveralEventsInAPacket) {
    Line line;
    const std::vector<TelephoneEvent> events{{1, true, 10, 400}, {1, true, 10, 800}, {3, false, 10, 240}};
    line.packet(1000, events, marker).packet(1000, events, marker).packet(2200, '3', 480, end);
    EXPECT_EQ(line.heard(), "[1@1000]+400[1@1400]+800[3@2200]+480");
    // A flash between two keys takes its time.
    EXPECT_EQ(Line().packet(0, {{1, true, 10, 400}, {16, true, 0, 800}, {2, true, 10, 400}}).heard(),
              "[1@0]+400[2@1200]+400");
}

TEST(TelephoneEventReceiver, IsFreshAfterReset) {
    Line line;
    line.packet(1000, '5', 160);
    line.receiver().reset();
    line.finish().packet(1000, '5', 320, end);
    EXPECT_EQ(line.heard(), "[5@1000[5@1000]+320");
}

TEST(TelephoneEventReceiver, IsAPlainValue) {
    Line line;
    line.packet(1000, '5', 160);
    TelephoneEventReceiver copy = line.receiver();
    std::vector<KeyReport> reports;
    copy.finish([&](const KeyReport& report) { reports.push_back(report); });
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].duration, 160);
    line.packet(1000, '5', 400, end);
    EXPECT_EQ(line.heard(), "[5@1000]+400");
}

} // namespace
} // namespace keytone
