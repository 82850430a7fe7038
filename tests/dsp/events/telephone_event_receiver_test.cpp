// SPDX-License-Identifier: MIT
#include "dsp/events/telephone_event_receiver.hpp"

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

/// A receiver at 8 kHz, and what it reported: `[5@1000` begins the key 5, `]+800` ends it, with `?` when no
/// packet reported the end.
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
    /// The same with the sequence number of the packet's header.
    Line& numbered(RtpSequence sequence, RtpTimestamp timestamp, char key, int duration, bool is_end = false,
                   bool is_marker = false) {
        const auto payload =
            pack({Key::from_character(key)->event_code(), is_end, 10, static_cast<std::uint16_t>(duration)});
        receiver_.receive(sequence, timestamp, is_marker, payload, sink_);
        return *this;
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

// Each packet of a key suffices to report it.
TEST(TelephoneEventReceiver, NeedsOnePacketOnly) {
    EXPECT_EQ(Line().packet(1000, '5', 160, !end, marker).now(2361).heard(), "[5@1000]+160?");
    EXPECT_EQ(Line().packet(1000, '5', 320).now(2521).heard(), "[5@1000]+320?");
    EXPECT_EQ(Line().packet(1000, '5', 400, end).heard(), "[5@1000]+400");
}

TEST(TelephoneEventReceiver, TellsTwoPressesOfOneKeyApart) {
    // The shortest keys, 40 ms with 40 ms between; whichever of their packets are lost.
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
    // A repeated end of the first key comes after the beginning of the second one.
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
    // The packets of one key in any order: all of them have one timestamp.
    EXPECT_EQ(Line()
                  .packet(0, '5', 320)
                  .packet(0, '5', 160, !end, marker)
                  .packet(0, '5', 480, end)
                  .packet(0, '5', 400)
                  .heard(),
              "[5@0]+480");
    // If all packets of a key come after the next key's first packet, the key would be a digit out of place.
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
    // Nothing around the border arrived except the segment after it.
    EXPECT_EQ(Line().packet(0, '5', 64000).packet(65535, '5', 800, end).heard(), "[5@0]+66335");
    EXPECT_EQ(Line().packet(0, '5', 160).packet(65535, '5', 800, end).heard(), "[5@0]+66335");
    EXPECT_EQ(Line().packet(0, '5', 160).packet(131070, '5', 800, end).heard(), "[5@0]+131870");
    // A late report of a full segment does not begin it again.
    EXPECT_EQ(Line()
                  .packet(0, '5', 65440)
                  .packet(65535, '5', 65)
                  .packet(0, '5', 65535)
                  .packet(65535, '5', 800, end)
                  .heard(),
              "[5@0]+66335");
    // Segments of another length, as some senders use: they are joined as well.
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

// Senders that advance the timestamp with each packet, against 2.2.1.
TEST(TelephoneEventReceiver, FollowsAMovingTimestamp) {
    // The duration counts from the beginning of the key.
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
    // In the repeated ends the duration goes on counting, or the timestamp stops.
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
    // Every packet has a marker.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 320, !end, marker)
                  .packet(320, '5', 480, end, marker)
                  .heard(),
              "[5@0]+480");
    // The duration is that of each packet alone.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 160)
                  .packet(320, '5', 160)
                  .packet(480, '5', 160, end)
                  .heard(),
              "[5@0]+640");
    // Packets are lost, or reordered.
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
    // The same key again, with a marker and without.
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
    // Its end is lost: its duration tells when it was over, not how far the timestamp advanced beyond that.
    EXPECT_EQ(Line()
                  .packet(0, '5', 160, !end, marker)
                  .packet(160, '5', 320)
                  .packet(320, '5', 480)
                  .now(1681)
                  .heard(),
              "[5@0]+480?");
}

/// Where a sender puts the timestamps of the three ends of a key of 120 ms, whose updates have that of the
/// onset, and which durations it puts in them.
struct MovedEnds {
    const char* what;
    std::array<int, 3> at;
    std::array<int, 3> durations{960, 960, 960};
};

// Whatever the sender did before: kept the timestamp, advanced it, or sent nothing yet.
TEST(TelephoneEventReceiver, TakesEndsForTheKeysWhereverTheirTimestampIs) {
    const std::array<MovedEnds, 7> senders{
        {{"held", {0, 0, 0}},
         {"repeats move", {0, 160, 320}},
         {"all move, from the key's end", {960, 1120, 1280}},
         {"all are at its end", {960, 960, 960}},
         {"they count on", {0, 160, 320}, {960, 1120, 1280}},
         {"from its end, counting on", {960, 1120, 1280}, {960, 1120, 1280}},
         {"by 50 ms", {0, 400, 800}}}};
    const auto press = [](Line& line, RtpTimestamp onset, const MovedEnds& ends, bool marked,
                          bool ends_marked) {
        for (int duration = 160; duration < 960; duration += 160) {
            line.packet(onset, '5', duration, !end, marked && duration == 160);
        }
        for (std::size_t i = 0; i < 3; ++i) {
            line.packet(onset + static_cast<RtpTimestamp>(ends.at[i]), '5', ends.durations[i], end,
                        ends_marked);
        }
    };
    for (const MovedEnds& before : senders) {
        for (const MovedEnds& ends : senders) {
            for (const bool marked : {true, false}) {
                SCOPED_TRACE(testing::Message() << before.what << "; " << ends.what << "; " << marked);
                Line line;
                press(line, 10'000, before, marked, false);
                press(line, 13'200, ends, marked, false);
                press(line, 16'400, ends, marked, false);
                EXPECT_EQ(line.heard(), "[5@10000]+960[5@13200]+960[5@16400]+960");
                EXPECT_EQ(line.ignored(), TelephoneEventsIgnored{});
            }
        }
        Line line;
        press(line, 10'000, before, true, true);
        EXPECT_EQ(line.heard(), "[5@10000]+960") << before.what << ", each with a marker";
    }
    // After a sender that advances the timestamp of updates, too.
    Line line;
    line.packet(0, '5', 160, !end, marker).packet(160, '5', 320).packet(320, '5', 480, end);
    press(line, 13'200, senders[2], true, false);
    EXPECT_EQ(line.heard(), "[5@0]+480[5@13200]+960");
}

TEST(TelephoneEventReceiver, TakesAShortKeysMovedEndsForItsOwn) {
    for (const int packet_time : {80, 160, 240, 400}) {
        Line line;
        const auto step = static_cast<RtpTimestamp>(packet_time);
        line.packet(0, '5', 80, !end, marker).packet(0, '5', 160, end).packet(step, '5', 160, end);
        line.packet(2 * step, '5', 160, end);
        EXPECT_EQ(line.heard(), "[5@0]+160") << packet_time;
    }
    // Another press is further away.
    EXPECT_EQ(Line().packet(0, '5', 320, end).packet(640, '5', 320, end).packet(1280, '5', 320, end).heard(),
              "[5@0]+320[5@640]+320[5@1280]+320");
}

TEST(TelephoneEventReceiver, TellsPressesAtOneTimestampApart) {
    const auto press = [](Line& line, char digit, int packets, int ends) {
        for (int i = 1; i <= packets; ++i) {
            line.packet(5000, digit, 160 * i, !end, i == 1);
        }
        for (int i = 0; i < ends; ++i) {
            line.packet(5000, digit, 160 * (packets + 1), end);
        }
    };
    for (const int packets : {1, 2, 3, 8}) {
        Line line;
        for (const char digit : std::string("1122211")) {
            press(line, digit, packets, 3);
        }
        const std::string length = std::to_string(160 * (packets + 1));
        std::string expected;
        for (const char digit : std::string("1122211")) {
            expected += std::string("[") + digit + "@5000]+" + length;
        }
        EXPECT_EQ(line.heard(), expected) << packets;
    }
    // Only one end was seen: then it takes more updates.
    Line line;
    press(line, '7', 6, 1);
    press(line, '7', 6, 1);
    EXPECT_EQ(line.heard(), "[7@5000]+1120[7@5000]+1120");
    // The stream's clock has advanced.
    Line clock;
    press(clock, '7', 2, 3);
    clock.now(8000).packet(5000, '7', 160, !end, marker);
    EXPECT_EQ(clock.heard(), "[7@5000]+480[7@5000");
    // The first packet was late, or the network duplicated it and another one.
    Line late;
    late.packet(5000, '7', 320).packet(5000, '7', 480, end).packet(5000, '7', 480, end);
    late.packet(5000, '7', 480, end).packet(5000, '7', 160, !end, marker);
    EXPECT_EQ(late.heard(), "[7@5000]+480");
    Line doubled;
    press(doubled, '7', 2, 3);
    doubled.packet(5000, '7', 160, !end, marker).packet(5000, '7', 320).packet(5000, '7', 160, !end, marker);
    doubled.packet(5000, '7', 480, end);
    EXPECT_EQ(doubled.heard(), "[7@5000]+480");
}

TEST(TelephoneEventReceiver, BeginsAnewWhenTheStreamsClockWasSetBack) {
    Line line;
    line.packet(4320, '8', 160).packet(4320, '8', 480, end).now(8160).now(2000).packet(4320, '8', 480, end);
    line.packet(2160, '8', 160).packet(2160, '8', 480, end).packet(2160, '8', 480, end);
    EXPECT_EQ(line.heard(), "[8@4320]+480[8@2160]+480");
    EXPECT_EQ(line.ignored(), TelephoneEventsIgnored{});
    // Exactly onto the key.
    EXPECT_EQ(Line()
                  .packet(4320, '8', 160)
                  .packet(4320, '8', 480, end)
                  .now(8160)
                  .now(4000)
                  .packet(4320, '8', 160)
                  .packet(4320, '8', 480, end)
                  .heard(),
              "[8@4320]+480[8@4320]+480");
    // A key that sounded is over; audio packets that are reordered do not set the clock back.
    EXPECT_EQ(Line().packet(4320, '8', 160).now(4800).now(2000).packet(2160, '9', 160).heard(),
              "[8@4320]+160?[9@2160");
    EXPECT_EQ(Line()
                  .packet(4320, '8', 160)
                  .packet(5000, '9', 160)
                  .now(5160)
                  .now(4960)
                  .packet(4320, '8', 320, end)
                  .heard(),
              "[8@4320]+160?[9@5000");
}

TEST(TelephoneEventReceiver, TellsReorderingFromAClockSetBackByNumbers) {
    // Late: its number is older.
    Line late;
    late.numbered(20, 4320, '8', 160).numbered(21, 4320, '8', 480, end).numbered(15, 2160, '9', 480, end);
    EXPECT_EQ(late.heard(), "[8@4320]+480");
    EXPECT_EQ(late.ignored().overtaken, 1U);
    // Set back: its number is newer, by however little.
    for (const RtpTimestamp onset : {2160U, 4300U, 4320U, 4321U, 0U}) {
        for (const char digit : {'8', '9'}) {
            Line line;
            line.numbered(20, 4320, '8', 160)
                .numbered(21, 4320, '8', 480, end)
                .numbered(22, 4320, '8', 480, end);
            line.numbered(23, 4320, '8', 480, end)
                .numbered(40, onset, digit, 160)
                .numbered(41, onset, digit, 480, end);
            EXPECT_EQ(line.heard(),
                      std::string("[8@4320]+480[") + digit + "@" + std::to_string(onset) + "]+480");
            EXPECT_EQ(line.ignored(), TelephoneEventsIgnored{});
        }
    }
    // The sender was restarted, and its numbers too.
    EXPECT_EQ(Line().numbered(40'000, 900'000, '5', 320, end).numbered(7, 899'000, '5', 160).heard(),
              "[5@900000]+320[5@899000");
    // In half an hour of audio the numbers wrap.
    EXPECT_EQ(Line().numbered(40'000, 0, '5', 320, end).numbered(39'950, 14'400'000, '5', 160).heard(),
              "[5@0]+320[5@14400000");
    EXPECT_EQ(Line()
                  .numbered(0xFFFE, 0, '5', 160)
                  .numbered(0, 0, '5', 320, end)
                  .numbered(0xFFFF, 0, '5', 240)
                  .heard(),
              "[5@0]+320");
}

TEST(TelephoneEventReceiver, TakesEndsForTheKeysByTheirNumbers) {
    // The timestamp jumps anywhere, forward or back.
    for (const RtpTimestamp step : {160U, 3000U, 100'000U, 0U - 160U, 0U - 3000U, 0U - 100'000U}) {
        Line line;
        line.numbered(10, 200'000, '5', 160, !end, marker).numbered(11, 200'000, '5', 320);
        line.numbered(12, 200'000 + step, '5', 480, end).numbered(13, 200'000 + 2 * step, '5', 480, end);
        line.numbered(14, 200'000 + 3 * step, '5', 480, end);
        EXPECT_EQ(line.heard(), "[5@200000]+480") << step;
        line.numbered(15, 204'000, '5', 160, !end, marker).numbered(16, 204'000, '5', 480, end);
        EXPECT_EQ(line.heard(), "[5@200000]+480[5@204000]+480") << step;
    }
    // The shortest presses, of which only ends arrive.
    EXPECT_EQ(Line().numbered(2, 0, '5', 320, end).numbered(6, 640, '5', 320, end).heard(),
              "[5@0]+320[5@640]+320");
}

TEST(TelephoneEventReceiver, TellsPressesAtOneTimestampApartByTheirNumbers) {
    Line line;
    line.numbered(1, 50, '1', 160, !end, marker)
        .numbered(2, 50, '1', 320, end)
        .numbered(3, 50, '1', 320, end);
    line.numbered(5, 50, '1', 160, !end, marker);
    EXPECT_EQ(line.heard(), "[1@50]+320[1@50") << "at its first packet";
    line.numbered(4, 50, '1', 320, end);
    EXPECT_EQ(line.heard(), "[1@50]+320[1@50") << "the first press's end, late";
    line.numbered(6, 50, '1', 320, end).numbered(6, 50, '1', 320, end).numbered(7, 50, '1', 320, end);
    EXPECT_EQ(line.heard(), "[1@50]+320[1@50]+320");
    line.numbered(10, 50, '1', 160); // its marker was lost
    EXPECT_EQ(line.heard(), "[1@50]+320[1@50]+320[1@50");
    EXPECT_EQ(line.ignored(), TelephoneEventsIgnored{});
    // A duplicate of the first packet is no press.
    EXPECT_EQ(Line()
                  .numbered(1, 50, '1', 160, !end, marker)
                  .numbered(2, 50, '1', 320, end)
                  .numbered(1, 50, '1', 160, !end, marker)
                  .numbered(2, 50, '1', 320, end)
                  .heard(),
              "[1@50]+320");
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
    // A flash between two keys takes up its time.
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
