// SPDX-License-Identifier: MIT
//
// The C++ samples of README.md and docs/embedding.md do what is said about them there.
#include "dsp/dtmf_batch.hpp"
#include "engine/session.hpp"
#include "samples_cpp.inc"
#include "tests/support/key_sequence.hpp"
#include "tests/support/spandsp_decoder.hpp"
#include "tests/support/ulaw_bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace keytone::test {
namespace {

constexpr std::size_t frame_size = 160;

std::vector<std::int16_t> keys_at_8_khz(std::string_view keys) {
    return to_pcm16(key_sequence(keys, 8000));
}

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(Readme, HearsKeys) {
    testing::internal::CaptureStdout();
    readme_1::hear(keys_at_8_khz("5#"));
    const std::string printed = testing::internal::GetCapturedStdout();
    EXPECT_THAT(printed, testing::MatchesRegex("5 at sample [0-9]+, [0-9.]+ dB over all else\n"
                                               "# at sample [0-9]+, [0-9.]+ dB over all else\n"));
}

TEST(Readme, ASessionPrintsWhatIsShown) {
    testing::internal::CaptureStdout();
    EXPECT_EQ(readme_2::main(), 0);
    const std::string printed = testing::internal::GetCapturedStdout();
    std::ifstream file(KEYTONE_ROOT "/README.md");
    const std::string readme{std::istreambuf_iterator<char>(file), {}};
    EXPECT_FALSE(printed.empty());
    EXPECT_THAT(readme, testing::HasSubstr("```text\n" + printed + "```\n"));
}

TEST(Embedding, AListeningLegHearsEachKeyOnceThoughPacketsAreLost) {
    embedding_1::ListeningLeg leg;
    const std::string call = to_ulaw(keys_at_8_khz("0123456789*#ABCD"));
    int packet = 0;
    for (std::size_t at = 0; at + frame_size <= call.size(); at += frame_size) {
        if (++packet % 10 == 0) {
            leg.lost(frame_size);
        } else {
            leg.packet(bytes_of(call).subspan(at, frame_size));
        }
    }
    leg.hung_up();
    EXPECT_EQ(leg.keys(), "0123456789*#ABCD");
}

TEST(Embedding, LinesAreHeardTogether) {
    constexpr std::size_t lines = 40;
    std::vector<DtmfDetector> detectors(lines, DtmfDetector(SampleRate::narrowband()));
    std::vector<std::vector<std::int16_t>> calls;
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < lines; ++i) {
        expected.push_back(std::string(1, all_keys[i % 16]) + all_keys[i / 16]);
        calls.push_back(keys_at_8_khz(expected.back()));
    }
    std::vector<DtmfFrame> frames;
    frames.reserve(lines);
    std::vector<std::string> heard(lines);
    for (std::size_t at = 0; at + frame_size <= calls[0].size(); at += frame_size) {
        std::vector<std::int16_t> samples;
        for (const auto& call : calls) {
            samples.insert(samples.end(), call.data() + at, call.data() + at + frame_size);
        }
        embedding_2::hear_lines(detectors, samples, frames, [&](std::size_t line, const DtmfReport& report) {
            if (report.kind == DtmfReport::Kind::begin) {
                heard[line] += report.key.character();
            }
        });
    }
    EXPECT_EQ(heard, expected);
}

TEST(Embedding, ACallPressesHearsAndEnds) {
    embedding_3::ServerCall call;
    call.answered();
    call.press("12w3");
    const auto received = keys_at_8_khz("789");
    std::vector<std::int16_t> sent;
    for (std::size_t at = 0; at < 5 * 8000 && !call.over(); at += frame_size) {
        std::vector<std::int16_t> heard(frame_size);
        for (std::size_t i = 0; i < frame_size && at + i < received.size(); ++i) {
            heard[i] = received[at + i];
        }
        std::vector<std::int16_t> frame(frame_size);
        call.tick(heard, frame);
        sent.insert(sent.end(), frame.begin(), frame.end());
        if (at == 2 * 8000) {
            call.end();
        }
        call.poll();
    }
    EXPECT_TRUE(call.over());
    EXPECT_EQ(call.sent(), "123");
    EXPECT_EQ(call.heard(), "789");
    EXPECT_EQ(spandsp_digits(sent), "123");
}

TEST(Embedding, ACallWhoseFarSideHungUpIsOver) {
    embedding_3::ServerCall call;
    call.answered();
    call.press("12345678");
    std::vector<std::int16_t> frame(frame_size);
    for (int tick = 0; tick < 35; ++tick) {
        call.tick({}, frame);
    }
    call.far_side_hung_up();
    for (int tick = 0; tick < 10; ++tick) {
        call.tick({}, frame);
        call.poll();
    }
    EXPECT_TRUE(call.over());
    EXPECT_EQ(call.sent(), "12");
}

/// The packets that the sample for events sends for keys of 100 ms, 100 ms apart, from 500 ms on.
using EventPacket = std::tuple<RtpTimestamp, bool, std::array<std::uint8_t, 4>>;
std::vector<std::pair<SampleIndex, EventPacket>> event_packets(std::string_view keys, RtpTimestamp first) {
    auto sender = TelephoneEventSender::create(SampleRate::narrowband(), Milliseconds{20}, first);
    std::vector<std::pair<SampleIndex, EventPacket>> packets;
    SampleIndex next = 0;
    const auto count = static_cast<SampleIndex>(keys.size());
    for (SampleIndex now = 0; now < 5600 + 1600 * count; now += SampleIndex{frame_size}) {
        if (next < count) {
            const auto key = *Key::from_character(keys[static_cast<std::size_t>(next)]);
            next += sender->send({key, 4000 + 1600 * next, 800, Dbm0{-6}}) ? 1 : 0;
        }
        embedding_5::send_due(*sender, now, [&](RtpTimestamp timestamp, bool marker, const auto& payload) {
            packets.emplace_back(now, EventPacket{timestamp, marker, payload});
        });
    }
    return packets;
}

TEST(Embedding, KeysAsPacketsHaveTheirBytes) {
    const auto packets = event_packets("5", 1'000'000);
    ASSERT_EQ(packets.size(), 7U); // 20, 40, 60 and 80 ms, and three ends
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const auto& [timestamp, marker, payload] = packets[i].second;
        const unsigned duration = i < 4 ? 160 * (static_cast<unsigned>(i) + 1) : 800;
        EXPECT_EQ(timestamp, 1'004'000U);
        EXPECT_EQ(marker, i == 0);
        EXPECT_EQ(payload[0], 5);
        EXPECT_EQ(payload[1], i < 4 ? 6 : 0x86);
        EXPECT_EQ(payload[2] * 256U + payload[3], duration);
    }
}

TEST(Embedding, KeysThatComeAsPacketsAndAsTonesComeOutOnce) {
    constexpr RtpTimestamp first = 0xFFFF'F000; // wraps during the keys
    const std::string keys = "1122#";
    const auto samples = keys_at_8_khz(keys);
    for (const bool tones : {true, false}) {
        for (const bool events : {true, false}) {
            embedding_4::RtpLeg leg(first);
            const auto packets = event_packets(keys, first);
            std::size_t next = 0;
            for (std::size_t at = 0; at + frame_size <= samples.size(); at += frame_size) {
                for (; next < packets.size() && packets[next].first <= static_cast<SampleIndex>(at); ++next) {
                    const auto& [timestamp, marker, payload] = packets[next].second;
                    if (events) {
                        leg.event(timestamp, marker, payload);
                    }
                }
                if (at / frame_size % 10 == 3) {
                    leg.lost(frame_size);
                } else if (tones) {
                    leg.audio(first + static_cast<RtpTimestamp>(at),
                              std::span(samples).subspan(at, frame_size));
                } else {
                    leg.audio(first + static_cast<RtpTimestamp>(at), std::vector<std::int16_t>(frame_size));
                }
            }
            EXPECT_EQ(leg.keys(), tones || events ? keys : "") << tones << events;
        }
    }
}

TEST(Embedding, SaysHowLargeADetectorIs) {
    EXPECT_EQ(sizeof(DtmfDetector), 2048U);
    EXPECT_EQ(DtmfDetector::quiet_size, 128U);
}

} // namespace
} // namespace keytone::test
