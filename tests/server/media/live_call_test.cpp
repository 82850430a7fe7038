// SPDX-License-Identifier: MIT
#include "server/media/live_call.hpp"
#include "server/media/tick_schedule.hpp"
#include "tests/support/live_party.hpp"
#include "tests/support/packet_network.hpp"
#include "tests/support/realtime_watch.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace keytone::server {
namespace {

using test::LiveParty;
using test::PacketNetwork;
using test::Underway;

/// Two parties on a network, tick by tick.
struct Conversation {
    PacketNetwork network;
    LiveParty near;
    LiveParty far;
    std::vector<Underway> seen; ///< All that was sent, if `watches`.
    bool watches = false;
    std::function<bool(Underway&)> rule; ///< What becomes of a datagram.

    explicit Conversation(const LiveCallOptions& options = {}) : near(options) {
        network.with = this;
        network.pass = [](Underway& datagram, void* with) {
            auto& self = *static_cast<Conversation*>(with);
            if (self.watches) {
                self.seen.push_back(datagram);
            }
            return !self.rule || self.rule(datagram);
        };
    }

    void open(bool events = true) {
        ASSERT_TRUE(near.open(far.address, events));
        ASSERT_TRUE(far.open(near.address, events));
    }
    void tick() {
        network.now += TickSchedule::tick;
        near.call->tick(network.now, network);
        far.call->tick(network.now, network);
    }
    void run(int ticks) {
        for (int i = 0; i < ticks; ++i) {
            tick();
            near.listen();
            far.listen();
        }
    }
};

TEST(LiveCall, KeysAsEventsAreHeardOnceAtTheirPitch) {
    Conversation talk;
    talk.watches = true;
    talk.open();
    talk.run(50);
    talk.near.press("1*0#55", "k");
    talk.run(200);
    EXPECT_EQ(talk.far.heard, "1*0#55");
    EXPECT_EQ(talk.near.heard, "");
    ASSERT_EQ(talk.far.reports.size(), 6U);
    for (std::size_t i = 0; i < 6; ++i) {
        const DigitHeard& key = talk.far.reports[i];
        EXPECT_EQ(key.end - key.begin, 1600);
        EXPECT_EQ(key.begin - talk.far.reports[0].begin, static_cast<SampleIndex>(i) * 2400);
    }
    EXPECT_TRUE(
        std::ranges::any_of(talk.seen, [](const Underway& packet) { return packet.payload_type() == 101; }));
}

TEST(LiveCall, KeysAsTonesAreHeardOnceBothWays) {
    Conversation talk;
    talk.watches = true;
    talk.open(false);
    talk.run(50);
    talk.near.press("1*0#55", "k");
    talk.far.press("789", "l");
    talk.run(200);
    EXPECT_EQ(talk.far.heard, "1*0#55");
    EXPECT_EQ(talk.near.heard, "789");
    EXPECT_TRUE(
        std::ranges::none_of(talk.seen, [](const Underway& packet) { return packet.payload_type() == 101; }));
}

// Event timestamps count from the leg's first sample, whenever its stream began.
TEST(LiveCall, AStreamThatIsOpenedLateHasTheLegsTimeline) {
    Conversation talk;
    talk.run(500);
    talk.watches = true;
    talk.open();
    talk.run(50);
    talk.near.press("123", "k");
    talk.run(100);
    EXPECT_EQ(talk.far.heard, "123");
    std::optional<std::uint32_t> audio;
    int events = 0;
    for (const Underway& packet : talk.seen) {
        if (packet.from != talk.near.address || packet.is_rtcp()) {
            continue;
        }
        if (packet.payload_type() == 0) {
            audio = packet.timestamp();
        } else {
            ASSERT_TRUE(audio);
            ++events;
            // As old as a key is long, at the most.
            EXPECT_LT(std::abs(rtp_distance(*audio, packet.timestamp())), 1920);
        }
    }
    EXPECT_GT(events, 20);
}

TEST(LiveCall, MediaFollowsWhereThreePacketsComeFrom) {
    Conversation talk;
    const auto translated = *SocketAddress::parse("198.51.100.7", 4321);
    // The far end stands behind a translator: its SDP names an address that cannot be reached.
    int to_told = 0;
    talk.rule = [&](Underway& datagram) {
        if (datagram.from == talk.far.address) {
            datagram.from = translated;
        } else if (datagram.to == translated) {
            datagram.to = talk.far.address;
        } else if (datagram.to == talk.far.address) {
            ++to_told;
            return false;
        }
        return true;
    };
    talk.open();
    talk.run(50);
    EXPECT_TRUE(talk.near.figures().locked);
    EXPECT_EQ(talk.near.figures().far, translated);
    EXPECT_EQ(to_told, 3); // before the third packet came
    EXPECT_EQ(talk.near.figures().foreign_source, 2U);
    talk.near.press("42", "k");
    talk.run(100);
    EXPECT_EQ(talk.far.heard, "42");
}

SrtpKeys keys(std::uint8_t own, std::uint8_t far) {
    SrtpKeys made;
    made.own.bytes.fill(own);
    made.far.bytes.fill(far);
    return made;
}

/// Both parties with keys that fit.
void open_secured(Conversation& talk) {
    auto parameters = talk.near.towards(talk.far.address);
    parameters.srtp = keys(1, 2);
    ASSERT_TRUE(talk.near.call->open_stream(Leg::a, *std::move(talk.near.port), parameters));
    parameters = talk.far.towards(talk.near.address);
    parameters.srtp = keys(2, 1);
    ASSERT_TRUE(talk.far.call->open_stream(Leg::a, *std::move(talk.far.port), parameters));
}

TEST(LiveCall, EncryptedKeysAreHeardAndForgedPacketsAreCounted) {
    Conversation talk;
    int packets = 0;
    std::vector<Underway> again;
    talk.rule = [&](Underway& datagram) {
        if (datagram.to == talk.far.address && datagram.payload_type() == 0 && ++packets > 100 &&
            packets <= 110) {
            again.push_back(datagram);
        } else if (datagram.to == talk.far.address && packets > 110 && packets <= 113) {
            datagram.bytes[20] ^= 1U;
        }
        return true;
    };
    open_secured(talk);
    talk.run(50);
    EXPECT_TRUE(talk.near.figures().secured);
    EXPECT_TRUE(talk.far.figures().secured);
    EXPECT_TRUE(talk.far.figures().locked);
    talk.near.press("1*0#55", "k");
    talk.run(200);
    EXPECT_EQ(talk.far.heard, "1*0#55");
    EXPECT_GT(talk.far.figures().tampered, 0U);
    EXPECT_LE(talk.far.figures().tampered, 3U);
    ASSERT_EQ(again.size(), 10U);
    for (Underway& datagram : again) {
        datagram.sent = talk.network.now;
        talk.network.put(datagram);
    }
    const auto packets_in = talk.far.figures().packets_in;
    talk.run(1);
    EXPECT_EQ(talk.far.figures().replayed, 10U);
    EXPECT_LE(talk.far.figures().packets_in, packets_in + 1);
}

TEST(LiveCall, WhatIsInClearIsNotHeardWhereKeysWereAgreed) {
    Conversation talk;
    auto parameters = talk.near.towards(talk.far.address);
    parameters.srtp = keys(1, 2);
    ASSERT_TRUE(talk.near.call->open_stream(Leg::a, *std::move(talk.near.port), parameters));
    ASSERT_TRUE(talk.far.open(talk.near.address));
    talk.far.press("42", "k");
    talk.run(200);
    EXPECT_EQ(talk.near.heard, "");
    EXPECT_EQ(talk.near.figures().packets_in, 0U);
    EXPECT_GT(talk.near.figures().tampered, 100U);
    EXPECT_FALSE(talk.near.figures().locked);
    // Nor does another description bring it back to clear.
    parameters.srtp.reset();
    EXPECT_FALSE(talk.near.call->change_stream(Leg::a, parameters));
}

TEST(LiveCall, NewKeysAreTakenAndOldOnesGoOn) {
    Conversation talk;
    open_secured(talk);
    talk.run(50);
    auto near = talk.near.towards(talk.far.address);
    near.srtp = keys(1, 2);
    ASSERT_TRUE(talk.near.call->change_stream(Leg::a, near)); // as on hold and back: the same
    talk.run(20);
    EXPECT_EQ(talk.far.figures().tampered, 0U);
    EXPECT_EQ(talk.near.figures().tampered, 0U);
    for (std::uint8_t round = 3; round < 40; ++round) { // more than there is room for at once
        auto far = talk.far.towards(talk.near.address);
        far.srtp = keys(round, 1);
        near.srtp = keys(1, round);
        ASSERT_TRUE(talk.far.call->change_stream(Leg::a, far));
        ASSERT_TRUE(talk.near.call->change_stream(Leg::a, near));
        talk.run(5);
    }
    talk.far.press("159", "k");
    talk.near.press("753", "l");
    talk.run(200);
    EXPECT_EQ(talk.near.heard, "159");
    EXPECT_EQ(talk.far.heard, "753");
    EXPECT_LT(talk.near.figures().tampered, 80U); // on the way while the keys changed
    EXPECT_EQ(talk.far.figures().tampered, 0U);   // near's own never did
}

TEST(LiveCall, OthersAreNotHeardOnceItIsKnown) {
    Conversation talk;
    talk.open();
    talk.run(50);
    const auto before = talk.near.figures().packets_in;
    Underway forged{*SocketAddress::parse("203.0.113.9", 9), talk.near.address, {}, 172, {0x80, 0}};
    for (int i = 0; i < 20; ++i) {
        forged.sent = talk.network.now;
        forged.bytes[3] = static_cast<std::uint8_t>(i);
        talk.network.put(forged);
        talk.tick();
    }
    EXPECT_EQ(talk.near.figures().foreign_source, 20U);
    EXPECT_EQ(talk.near.figures().packets_in, before + 20);
    EXPECT_EQ(talk.near.figures().far, talk.far.address);
}

TEST(LiveCall, LossIsSeenAtBothEnds) {
    Conversation talk;
    int count = 0;
    talk.rule = [&](Underway& datagram) {
        return datagram.from != talk.near.address || datagram.is_rtcp() || ++count % 10 != 0;
    };
    talk.open(false);
    talk.run(1500); // 30 s: several reports
    const StreamFigures near = talk.near.figures();
    const StreamFigures far = talk.far.figures();
    EXPECT_NEAR(static_cast<double>(far.lost), 150.0, 2.0);
    EXPECT_EQ(near.lost, 0);
    ASSERT_TRUE(near.far_reception);
    EXPECT_NEAR(near.far_reception->fraction_lost, 0.1, 0.02);
    EXPECT_GT(near.far_reception->cumulative_lost, 90);
    ASSERT_TRUE(near.round_trip);
    EXPECT_LE(near.round_trip->value, 420.0); // what comes is read within 200 ms, and stamped when it came
    EXPECT_TRUE(far.first_arrival);
    EXPECT_EQ(far.streams, 1U);
}

TEST(LiveCall, OnHoldNothingGoesAndNothingIsHeard) {
    Conversation talk;
    talk.open();
    talk.run(50);
    StreamParameters held = talk.near.towards(talk.far.address);
    held.sends = held.receives = false;
    ASSERT_TRUE(talk.near.call->change_stream(Leg::a, held));
    talk.run(5);
    const auto out = talk.near.figures().packets_out;
    const auto in = talk.near.figures().packets_in;
    talk.far.press("9", "k");
    talk.run(100);
    EXPECT_EQ(talk.near.figures().packets_out, out);
    EXPECT_GT(talk.near.figures().packets_in, in + 50);
    EXPECT_EQ(talk.near.heard, "");
    EXPECT_GT(talk.far.figures().since_last_packet, 8000);
    // Back, with A-law and packets of 40 ms.
    StreamParameters back = talk.near.towards(talk.far.address);
    back.law = G711Law::alaw;
    back.payload_type = 8;
    back.packet_time = Milliseconds{40};
    ASSERT_TRUE(talk.near.call->change_stream(Leg::a, back));
    talk.run(50);
    talk.near.press("6", "l");
    talk.far.press("7", "m");
    talk.run(100);
    EXPECT_EQ(talk.near.heard, "7");
    EXPECT_EQ(talk.far.heard, "6");
    EXPECT_EQ(talk.far.figures().streams, 1U); // the same SSRC, and its numbers went on
    EXPECT_EQ(talk.far.figures().lost, 0);
}

TEST(LiveCall, ANewFormOfKeysCountsFromTheNextDigits) {
    Conversation talk;
    talk.open();
    talk.run(50);
    talk.near.press("12", "k");
    talk.run(100);
    ASSERT_TRUE(talk.near.call->change_stream(Leg::a, talk.near.towards(talk.far.address, false)));
    talk.run(5);
    talk.near.press("34", "l");
    talk.run(100);
    EXPECT_EQ(talk.far.heard, "1234");
    ASSERT_EQ(talk.far.reports.size(), 4U);
    EXPECT_EQ(talk.far.reports[1].snr_db, 0.0);
    EXPECT_GT(talk.far.reports[3].snr_db, 20.0);
}

TEST(LiveCall, AClosedStreamSaysByeAndFreesItsPorts) {
    Conversation talk;
    talk.open();
    talk.run(50);
    EXPECT_FALSE(talk.near.call->open_stream(Leg::a, *RtpPort::open(talk.near.address, {}), {}));
    ASSERT_TRUE(talk.near.call->close_stream(Leg::a));
    EXPECT_FALSE(talk.near.call->close_stream(Leg::a));
    EXPECT_FALSE(talk.near.call->change_stream(Leg::a, {}));
    talk.run(20);
    EXPECT_TRUE(talk.far.figures().far_left);
    EXPECT_FALSE(talk.near.figures().is_open);
    EXPECT_GT(talk.near.figures().packets_in, 40U); // stays
    const std::uint16_t port = talk.near.address.port();
    auto again = RtpPort::open(talk.near.address, {port, static_cast<std::uint16_t>(port + 1)});
    ASSERT_TRUE(again) << again.error();
    // The leg went on meanwhile, and gets another stream.
    ASSERT_TRUE(talk.near.call->open_stream(Leg::a, *std::move(again), talk.near.towards(talk.far.address)));
    talk.run(50);
    talk.near.press("8", "k");
    talk.run(100);
    EXPECT_EQ(talk.far.heard, "8");
    EXPECT_EQ(talk.far.figures().streams, 2U);
}

TEST(LiveCall, ALegWithoutAStreamGoesOn) {
    LiveParty party;
    PacketNetwork network;
    party.press("123", "k");
    for (int i = 0; i < 100; ++i) {
        network.now += TickSchedule::tick;
        party.call->tick(network.now, network);
    }
    EXPECT_EQ(party.call->position(Leg::a), 16'000);
    EXPECT_EQ(party.call->position(Leg::b), 16'000);
    EXPECT_EQ(network.sent, 0U);
    EXPECT_FALSE(party.figures().is_open);
}

TEST(LiveCall, CommandsThatNobodyTakesAreRefused) {
    LiveParty party;
    ASSERT_TRUE(party.open({}));
    int taken = 0;
    while (party.call->change_stream(Leg::a, {}) && taken < 100) {
        ++taken;
    }
    EXPECT_EQ(taken, 7);
}

TEST(LiveCall, BothSidesOfALegAreRecorded) {
    Conversation talk({.agent = nullptr, .recorded_blocks = 100});
    talk.open(false);
    talk.near.press("5", "k");
    talk.far.press("6", "l");
    talk.run(90);
    SampleIndex next = 0;
    std::int64_t heard = 0;
    std::int64_t sent = 0;
    while (const auto recorded = talk.near.call->next_recorded(Leg::a)) {
        EXPECT_EQ(recorded->begin, next);
        next += 160;
        for (std::size_t i = 0; i < 160; ++i) {
            heard += std::abs(recorded->heard[i]);
            sent += std::abs(recorded->sent[i]);
        }
    }
    EXPECT_EQ(next, 90 * 160);
    EXPECT_GT(heard, 1'000'000);
    EXPECT_GT(sent, 1'000'000);
    EXPECT_EQ(talk.near.call->recorded_lost(Leg::a), 0U);
    talk.run(150);
    EXPECT_EQ(talk.near.call->recorded_lost(Leg::a), 50U);
}

TEST(LiveCall, ATickWithSrtpAllocatesLocksAndCallsNothing) {
    test::RealTimeWatch audio;
    Conversation talk;
    talk.network.pass = nullptr;
    open_secured(talk);
    for (int i = 0; i < 600; ++i) {
        if (i == 100) {
            talk.near.press("1*0#55", "k");
        } else if (i == 400) {
            auto near = talk.near.towards(talk.far.address);
            near.srtp = keys(5, 6);
            auto far = talk.far.towards(talk.near.address);
            far.srtp = keys(6, 5);
            ASSERT_TRUE(talk.near.call->change_stream(Leg::a, near));
            ASSERT_TRUE(talk.far.call->change_stream(Leg::a, far));
        } else if (i == 550) {
            ASSERT_TRUE(talk.near.call->close_stream(Leg::a));
        }
        audio.run([&] { talk.tick(); });
        talk.near.listen();
        talk.far.listen();
    }
    EXPECT_EQ(audio.violations(), test::Violations{});
    EXPECT_EQ(talk.far.heard, "1*0#55");
    EXPECT_TRUE(talk.far.figures().secured);
    EXPECT_TRUE(talk.far.figures().far_left);
}

TEST(LiveCall, ATickAllocatesLocksAndCallsNothing) {
    test::RealTimeWatch audio;
    RecordingTap recording(20); // It is soon full.
    Conversation talk({.agent = nullptr, .recorded_blocks = 10, .recording = &recording});
    talk.network.pass = nullptr;
    talk.open();
    for (int i = 0; i < 1500; ++i) {
        if (i == 100) {
            talk.near.press("1*0#55", "k");
        } else if (i == 500) {
            ASSERT_TRUE(talk.far.call->change_stream(Leg::a, talk.far.towards(talk.near.address, false)));
            talk.far.press("123", "l");
        } else if (i == 1400) {
            ASSERT_TRUE(talk.near.call->close_stream(Leg::a));
        }
        audio.run([&] { talk.tick(); });
        talk.near.listen();
        talk.far.listen();
    }
    EXPECT_EQ(audio.violations(), test::Violations{});
    EXPECT_EQ(talk.far.heard, "1*0#55");
    EXPECT_EQ(talk.near.heard, "123");
}

} // namespace
} // namespace keytone::server
