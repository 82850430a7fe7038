// SPDX-License-Identifier: MIT
//
// From sender to receiver through networks that lose, reorder and duplicate packets at random: each key of
// which any packet came before the next key is reported exactly once, in order.
#include "dsp/events/telephone_event_receiver.hpp"
#include "dsp/events/telephone_event_sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <random>
#include <string>
#include <vector>

namespace keytone {
namespace {

/// What the network does, and how far the sender keeps to the rules.
struct Network {
    const char* name;
    double lost = 0.0;
    double next_lost = 0.0; ///< Probability after a lost packet: losses come in bursts.
    double doubled = 0.0;
    double most_delay_ms = 0.0;
    enum class Sender : std::uint8_t {
        keeps_rules,
        no_marker,
        moves_timestamp,            ///< Also in the repeated ends.
        moves_timestamp_and_counts, ///< In the repeated ends, the duration goes on counting as well.
        moves_ends,      ///< Updates keep the timestamp; the three ends advance from the key's end.
        one_timestamp,   ///< The same timestamp for all keys.
        sets_clock_back, ///< The clock is set back by up to 3 s, between any two keys.
    } sender = Sender::keeps_rules;
    bool numbered = false; ///< The receiver gets sequence numbers; audio packets between keys have some.
};

std::ostream& operator<<(std::ostream& out, const Network& network) {
    return out << network.name;
}

struct Packet {
    std::size_t key; // which press
    RtpSequence sequence;
    double sent_ms;
    double arrives_ms;
    TelephoneEventPacket content;
};

class Through : public testing::TestWithParam<Network> {
  protected:
    double uniform(double from, double to) { return std::uniform_real_distribution(from, to)(random_); }
    bool happens(double probability) { return uniform(0.0, 1.0) < probability; }
    template <class T>
    T one_of(std::initializer_list<T> choices) {
        return choices.begin()[std::uniform_int_distribution<std::size_t>(0, choices.size() - 1)(random_)];
    }

    [[nodiscard]] static bool moves() {
        return GetParam().sender == Network::Sender::moves_timestamp ||
               GetParam().sender == Network::Sender::moves_timestamp_and_counts;
    }

    /// Presses of only two keys, so that one often follows itself. Where the timestamp advances, keys are
    /// longer: an end of a shorter press, coming first, would look like a repeat of the last press's end.
    std::vector<TelephoneKey> presses(SampleRate clock) {
        std::vector<TelephoneKey> keys;
        SampleIndex at = 0;
        for (int i = 0; i < 40; ++i) {
            const SampleCount tone = clock.samples(Milliseconds{uniform(moves() ? 80.0 : 40.0, 300.0)});
            keys.push_back({Key::at(0, one_of({0U, 1U})), at, tone});
            at += tone + clock.samples(Milliseconds{uniform(60.0, 300.0)});
        }
        return keys;
    }

    std::vector<Packet> send(const std::vector<TelephoneKey>& keys, SampleRate clock,
                             Milliseconds packet_time, RtpTimestamp first) {
        using Sender = Network::Sender;
        const Sender kind = GetParam().sender;
        auto sender = TelephoneEventSender::create(clock, packet_time, first).value();
        std::vector<Packet> packets;
        auto sequence = static_cast<RtpSequence>(random_());
        RtpTimestamp set_back = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            EXPECT_TRUE(sender.send(keys[i]));
            sequence = static_cast<RtpSequence>(sequence + one_of({0, 3, 15})); // audio between, or none
            set_back += static_cast<RtpTimestamp>(clock.samples(Milliseconds{uniform(0.0, 3000.0)}));
            RtpTimestamp moved = 0;
            int ends = 0;
            while (const auto due = sender.due()) {
                TelephoneEventPacket packet = *sender.next(*due);
                packet.marker = packet.marker && kind != Sender::no_marker;
                if (moves()) {
                    packet.timestamp += moved;
                    ends += packet.event.end ? 1 : 0;
                    if (kind == Sender::moves_timestamp_and_counts && ends > 1) {
                        packet.event.duration = static_cast<std::uint16_t>(
                            packet.event.duration + (ends - 1) * clock.samples(packet_time));
                    }
                    moved += static_cast<RtpTimestamp>(clock.samples(packet_time));
                }
                if (kind == Sender::one_timestamp) {
                    packet.timestamp = first;
                } else if (kind == Sender::sets_clock_back) {
                    packet.timestamp -= set_back;
                } else if (kind == Sender::moves_ends && packet.event.end) {
                    packet.timestamp += packet.event.duration + moved;
                    moved += static_cast<RtpTimestamp>(clock.samples(packet_time));
                }
                packets.push_back({i, ++sequence, 1000.0 * clock.seconds(*due), 0.0, packet});
            }
        }
        return packets;
    }

    std::vector<Packet> carry(const std::vector<Packet>& sent) {
        const Network& network = GetParam();
        std::vector<Packet> arrived;
        bool lost = false;
        for (Packet packet : sent) {
            lost = happens(lost ? network.next_lost : network.lost);
            for (int copies = lost ? 0 : happens(network.doubled) ? 2 : 1; copies > 0; --copies) {
                packet.arrives_ms = packet.sent_ms + uniform(0.0, network.most_delay_ms);
                arrived.push_back(packet);
            }
        }
        std::ranges::stable_sort(arrived, {}, &Packet::arrives_ms);
        return arrived;
    }

    std::mt19937_64 random_{4733};
};

TEST_P(Through, EachKeyIsReportedOnce) {
    int keys_sent = 0;
    int keys_expected = 0;
    for (int round = 0; round < 300; ++round) {
        SCOPED_TRACE(round);
        const SampleRate clock = *SampleRate::from_hz(one_of({8000, 16000, 48000}));
        const Milliseconds packet_time{one_of({10.0, 20.0, 30.0})};
        const auto first = static_cast<RtpTimestamp>(random_());
        const auto keys = presses(clock);
        const auto arrived = carry(send(keys, clock, packet_time, first));

        // What must be reported: a key of which a packet came before any packet of a later key.
        std::vector<std::size_t> expected;
        for (const Packet& packet : arrived) {
            if (expected.empty() || packet.key > expected.back()) {
                expected.push_back(packet.key);
            }
        }

        std::vector<KeyReport> reports;
        const auto note = [&](const KeyReport& report) { reports.push_back(report); };
        TelephoneEventReceiver receiver(clock);
        for (const Packet& packet : arrived) {
            const TelephoneEventPacket& content = packet.content;
            if (GetParam().numbered) {
                receiver.receive(packet.sequence, content.timestamp, content.marker, pack(content.event),
                                 note);
                continue;
            }
            receiver.receive(content.timestamp, content.marker, pack(content.event), note);
            // The playout, which is as far behind as packets may be late.
            const double playout_ms = packet.arrives_ms - GetParam().most_delay_ms;
            receiver.advance(first + static_cast<RtpTimestamp>(clock.samples(Milliseconds{playout_ms})),
                             note);
        }
        receiver.finish(note);

        std::string wanted;
        for (const std::size_t key : expected) {
            wanted += keys[key].key.character();
        }
        std::string heard;
        for (std::size_t i = 0; i < reports.size(); ++i) {
            ASSERT_EQ(reports[i].kind, i % 2 == 0 ? KeyReport::Kind::begin : KeyReport::Kind::end);
            heard += i % 2 == 0 ? std::string(1, reports[i].key.character()) : "";
        }
        ASSERT_EQ(reports.size() % 2, 0U);
        ASSERT_EQ(heard, wanted);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const TelephoneKey& key = keys[expected[i]];
            const KeyReport& over = reports[2 * i + 1];
            ASSERT_EQ(over.onset, reports[2 * i].onset);
            if (GetParam().sender <= Network::Sender::no_marker) {
                ASSERT_EQ(over.onset, first + static_cast<RtpTimestamp>(key.onset));
                ASSERT_TRUE(over.duration == key.duration ||
                            (over.end_inferred && over.duration < key.duration))
                    << over.duration << " of " << key.duration;
            }
        }
        keys_sent += static_cast<int>(keys.size());
        keys_expected += static_cast<int>(expected.size());
    }
    RecordProperty("sent", keys_sent);
    RecordProperty("expected", keys_expected);
    EXPECT_GT(keys_expected, keys_sent * 4 / 5) << "or the test is about too few";
}

using Sender = Network::Sender;
INSTANTIATE_TEST_SUITE_P(
    Networks, Through,
    testing::Values(Network{"clean"}, Network{"loses10Percent", 0.1, 0.1},
                    Network{"loses30Percent", 0.3, 0.3}, Network{"losesHalf", 0.5, 0.5},
                    Network{"losesInBursts", 0.05, 0.8}, Network{"doubles", 0, 0, 0.5},
                    Network{"reorders50Ms", 0, 0, 0, 50}, Network{"reorders150Ms", 0, 0, 0, 150},
                    Network{"all", 0.2, 0.5, 0.2, 100},
                    Network{"noMarker", 0.2, 0.5, 0.2, 100, Sender::no_marker},
                    Network{"moves", 0, 0, 0.2, 0, Sender::moves_timestamp},
                    Network{"movesAndLoses", 0.1, 0.1, 0.2, 0, Sender::moves_timestamp},
                    Network{"movesAndReorders", 0, 0, 0.2, 50, Sender::moves_timestamp},
                    Network{"movesAndCounts", 0.1, 0.1, 0.2, 50, Sender::moves_timestamp_and_counts},
                    Network{"endsMove", 0, 0, 0.5, 0, Sender::moves_ends},
                    Network{"numbered", 0.2, 0.5, 0.2, 100, Sender::keeps_rules, true},
                    Network{"numberedWithoutMarker", 0.2, 0.5, 0.2, 100, Sender::no_marker, true},
                    Network{"numberedAndMoves", 0.1, 0.1, 0.2, 50, Sender::moves_timestamp, true},
                    Network{"numberedEndsMove", 0, 0, 0.2, 0, Sender::moves_ends, true},
                    Network{"numberedOneTimestamp", 0, 0, 0.2, 15, Sender::one_timestamp, true},
                    Network{"numberedSetsClockBack", 0.02, 0.02, 0.2, 0, Sender::sets_clock_back, true}),
    [](const testing::TestParamInfo<Network>& network) { return std::string(network.param.name); });

// A key of a minute is one key, although a tenth of its packets is lost.
TEST(ThroughANetwork, ALongKeyIsOne) {
    std::mt19937_64 random(1);
    for (const int rate_hz : {8000, 16000, 48000}) {
        const SampleRate clock = *SampleRate::from_hz(rate_hz);
        auto sender = TelephoneEventSender::create(clock).value();
        const TelephoneKey key{*Key::from_character('#'), 0, clock.samples(Milliseconds{61'234})};
        ASSERT_TRUE(sender.send(key));
        TelephoneEventReceiver receiver(clock);
        std::vector<KeyReport> reports;
        const auto note = [&](const KeyReport& report) { reports.push_back(report); };
        while (const auto due = sender.due()) {
            const auto packet = *sender.next(*due);
            receiver.advance(static_cast<RtpTimestamp>(*due), note);
            if (std::uniform_int_distribution(0, 9)(random) >= 1 || packet.event.end) {
                receiver.receive(packet.timestamp, packet.marker, pack(packet.event), note);
            }
        }
        ASSERT_EQ(reports.size(), 2U) << rate_hz;
        EXPECT_EQ(reports[1].onset, 0U);
        EXPECT_EQ(reports[1].duration, key.duration);
        EXPECT_FALSE(reports[1].end_inferred);
    }
}

} // namespace
} // namespace keytone
