// SPDX-License-Identifier: MIT
#include "engine/media/call_hearing.hpp"
#include "engine/media/call_media.hpp"
#include "tests/engine/media/pipeline_run.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone {
namespace {

using Lines = std::vector<std::string>;

SampleRate rate_of(int hz) {
    return *SampleRate::from_hz(hz);
}

MediaOp op(std::uint32_t action, std::uint32_t index, decltype(MediaOp::what) what,
           SampleIndex not_before = 0) {
    return {.key = {action, index}, .known_since = 0, .not_before = not_before, .what = what};
}

Lines popped(CallMedia& media) {
    Lines lines;
    for (MediaReport report{}; media.try_pop(report);) {
        lines.push_back(std::string(1, character(report.leg)) + ' ' + test::text(report));
    }
    return lines;
}

TEST(CallMedia, DigitsAtTheAnchorsOwnSamples) {
    const auto keys = DtmfGenerator::create(*DigitString::parse("1*0"),
                                            {.tone = Milliseconds{200}, .gap = Milliseconds{100}},
                                            SampleRate::narrowband());
    CallMedia media(CallMediaConfig{});
    ASSERT_TRUE(media.try_push(Leg::a, op(1, 0, SendTones{&*keys, 800})));
    std::vector<std::int16_t> sent(6500);
    media.process(Leg::a, {}, sent);
    EXPECT_EQ(popped(media), (Lines{"a 1/0 started 0", "a 1/0 tone 0 1 0-1600", "a 1/0 tone 1 * 2400-4000",
                                    "a 1/0 tone 2 0 4800-6400", "a 1/0 completed 0-6400"}));
    DtmfGenerator expected = *keys;
    std::vector<std::int16_t> samples(6500);
    expected.generate(samples);
    EXPECT_EQ(sent, samples);
    EXPECT_EQ(media.position(Leg::a), 6500);
}

// A gateway sends a tone beside its event, and the tone ends sooner: neither gets to the other leg.
TEST(CallMedia, AMutedBridgeKeepsToneAndEventOfAKey) {
    CallMedia media({.mix_bridge = true, .mute_bridged_keys = true});
    ASSERT_TRUE(media.try_push(Leg::a, op(1, 0, Bridge{})));
    ASSERT_TRUE(media.try_push(Leg::b, op(1, 1, Bridge{})));
    auto generator = *DtmfGenerator::create(*DigitString::parse("5"), {}, SampleRate::narrowband());
    std::vector<std::int16_t> line(8000);
    generator.generate(std::span(line).subspan(1640, static_cast<std::size_t>(generator.length())));
    const auto length = static_cast<SampleCount>(generator.length());
    std::int64_t passed = 0;
    for (std::size_t at = 0; at < line.size(); at += 160) {
        if (at == 1600) {
            KeyReport event{KeyReport::Kind::begin,
                            KeyReport::Source::telephone_event,
                            *Key::from_character('5'),
                            1640,
                            0,
                            Dbm0{-10.0},
                            false};
            media.hear_key_event(Leg::a, event);
            event.kind = KeyReport::Kind::end;
            event.duration = length - 400;
            media.hear_key_event(Leg::a, event);
        }
        std::vector<std::int16_t> to_a(160);
        std::vector<std::int16_t> to_b(160);
        media.process(Leg::a, std::span(line).subspan(at, 160), to_a);
        media.process(Leg::b, std::vector<std::int16_t>(160), to_b);
        for (const std::int16_t sample : to_b) {
            passed += std::abs(sample);
        }
    }
    EXPECT_EQ(passed, 0);
    const Lines lines = popped(media);
    EXPECT_EQ(std::ranges::count_if(lines, [](const std::string& l) { return l.starts_with("a heard 5"); }),
              1);
}

// A phone whose keys come as events would otherwise have no keys in the menus after a transfer.
TEST(CallMedia, EventsCrossTheBridge) {
    for (const bool mutes : {false, true}) {
        CallMedia media(
            {.mix_bridge = true, .mute_bridged_keys = mutes, .keys = {KeyForm::events, KeyForm::events}});
        ASSERT_TRUE(media.try_push(Leg::b, op(1, 0, Bridge{}, 1600)));
        std::vector<std::string> packets;
        const auto press = [&](KeyReport::Kind kind, char digit, SampleCount duration) {
            media.hear_key_event(Leg::a, {kind, KeyReport::Source::telephone_event,
                                          *Key::from_character(digit), 77, duration, Dbm0{-10.0}, false});
        };
        for (int block = 0; block < 40; ++block) {
            if (block == 2 || block == 20) { // The first key comes before the legs are connected.
                press(KeyReport::Kind::begin, block == 2 ? '1' : '7', 0);
            }
            if (block == 8 || block == 25) {
                press(KeyReport::Kind::end, block == 8 ? '1' : '7', 800);
            }
            for (const Leg leg : both_legs) {
                std::vector<std::int16_t> sent(160);
                media.process(leg, std::vector<std::int16_t>(160), sent);
                while (const auto packet = media.next_key_event(leg)) {
                    packets.push_back(
                        std::string(1, character(leg)) + " " + std::to_string(packet->event.code) + " at " +
                        std::to_string(packet->timestamp) + " for " + std::to_string(packet->event.duration) +
                        (packet->event.end ? " E" : ""));
                }
            }
        }
        if (mutes) {
            EXPECT_THAT(packets, testing::IsEmpty());
            continue;
        }
        ASSERT_GE(packets.size(), 6U);
        EXPECT_EQ(packets.front(), "b 7 at 3200 for 160");
        EXPECT_EQ(packets.back(), "b 7 at 3200 for 800 E");
        EXPECT_EQ(std::ranges::count(packets, "b 7 at 3200 for 800 E"), 3);
    }
}

// To a far end that takes none they go as tones, each as long as it was.
TEST(CallMedia, EventsCrossTheBridgeAsTonesWhereTheOtherLegSendsTones) {
    CallMedia media({.mix_bridge = true, .keys = {KeyForm::events, KeyForm::tones}});
    ASSERT_TRUE(media.try_push(Leg::b, op(1, 0, Bridge{}, 1600)));
    const auto press = [&](KeyReport::Kind kind, char digit, SampleCount duration) {
        media.hear_key_event(Leg::a, {kind, KeyReport::Source::telephone_event, *Key::from_character(digit),
                                      77, duration, Dbm0{-10.0}, false});
    };
    std::vector<std::int16_t> line;
    for (int block = 0; block < 100; ++block) {
        if (block == 2 || block == 20) { // The first key comes before they are connected.
            press(KeyReport::Kind::begin, block == 2 ? '1' : '7', 0);
        }
        if (block == 8 || block == 25) {
            press(KeyReport::Kind::end, block == 8 ? '1' : '7', 960);
        }
        if (block == 40) { // told of once it is over, and shorter than a tone may be
            press(KeyReport::Kind::begin, '#', 0);
            press(KeyReport::Kind::end, '#', 240);
        }
        if (block == 60) { // and one whose end nobody tells
            press(KeyReport::Kind::begin, '8', 0);
        }
        if (block == 70) {
            ASSERT_TRUE(media.try_push(Leg::b, op(2, 1, HangUp{}, 0)));
        }
        for (const Leg leg : both_legs) {
            std::vector<std::int16_t> sent(160);
            media.process(leg, std::vector<std::int16_t>(160), sent);
            EXPECT_FALSE(media.next_key_event(leg));
            if (leg == Leg::b) {
                line.insert(line.end(), sent.begin(), sent.end());
            }
        }
    }
    const auto keys = test::hear(line, 8000);
    ASSERT_EQ(test::digits(keys), "7#8");
    EXPECT_NEAR(keys[0].start_s, 0.4, 0.003);
    EXPECT_NEAR(keys[0].duration_s, 0.12, 0.005);
    EXPECT_NEAR(keys[1].start_s, 0.8, 0.003);
    EXPECT_NEAR(keys[1].duration_s, 0.055, 0.005);
    EXPECT_LT(keys[2].start_s + keys[2].duration_s, 1.45);
}

TEST(CallMedia, AFullQueueChangesNothing) {
    CallMedia media({.op_capacity = 3, .cue_capacity = 2, .report_capacity = 1});
    std::vector<std::int16_t> sent(100);
    for (std::uint32_t i = 0; i < 3; ++i) {
        EXPECT_EQ(media.free_ops(Leg::a), 3 - i);
        EXPECT_TRUE(media.try_push(Leg::a, op(1, i, Wait{1})));
    }
    EXPECT_FALSE(media.try_push(Leg::a, op(1, 3, Wait{1})));
    EXPECT_EQ(media.free_ops(Leg::b), 3U);
    // They have run, but their reports were not popped yet.
    media.process(Leg::a, {}, sent);
    EXPECT_EQ(media.free_ops(Leg::a), 0U);
    EXPECT_FALSE(media.try_push(Leg::a, op(1, 3, Wait{1})));
    EXPECT_EQ(popped(media).size(), 6U);
    EXPECT_EQ(media.free_ops(Leg::a), 3U);
    EXPECT_EQ(media.reports_lost(), 0U);

    const MediaCue cue{.kind = MediaCue::Kind::pass, .cue = CueKind::drained, .before = {}, .at = 0};
    EXPECT_EQ(media.free_cues(Leg::b), 2U);
    EXPECT_TRUE(media.try_push(Leg::b, cue));
    EXPECT_TRUE(media.try_push(Leg::b, cue));
    EXPECT_FALSE(media.try_push(Leg::b, cue));
    EXPECT_EQ(media.free_cues(Leg::a), 2U);
}

TEST(CallMedia, TheLivesOfOpsAreNeverLost) {
    // Keys come in for a minute, and nobody pops reports.
    auto far = *DtmfGenerator::create(*DigitString::parse("0123456789"), {}, SampleRate::narrowband());
    std::vector<std::int16_t> heard(static_cast<std::size_t>(far.length()));
    far.generate(heard);
    heard.resize(heard.size() + 800);
    CallMedia media({.op_capacity = 4, .report_capacity = 40});
    for (int i = 0; i < 30; ++i) {
        for (const Leg leg : both_legs) {
            media.try_push(leg, op(static_cast<std::uint32_t>(i + 1), 0, Wait{100}));
            std::vector<std::int16_t> sent(heard.size());
            media.process(leg, heard, sent);
        }
    }
    std::size_t lives = 0;
    std::size_t others = 0;
    for (MediaReport report{}; media.try_pop(report);) {
        (is_of_op_life(report.kind) ? lives : others) += 1;
    }
    EXPECT_EQ(lives, 16U);
    EXPECT_GE(others, 24U - 16U);
    EXPECT_GT(media.reports_lost(), 500U);
}

TEST(CallMedia, ALateLegTakesItsPlaceOnTheCallsClock) {
    CallMedia media({.rate = {rate_of(8000), rate_of(44100)}});
    std::vector<std::int16_t> sent(2000);
    EXPECT_EQ(media.position(Leg::b), 0);
    media.process(Leg::a, {}, std::span(sent).first(1001));
    media.process(Leg::a, {}, std::span(sent).first(160));
    EXPECT_EQ(media.position(Leg::a), 1161);
    EXPECT_EQ(media.position(Leg::b), 5518); // 1001 * 44100 / 8000 = 5518.01
    ASSERT_TRUE(media.try_push(Leg::b, op(1, 0, Wait{7})));
    media.process(Leg::b, {}, std::span(sent).first(882));
    EXPECT_EQ(media.position(Leg::b), 5518 + 882);
    EXPECT_EQ(popped(media), (Lines{"b 1/0 started 5518", "b 1/0 completed 5518-5525"}));

    CallMedia together({.rate = {rate_of(8000), rate_of(8000)}});
    together.process(Leg::a, {}, std::span(sent).first(160));
    together.process(Leg::b, {}, std::span(sent).first(160));
    EXPECT_EQ(together.position(Leg::b), 160);
}

TEST(CallMedia, TheBridgeConnectsBothLegs) {
    for (const bool mixes : {true, false}) {
        for (const Leg first : both_legs) {
            CallMedia media({.rate = {rate_of(8000), rate_of(8000)}, .mix_bridge = mixes});
            ASSERT_TRUE(media.try_push(Leg::b, op(2, 1, Bridge{}, 1000)));
            ASSERT_TRUE(media.try_push(
                Leg::b, MediaCue{.kind = MediaCue::Kind::leave, .cue = {}, .before = {}, .at = 3000}));
            PerLeg<std::vector<std::int16_t>> heard;
            PerLeg<std::vector<std::int16_t>> agent;
            for (const Leg leg : both_legs) {
                heard[leg] = test::to_pcm16(test::white_noise(4800, -20.0, leg == Leg::a ? 1 : 2));
                agent[leg] = test::to_pcm16(test::white_noise(4800, -20.0, leg == Leg::a ? 3 : 4));
            }
            auto sent = agent;
            for (std::size_t at = 0; at < 4800; at += 160) {
                for (const Leg leg : {first, other(first)}) {
                    media.process(leg, std::span(heard[leg]).subspan(at, 160),
                                  std::span(sent[leg]).subspan(at, 160));
                }
            }
            Lines lines;
            for (const std::string& line : popped(media)) {
                if (line.find("2/1") != std::string::npos) {
                    lines.push_back(line);
                }
            }
            EXPECT_EQ(lines,
                      (Lines{"b 2/1 started 1000", "b 2/1 bridged 1000", "b 2/1 completed 1000-1000"}));
            EXPECT_EQ(media.bridge_samples_missing(), 0U);
            for (std::size_t i = 0; i < 4800; ++i) {
                const bool b = mixes && i >= 1000 && i < 3000;
                const bool a = mixes && i >= 1160 && i < 3160;
                ASSERT_EQ(sent[Leg::a][i], a ? heard[Leg::b][i - 160] : agent[Leg::a][i]) << i;
                ASSERT_EQ(sent[Leg::b][i], !b         ? agent[Leg::b][i]
                                           : i < 1160 ? 0
                                                      : heard[Leg::a][i - 160])
                    << i;
            }
        }
    }
}

TEST(CallMedia, HangingUpPartsTheBridge) {
    CallMedia media({.mix_bridge = true});
    media.try_push(Leg::b, op(1, 0, Bridge{}));
    media.try_push(Leg::b, op(1, 1, HangUp{}, 800));
    const std::vector<std::int16_t> heard(160, 9);
    for (int i = 0; i < 20; ++i) {
        std::vector<std::int16_t> a(160, 1);
        std::vector<std::int16_t> b(160, 2);
        media.process(Leg::a, heard, a);
        media.process(Leg::b, heard, b);
        EXPECT_EQ(a.front(), i == 0 ? 1 : i < 6 ? 9 : 1) << i;
        EXPECT_EQ(b.front(), i == 0 ? 0 : i < 5 ? 9 : 0) << i;
    }
    EXPECT_EQ(media.bridge_samples_missing(), 0U);
}

TEST(CallMedia, IsSmall) {
    const auto bytes = [](const CallMediaConfig& config) {
        // What the legs, the rings and the bridge allocate; a ring has one place more than its capacity.
        const CallBridge bridge(config.rate, config.bridge_delay, config.max_block, config.mix_bridge);
        return sizeof(CallMedia) + bridge.bytes() + (config.report_capacity + 1) * sizeof(MediaReport) +
               2 * (config.op_capacity + 1) * sizeof(MediaOp) +
               2 * (config.cue_capacity + 1) * sizeof(MediaCue) + 2 * sizeof(CallHearing);
    };
    std::cout << "CallMedia " << sizeof(CallMedia) << " bytes (LegPipeline " << sizeof(LegPipeline)
              << ", of which LegHearing " << sizeof(LegHearing) << ", TonePlayer " << sizeof(TonePlayer)
              << ", CallBridge " << sizeof(CallBridge) << "); with all it allocates "
              << bytes({.mix_bridge = false}) << ", with a bridge that mixes " << bytes({.mix_bridge = true})
              << '\n';
    EXPECT_LE(bytes({.mix_bridge = false}), 24U * 1024);
    EXPECT_LE(bytes({.mix_bridge = true}), 25U * 1024);
}

/// What leg b sends of what leg a hears, when both are connected from the start.
std::vector<std::int16_t> bridged(const CallMediaConfig& config, const std::vector<std::int16_t>& heard,
                                  Milliseconds block, Leg first) {
    CallMedia media(config);
    EXPECT_TRUE(media.try_push(Leg::b, op(1, 0, Bridge{})));
    std::vector<std::int16_t> sent;
    const auto a_block = static_cast<std::size_t>(config.rate[Leg::a].samples(block));
    const auto b_block = static_cast<std::size_t>(config.rate[Leg::b].samples(block));
    for (std::size_t at = 0; at + a_block <= heard.size(); at += a_block) {
        for (const Leg leg : {first, other(first)}) {
            std::vector<std::int16_t> out(leg == Leg::a ? a_block : b_block);
            media.process(
                leg, leg == Leg::a ? std::span(heard).subspan(at, a_block) : std::span<const std::int16_t>{},
                out);
            if (leg == Leg::b) {
                sent.insert(sent.end(), out.begin(), out.end());
            }
        }
    }
    EXPECT_EQ(media.bridge_samples_missing(), 0U);
    return sent;
}

struct KeysHeard {
    int hints = 0;
    int keys = 0;
};

KeysHeard keys_in(const std::vector<std::int16_t>& samples, SampleRate rate) {
    KeysHeard heard;
    DtmfDetector(rate).process(samples, [&](const DtmfReport& report) {
        heard.hints += report.kind == DtmfReport::Kind::hint ? 1 : 0;
        heard.keys += report.kind == DtmfReport::Kind::begin ? 1 : 0;
    });
    return heard;
}

// Keys of 40 to 70 ms that begin anywhere in a frame, over faint noise.
std::vector<std::int16_t> pressed_keys(SampleRate rate) {
    std::vector<double> samples = test::white_noise(static_cast<std::size_t>(rate.hz()) * 12, -50.0, 5);
    SampleIndex at = rate.samples(Milliseconds{100});
    for (int i = 0; i < 40; ++i) {
        const std::string digit(1, std::string_view("147*2580369#ABCD")[static_cast<std::size_t>(i % 16)]);
        auto key = *DtmfGenerator::create(*DigitString::parse(digit),
                                          {.tone = Milliseconds{40.0 + 10.0 * (i % 4)}}, rate);
        std::vector<std::int16_t> tone(static_cast<std::size_t>(key.length()));
        key.generate(tone);
        for (std::size_t n = 0; n < tone.size(); ++n) {
            samples[static_cast<std::size_t>(at) + n] += tone[n] / 32768.0;
        }
        at += rate.samples(Milliseconds{250.0 + 0.7 * i});
    }
    return test::to_pcm16(samples);
}

TEST(CallMedia, KeysAreKeptFromTheOtherLeg) {
    for (const auto& [a_hz, b_hz] : {std::pair{8000, 8000}, {8000, 16000}, {48000, 8000}}) {
        CallMediaConfig config{.rate = {rate_of(a_hz), rate_of(b_hz)}, .mix_bridge = true};
        const auto heard = pressed_keys(rate_of(a_hz));
        const auto open = bridged(config, heard, Milliseconds{20}, Leg::a);
        EXPECT_EQ(keys_in(open, rate_of(b_hz)).keys, 40) << a_hz;
        config.mute_bridged_keys = true;
        const auto muted = bridged(config, heard, Milliseconds{20}, Leg::a);
        for (const Milliseconds block : {Milliseconds{5}, Milliseconds{10}, Milliseconds{20}}) {
            for (const Leg first : both_legs) {
                EXPECT_EQ(bridged(config, heard, block, first), muted) << a_hz << ' ' << block.value;
            }
        }
        const KeysHeard left = keys_in(muted, rate_of(b_hz));
        EXPECT_EQ(left.keys, 0) << a_hz;
        EXPECT_EQ(left.hints, 0) << a_hz;
        // No sample of a tone is left: everything that passes is as faint as the noise.
        EXPECT_LT(*std::ranges::max_element(muted), 500) << a_hz;
        // And most of the noise does pass.
        EXPECT_GT(std::ranges::count_if(muted, [](std::int16_t sample) { return sample != 0; }),
                  std::ssize(muted) / 2);
    }
}

} // namespace
} // namespace keytone
