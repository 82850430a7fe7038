// SPDX-License-Identifier: MIT
//
// What a line sends comes back to another one, changed: each fault is seen.
#include "bench/live/line.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace keytone::bench {
namespace {

using Bytes = std::vector<std::uint8_t>;

const LoadSound& sound() {
    static const LoadSound made(G711Law::ulaw);
    return made;
}

struct Pair {
    explicit Pair(bool events)
        : near({.index = 3, .keys_as_events = events, .expected_packets = 1000}, sound()),
          far({.index = 4,
               .keys_come_as_events = events,
               .listens_for_tones = !events,
               .expected_packets = 1000},
              sound()) {}

    Line near;
    Line far;

    /// 16 s; `change` may change a packet, or say that it is lost.
    void run(const std::function<bool(std::size_t, Bytes&)>& change) {
        constexpr std::int64_t tick_ns = 20'000'000;
        std::size_t number = 0;
        for (std::int64_t tick = 0; tick < 800; ++tick) {
            near.tick(true, [&](std::span<const std::uint8_t> packet) {
                Bytes bytes(packet.begin(), packet.end());
                if (change(number++, bytes)) {
                    far.receive(bytes, tick * tick_ns + (tick == 500 ? 7'000'000 : 0));
                }
            });
        }
    }
};

class Keys : public testing::TestWithParam<bool> {};

TEST_P(Keys, AreHeardAsTheyWereSent) {
    Pair pair(GetParam());
    pair.run([](std::size_t, Bytes&) { return true; });
    EXPECT_EQ(pair.near.keys_sent().size(), 4U);
    EXPECT_EQ(pair.far.keys_heard(), pair.near.keys_sent());
    const LineCount& count = pair.far.count();
    EXPECT_EQ(count.received, pair.near.count().sent);
    EXPECT_EQ(count.lost + count.disordered + count.wrong_time + count.malformed, 0U);
    EXPECT_EQ(pair.far.events_at().size(), GetParam() ? 4U : 0U);
    const auto late = pair.far.lateness();
    EXPECT_FLOAT_EQ(std::ranges::max(late), 7.0F);
    EXPECT_EQ(std::ranges::count(late, 0.0F), std::ssize(late) - 1);
}

INSTANTIATE_TEST_SUITE_P(Line, Keys, testing::Bool());

TEST(Line, SeesWhatIsLostTwiceOrOutOfTurn) {
    Pair pair(true);
    pair.run([](std::size_t number, Bytes& bytes) {
        if (number == 20) {
            bytes[3] = static_cast<std::uint8_t>(bytes[3] - 5);
        }
        return number % 100 != 50;
    });
    EXPECT_EQ(pair.far.count().lost, 8U + 1U); // and the one whose number is another's
    EXPECT_EQ(pair.far.count().disordered, 1U);
}

TEST(Line, SeesWrongTimesAndWhatIsNoPacket) {
    Pair pair(true);
    pair.run([](std::size_t number, Bytes& bytes) {
        if (number == 20) {
            bytes[7] = static_cast<std::uint8_t>(bytes[7] + 1);
        } else if (number == 30) {
            bytes[0] = 0x40;
        } else if (number == 40) {
            bytes.resize(100);
        }
        return true;
    });
    EXPECT_EQ(pair.far.count().wrong_time, 2U); // and the step back
    EXPECT_EQ(pair.far.count().malformed, 2U);
}

TEST(Line, NotesWhenSoundsBegin) {
    Line line({.index = 0, .notes_sounds = true, .expected_packets = 1000}, sound());
    Bytes packet(172, 0xFF); // silence
    packet[0] = 0x80;
    packet[1] = 0;
    for (std::size_t i = 0; i < 100; ++i) {
        packet[3] = static_cast<std::uint8_t>(i);
        packet[6] = static_cast<std::uint8_t>((i * 160) >> 8U);
        packet[7] = static_cast<std::uint8_t>(i * 160);
        const bool is_loud = i == 20 || i == 21 || i == 25 || i == 60;
        std::fill(packet.begin() + 12, packet.end(), static_cast<std::uint8_t>(is_loud ? 0x10 : 0xFF));
        line.receive(packet, static_cast<std::int64_t>(i) * 20'000'000);
    }
    EXPECT_EQ(line.count().wrong_time + line.count().malformed, 0U);
    EXPECT_EQ(line.sounds_at(), (std::vector<std::int64_t>{400'000'000, 1'200'000'000}));
}

TEST(Line, SeesAKeyThatIsAnother) {
    Pair pair(true);
    pair.run([](std::size_t, Bytes& bytes) {
        if (bytes.size() == 16) {
            bytes[12] = static_cast<std::uint8_t>((bytes[12] + 1) % 10);
        }
        return true;
    });
    EXPECT_NE(pair.far.keys_heard(), pair.near.keys_sent());
}

} // namespace
} // namespace keytone::bench
