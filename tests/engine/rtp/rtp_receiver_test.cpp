// SPDX-License-Identifier: MIT
#include "dsp/events/telephone_event_sender.hpp"
#include "engine/rtp/rtp_receiver.hpp"
#include "engine/rtp/rtp_sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace keytone {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A receiver on a clock, and what it says: keys as `5` where one begins and `.` where it ends.
struct Far {
    RtpReceiver receiver{};
    SampleIndex now = 0;
    std::string keys{};
    std::size_t heard = 0;
    std::size_t lost = 0;

    void key(const KeyReport& report) {
        keys += report.kind == KeyReport::Kind::begin ? report.key.character() : '.';
    }
    void receive(const Bytes& bytes) {
        receiver.receive(bytes, now, [this](const KeyReport& report) { key(report); });
    }
    void play() {
        std::vector<std::int16_t> out(160);
        receiver.play(
            now, out,
            [this](const PlayedStretch& stretch) {
                const auto count = static_cast<std::size_t>(stretch.count);
                heard += stretch.kind == PlayedStretch::Kind::heard ? count : 0;
                lost += stretch.kind == PlayedStretch::Kind::lost ? count : 0;
            },
            [this](const KeyReport& report) { key(report); });
        now += 160;
    }
};

/// A sender of audio and events, each packet as it is due.
struct Near {
    explicit Near(const RtpSenderConfig& config) : sender(config) {}

    RtpSender sender;
    TelephoneEventSender events = *TelephoneEventSender::create(SampleRate::narrowband());
    SampleIndex position = 0;
    std::vector<Bytes> packets{};

    void press(char character, SampleCount duration = 800) {
        ASSERT_TRUE(events.send({*Key::from_character(character), position, duration}));
    }
    std::vector<Bytes> block() {
        packets.clear();
        const auto keep = [this](std::span<const std::uint8_t> bytes) {
            packets.emplace_back(bytes.begin(), bytes.end());
        };
        position += 160;
        while (const auto packet = events.next(position)) {
            sender.send_event(*packet, keep);
        }
        sender.send(std::vector<std::int16_t>(160, 1000), keep);
        return packets;
    }
};

void run(Near& near, Far& far, int blocks) {
    for (int i = 0; i < blocks; ++i) {
        for (const Bytes& bytes : near.block()) {
            far.receive(bytes);
        }
        far.play();
    }
}

TEST(RtpReceiver, AnotherAnswerChangesWhatPayloadTypesMean) {
    Near near({.event_payload_type = 96, .ssrc = 9});
    Far far;
    run(near, far, 10);
    near.press('4');
    run(near, far, 10);
    EXPECT_EQ(far.keys, "");
    EXPECT_GT(far.receiver.figures().unknown_payload, 0U);
    far.receiver.set_payload_types({.telephone_event = 96});
    near.press('5');
    run(near, far, 20);
    EXPECT_EQ(far.keys, "5.");
}

TEST(RtpReceiver, HearsSamplesAndKeysAcrossBothWraps) {
    Near near({.ssrc = 7, .first_sequence = 65'520, .first_timestamp = 0xFFFF'F800});
    Far far;
    run(near, far, 50);
    near.press('5');
    run(near, far, 30);
    near.press('5');
    run(near, far, 30);
    EXPECT_EQ(far.keys, "5.5.");
    EXPECT_EQ(far.lost, 0U);
    EXPECT_GT(far.heard, 85U * 160U);
    EXPECT_EQ(far.receiver.source().expected, far.receiver.source().received);
    EXPECT_EQ(far.receiver.figures().streams, 1U);
}

TEST(RtpReceiver, CountsAndDropsWhatIsNotTheStreams) {
    Near near({.ssrc = 7});
    Far far;
    run(near, far, 50);
    RtpSender other({.payload_type = 0, .ssrc = 8});
    RtpSender video({.payload_type = 97, .ssrc = 9});
    RtpSender same_with_video({.payload_type = 97, .ssrc = 7, .first_sequence = 50, .first_timestamp = 8000});
    const std::vector<std::int16_t> block(160);
    const auto receive = [&](std::span<const std::uint8_t> bytes) {
        far.receive({bytes.begin(), bytes.end()});
    };
    other.send(block, receive);
    video.send(block, receive);
    same_with_video.send(block, receive);
    far.receive({1, 2, 3});
    EXPECT_EQ(
        far.receiver.figures(),
        (RtpReceiverFigures{.refused = 1, .foreign = 1, .unheard = 0, .unknown_payload = 2, .streams = 1}));
}

TEST(RtpReceiver, ASenderThatBeginsAnewIsHeardOn) {
    struct Restart {
        const char* name;
        RtpSenderConfig config;
    };
    const Restart restarts[] = {
        {"SSRC", {.ssrc = 8, .first_sequence = 3, .first_timestamp = 5}},
        {"sequence", {.ssrc = 7, .first_sequence = 30'000, .first_timestamp = 0}},
        {"timestamp", {.ssrc = 7, .first_sequence = 50, .first_timestamp = 0x7000'0000}},
    };
    for (const Restart& restart : restarts) {
        SCOPED_TRACE(restart.name);
        Near before({.ssrc = 7});
        Far far;
        run(before, far, 40);
        before.press('1', 80'000); // held while the sender goes away
        run(before, far, 10);
        Near after(restart.config);
        run(after, far, 40);
        after.press('2');
        run(after, far, 30);
        EXPECT_EQ(far.keys, "1.2.");
        EXPECT_GT(far.heard, (40U + 40U + 10U) * 160U);
        EXPECT_LE(far.lost, 13U * 160U) << "at the most what cannot be told from a loss";
        EXPECT_EQ(far.receiver.figures().streams, 2U);
    }
}

// A far end that sends events and nothing else.
TEST(RtpReceiver, EventsNeedNoAudio) {
    auto events = *TelephoneEventSender::create(SampleRate::narrowband(), Milliseconds{50});
    RtpSender sender({.ssrc = 7});
    Far far;
    SampleIndex position = 0;
    for (int i = 0; i < 200; ++i) {
        if (i % 50 == 10) {
            ASSERT_TRUE(events.send({*Key::from_character('9'), position, 800}));
        }
        position += 160;
        while (const auto packet = events.next(position)) {
            sender.send_event(*packet, [&](std::span<const std::uint8_t> bytes) {
                far.receive({bytes.begin(), bytes.end()});
            });
        }
        far.play();
    }
    EXPECT_EQ(far.keys, "9.9.9.9.");
}

TEST(RtpReceiver, AKeyWhoseEndIsLostEnds) {
    Near near({.ssrc = 7});
    Far far;
    run(near, far, 30);
    near.press('3', 480);
    for (int i = 0; i < 40; ++i) {
        for (const Bytes& bytes : near.block()) {
            const bool is_end = bytes.size() == 16 && (bytes[13] & 0x80U) != 0;
            if (!is_end) {
                far.receive(bytes);
            }
        }
        far.play();
    }
    EXPECT_EQ(far.keys, "3.");
}

TEST(RtpReceiver, FinishEndsAKey) {
    Near near({.ssrc = 7});
    Far far;
    run(near, far, 30);
    near.press('3', 4000);
    run(near, far, 5);
    EXPECT_EQ(far.keys, "3");
    far.receiver.finish([&](const KeyReport& report) { far.key(report); });
    EXPECT_EQ(far.keys, "3.");
}

TEST(RtpReceiver, HearsBothLawsInOneStream) {
    Far far;
    RtpSender ulaw({.ssrc = 7});
    RtpSender alaw(
        {.law = G711Law::alaw, .payload_type = 8, .ssrc = 7, .first_sequence = 20, .first_timestamp = 3200});
    const std::vector<std::int16_t> block(160, 1000);
    std::vector<std::int16_t> out(160);
    for (int i = 0; i < 40; ++i) {
        (i < 20 ? ulaw : alaw).send(block, [&](std::span<const std::uint8_t> bytes) {
            far.receive({bytes.begin(), bytes.end()});
        });
        far.receiver.play(
            far.now, out, [](const PlayedStretch&) {}, [](const KeyReport&) {});
        far.now += 160;
        if (i > 5) {
            EXPECT_NEAR(out[0], 1000, 40) << i;
        }
    }
}

TEST(RtpReceiver, AnyBytesDoNoHarm) {
    std::mt19937_64 random(1);
    Far far;
    Near near({.ssrc = 7});
    for (int i = 0; i < 20'000; ++i) {
        Bytes bytes = i % 3 == 0 ? near.block().front()
                                 : Bytes(std::uniform_int_distribution<std::size_t>(0, 200)(random));
        if (i % 3 == 1) {
            std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random()); });
        } else if (i % 3 == 2) {
            bytes = near.block().front();
            bytes[random() % 16] ^= static_cast<std::uint8_t>(random());
            bytes.resize(random() % (bytes.size() + 1));
        }
        far.receive(bytes);
        if (i % 2 == 0) {
            far.play();
        }
    }
    far.receiver.finish([&](const KeyReport& report) { far.key(report); });
    for (std::size_t i = 0; i < far.keys.size(); ++i) {
        ASSERT_EQ(far.keys[i] == '.', i % 2 == 1);
    }
}

} // namespace
} // namespace keytone
