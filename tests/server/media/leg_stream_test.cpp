// SPDX-License-Identifier: MIT
#include "engine/rtp/rtcp_packet.hpp"
#include "server/media/leg_stream.hpp"
#include "tests/support/packet_network.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

namespace keytone::server {
namespace {

using test::PacketNetwork;
using test::Underway;

RtpPort some_port() {
    return *RtpPort::open(*SocketAddress::parse("127.0.0.1", 0), {});
}

/// A stream, and a far end that a test plays.
struct Line {
    PacketNetwork network;
    SocketAddress far = *SocketAddress::parse("192.0.2.9", 4000);
    RtpPort port = some_port();
    SocketAddress local = port.local();
    std::vector<Underway> sent;
    SampleIndex position = 8000;
    std::vector<KeyReport> keys;
    std::vector<PlayedStretch> played;
    std::vector<std::int16_t> heard;
    std::optional<LegStream> stream;
    RtpSequence sequence = 1;

    explicit Line(StreamParameters parameters = {}) {
        parameters.far = far;
        stream.emplace(std::move(port), parameters,
                       StreamSeed{.ssrc = 0xABCD, .first_sequence = 7, .first_timestamp = 1000});
        network.with = this;
        network.pass = [](Underway& datagram, void* with) {
            static_cast<Line*>(with)->sent.push_back(datagram);
            return false;
        };
        stream->start_at(position, network.now);
    }

    void put(std::uint8_t payload_type, RtpTimestamp timestamp, std::span<const std::uint8_t> payload,
             bool marker = false) {
        Underway datagram{far, local, network.now, RtpPacket::header_size + payload.size(), {}};
        const auto header = pack(RtpHeader{marker, payload_type, sequence++, timestamp, 0x55});
        std::ranges::copy(header, datagram.bytes.begin());
        std::ranges::copy(payload, datagram.bytes.begin() + RtpPacket::header_size);
        network.put(datagram);
    }
    void put_audio(RtpTimestamp timestamp) { put(0, timestamp, std::vector<std::uint8_t>(160, 0xFF)); }
    void put_event(RtpTimestamp onset, std::uint16_t duration, bool end) {
        const auto payload = pack(TelephoneEvent{.code = 5, .end = end, .volume = 10, .duration = duration});
        put(101, onset, payload, duration == 160);
    }
    void tick() {
        network.now += std::chrono::milliseconds(20);
        const auto note = [this](const KeyReport& key) { keys.push_back(key); };
        stream->receive(position, network, note);
        std::array<std::int16_t, 160> samples{};
        stream->play(
            network.now, samples, [this](const PlayedStretch& stretch) { played.push_back(stretch); }, note);
        heard.insert(heard.end(), samples.begin(), samples.end());
        stream->send(network.now, samples, network);
        position += 160;
    }
};

TEST(LegStream, AKeyIsAtItsSampleOfTheLegsClock) {
    Line line;
    RtpTimestamp next = 0xFFFFF000; // wraps on the way
    for (int i = 0; i < 50; ++i, next += 160) {
        line.put_audio(next);
        line.tick();
    }
    EXPECT_EQ(line.stream->figures().packets_in, 50U);
    // A key that begins with the next packet, which is some packets behind what is played.
    const RtpTimestamp onset = next;
    for (int i = 1; i <= 5; ++i, next += 160) {
        line.put_event(onset, static_cast<std::uint16_t>(160 * i), i == 5);
        line.tick();
    }
    ASSERT_EQ(line.keys.size(), 2U);
    EXPECT_EQ(line.keys[0].kind, KeyReport::Kind::begin);
    EXPECT_EQ(line.keys[1].kind, KeyReport::Kind::end);
    EXPECT_EQ(line.keys[1].onset, line.keys[0].onset);
    EXPECT_EQ(line.keys[1].duration, 800);
    // It lies where the samples of its time are played, except for what the delay has changed meanwhile.
    for (int i = 0; i < 10; ++i) {
        line.tick();
    }
    const auto at_onset = std::ranges::find_if(line.played, [&](const PlayedStretch& stretch) {
        return rtp_distance(onset, stretch.timestamp) + stretch.count > 0 && stretch.begin > 40 * 160;
    });
    ASSERT_NE(at_onset, line.played.end());
    const SampleIndex expected = 8000 + at_onset->begin + rtp_distance(at_onset->timestamp, onset);
    EXPECT_NEAR(static_cast<double>(line.keys[0].onset), static_cast<double>(expected), 160.0);
}

TEST(LegStream, AnEventOfAnotherClockBeginsNow) {
    Line line;
    for (RtpTimestamp next = 0; next < 50 * 160; next += 160) {
        line.put_audio(next);
        line.tick();
    }
    const SampleIndex now = line.position;
    line.put_event(0x40000000, 160, false);
    line.tick();
    ASSERT_EQ(line.keys.size(), 1U);
    EXPECT_EQ(line.keys[0].onset, static_cast<RtpTimestamp>(now));
}

TEST(LegStream, TheTimelineIsTheLegs) {
    Line line;
    line.tick();
    ASSERT_EQ(line.sent.size(), 1U);
    EXPECT_EQ(line.sent[0].timestamp(), 1000U + 8000U);
    EXPECT_EQ(line.sent[0].to, line.far);
}

TEST(LegStream, ReportsGoToThePortBesideAndSayByeAtTheEnd) {
    Line line;
    for (RtpTimestamp next = 0; next < 500 * 160; next += 160) {
        line.put_audio(next);
        line.tick();
    }
    line.stream->finish(line.network.now, line.network, [](const KeyReport&) {});
    std::vector<Underway> reports;
    std::ranges::copy_if(line.sent, std::back_inserter(reports), &Underway::is_rtcp);
    ASSERT_GE(reports.size(), 2U);
    EXPECT_LE(reports.size(), 6U);
    for (std::size_t i = 0; i < reports.size(); ++i) {
        EXPECT_EQ(reports[i].to, line.far.with_port(4001));
        const auto compound = parse_rtcp(std::span(reports[i].bytes).first(reports[i].size));
        ASSERT_TRUE(compound);
        EXPECT_EQ(compound->ssrc, 0xABCDU);
        ASSERT_TRUE(compound->sender);
        ASSERT_NE(compound->about(0x55), nullptr);
        EXPECT_EQ(compound->about(0x55)->cumulative_lost, 0);
        EXPECT_EQ(compound->cname, "dcba00008e300000");
        EXPECT_EQ(compound->bye, i + 1 == reports.size());
    }
    EXPECT_FALSE(line.stream->figures().is_open);
}

TEST(LegStream, WhatWasNotAgreedIsRefused) {
    StreamParameters parameters;
    parameters.heard = {
        .pcmu = 0, .pcma = std::nullopt, .comfort_noise = std::nullopt, .telephone_event = 96};
    Line line(parameters);
    line.put(8, 0, std::vector<std::uint8_t>(160, 0xD5));
    line.put(101, 0, std::vector<std::uint8_t>(4));
    line.put_audio(0);
    line.tick();
    EXPECT_EQ(line.stream->figures().refused, 2U);
    EXPECT_EQ(line.stream->figures().packets_in, 1U);
}

/// The power of the last `count` samples in dB, relative to a square wave of full scale.
double level_dbov(const std::vector<std::int16_t>& samples, std::ptrdiff_t count) {
    const double energy = std::accumulate(samples.end() - count, samples.end(), 0.0,
                                          [](double sum, double sample) { return sum + sample * sample; });
    return 10.0 * std::log10(energy / static_cast<double>(count) / (32768.0 * 32768.0));
}

// RFC 3389, 3: the level alone, or with a spectrum behind it.
TEST(LegStream, APauseHasTheNoiseThatTheFarEndTellsOf) {
    constexpr std::uint8_t below_overload = 52;
    for (const auto& payload : {std::vector<std::uint8_t>{below_overload},
                                std::vector<std::uint8_t>{below_overload, 200, 100, 130, 125}}) {
        Line line;
        RtpTimestamp next = 0;
        for (int i = 0; i < 50; ++i, next += 160) {
            line.put_audio(next);
            line.tick();
        }
        line.put(13, next, payload);
        for (int i = 0; i < 50; ++i, next += 160) {
            line.tick();
        }
        EXPECT_NEAR(level_dbov(line.heard, 40 * 160), -below_overload, 0.5);
        for (int i = 0; i < 50; ++i, next += 160) {
            line.put(0, next, std::vector<std::uint8_t>(160, 0x80), i == 0); // as loud as can be
            line.tick();
        }
        EXPECT_NEAR(level_dbov(line.heard, 20 * 160), -0.2, 0.1);
        EXPECT_EQ(line.stream->figures().lost, 0);
        EXPECT_EQ(line.stream->figures().packets_in, 101U);
    }
}

TEST(LegStream, SilenceOfTheFarEndIsCounted) {
    Line line;
    line.put_audio(0);
    line.tick();
    EXPECT_EQ(line.stream->figures().since_last_packet, 0);
    for (int i = 0; i < 100; ++i) {
        line.tick();
    }
    EXPECT_EQ(line.stream->figures().since_last_packet, 16'000);
}

} // namespace
} // namespace keytone::server
