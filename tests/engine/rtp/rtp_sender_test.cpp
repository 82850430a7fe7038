// SPDX-License-Identifier: MIT
#include "engine/rtp/rtp_sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace keytone {
namespace {

/// A sender, and its packets as `sequence:timestamp+size`, with M, an event with a duration in place of a
/// size.
struct Sent {
    explicit Sent(const RtpSenderConfig& config) : sender(config) {}

    RtpSender sender;
    std::vector<std::string> words{};
    std::vector<std::uint8_t> last{};

    void keep(std::span<const std::uint8_t> bytes) {
        const auto packet = parse_rtp(bytes);
        ASSERT_TRUE(packet);
        EXPECT_EQ(packet->ssrc, 0xABCDU);
        std::string word = std::to_string(packet->sequence) + ":" + std::to_string(packet->timestamp);
        if (packet->payload_type == 101) {
            const TelephoneEvent event = (*TelephoneEventPayload::from_bytes(packet->payload))[0];
            word += "e" + std::to_string(event.duration) + (event.end ? "E" : "");
        } else {
            word += "+" + std::to_string(packet->payload.size());
        }
        words.push_back(word + (packet->marker ? "M" : ""));
        last.assign(packet->payload.begin(), packet->payload.end());
    }
    void send(std::size_t count, std::int16_t value = 1000) {
        sender.send(std::vector<std::int16_t>(count, value), [this](auto bytes) { keep(bytes); });
    }
    void event(const TelephoneEventPacket& packet) {
        sender.send_event(packet, [this](auto bytes) { keep(bytes); });
    }
};

using Words = std::vector<std::string>;

TEST(RtpSender, SendsAPacketForEachPacketTimeWhateverTheBlocks) {
    Sent sent({.ssrc = 0xABCD, .first_sequence = 65'534, .first_timestamp = 0xFFFF'FF00});
    for (const std::size_t count : {100U, 60U, 1U, 319U, 160U}) {
        sent.send(count);
    }
    EXPECT_EQ(sent.words, (Words{"65534:4294967040+160M", "65535:4294967200+160", "0:64+160", "1:224+160"}));
    EXPECT_EQ(sent.sender.packets(), 4U);
    EXPECT_EQ(sent.sender.octets(), 640U);
    EXPECT_EQ(sent.sender.timestamp(), 384U);
    EXPECT_EQ(sent.last, std::vector<std::uint8_t>(160, ulaw_encode(1000)));
}

TEST(RtpSender, HasAnyPacketTimeFrom10To60Ms) {
    for (const auto& [ms, size] :
         std::vector<std::pair<double, std::size_t>>{{10, 80}, {30, 240}, {60, 480}, {5, 80}, {100, 480}}) {
        Sent sent({.law = G711Law::alaw, .payload_type = 8, .packet_time = Milliseconds{ms}, .ssrc = 0xABCD});
        sent.send(size);
        ASSERT_EQ(sent.words, Words{"0:0+" + std::to_string(size) + "M"});
        EXPECT_EQ(sent.last[0], alaw_encode(1000));
    }
}

TEST(RtpSender, AnotherAnswerChangesTheFormAndNotTheTimeline) {
    Sent sent({.ssrc = 0xABCD});
    sent.send(240);
    sent.sender.change(G711Law::alaw, 8, 96, Milliseconds{40}, [&](auto bytes) { sent.keep(bytes); });
    sent.send(320);
    EXPECT_EQ(sent.words, (Words{"0:0+160M", "1:160+80", "2:240+320"}));
    EXPECT_EQ(sent.last, std::vector<std::uint8_t>(320, alaw_encode(1000)));
}

/// A key of 70 ms from sample 200 on.
void send_key(Sent& sent) {
    auto events = *TelephoneEventSender::create(SampleRate::narrowband());
    ASSERT_TRUE(events.send({*Key::from_character('5'), 200, 560}));
    for (SampleIndex now = 160; now <= 1280; now += 160) {
        while (const auto packet = events.next(now)) {
            sent.event(*packet);
        }
        sent.send(160);
    }
}

// The drawing in the header.
TEST(RtpSender, LeavesTheAudioOfAKeyOut) {
    Sent sent({.ssrc = 0xABCD});
    send_key(sent);
    EXPECT_EQ(sent.words,
              (Words{"0:0+160M", "1:160+160", "2:200e160M", "3:200e320", "4:200e480", "5:200e560E",
                     "6:640+160M", "7:200e560E", "8:800+160", "9:200e560E", "10:960+160", "11:1120+160"}));
}

TEST(RtpSender, OrSendsSilenceMeanwhile) {
    Sent sent({.ssrc = 0xABCD, .during_events = AudioDuringEvents::silence});
    auto events = *TelephoneEventSender::create(SampleRate::narrowband());
    ASSERT_TRUE(events.send({*Key::from_character('5'), 0, 1600}));
    sent.event(*events.next(160));
    sent.send(160);
    EXPECT_EQ(sent.words, (Words{"0:0e160M", "1:0+160M"}));
    EXPECT_EQ(sent.last, std::vector<std::uint8_t>(160, 0xFF));
}

TEST(RtpSender, EventTimestampsAreExactAcrossTheWrap) {
    Sent sent({.ssrc = 0xABCD, .first_timestamp = 0xFFFF'FFFF});
    for (int i = 0; i < 3; ++i) {
        sent.send(160);
    }
    sent.event({400, true, {5, false, 10, 80}});
    EXPECT_EQ(sent.words.back(), "3:399e80M");
}

TEST(RtpSender, AKeyLongerThanASegmentSuppressesThroughout) {
    Sent sent({.ssrc = 0xABCD});
    auto events = *TelephoneEventSender::create(SampleRate::narrowband());
    ASSERT_TRUE(events.send({*Key::from_character('5'), 0, 100'000}));
    for (SampleIndex now = 160; now <= 102'400; now += 160) {
        while (const auto packet = events.next(now)) {
            sent.event(*packet);
        }
        sent.send(160);
    }
    const auto audio = std::ranges::count_if(
        sent.words, [](const std::string& word) { return word.find('+') != std::string::npos; });
    EXPECT_EQ(audio, 15) << "the 2400 samples behind the key";
}

TEST(RtpSender, WhatIsSkippedMovesTheTimestampAlone) {
    Sent sent({.ssrc = 0xABCD});
    sent.send(200);
    sent.sender.skip(8000, [&](auto bytes) { sent.keep(bytes); });
    sent.send(160);
    EXPECT_EQ(sent.words, (Words{"0:0+160M", "1:160+40", "2:8200+160M"}));
}

} // namespace
} // namespace keytone
