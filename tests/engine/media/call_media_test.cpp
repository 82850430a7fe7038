// SPDX-License-Identifier: MIT
#include "dsp/dtmf_suppressor.hpp"
#include "engine/media/call_hearing.hpp"
#include "engine/media/call_media.hpp"
#include "tests/engine/media/pipeline_run.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <span>
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

int keys_in(const std::vector<std::int16_t>& samples, SampleRate rate) {
    int keys = 0;
    DtmfDetector(rate).process(
        samples, [&](const DtmfReport& report) { keys += report.kind == DtmfReport::Kind::begin ? 1 : 0; });
    return keys;
}

/// Keys of 40 to 70 ms that begin anywhere in a frame, over faint noise.
struct PressedKeys {
    std::vector<std::int16_t> samples;
    std::vector<std::pair<SampleIndex, SampleIndex>> keys; ///< Begin and end of each.
};

PressedKeys pressed_keys(SampleRate rate) {
    std::vector<double> samples = test::white_noise(static_cast<std::size_t>(rate.hz()) * 12, -50.0, 5);
    PressedKeys pressed;
    SampleIndex at = rate.samples(Milliseconds{100});
    for (int i = 0; i < 40; ++i) {
        const char key = test::all_keys[static_cast<std::size_t>(i % 16)];
        const auto tone = test::sound({.key = key, .tone_ms = 40.0 + 10.0 * (i % 4)}, rate.hz());
        test::mix_into(samples, tone, static_cast<std::size_t>(at));
        pressed.keys.emplace_back(at, at + std::ssize(tone));
        at += rate.samples(Milliseconds{250.0 + 0.7 * i});
    }
    pressed.samples = test::to_pcm16(samples);
    return pressed;
}

TEST(CallMedia, KeysAreKeptFromTheOtherLeg) {
    for (const auto& [a_hz, b_hz] : {std::pair{8000, 8000}, {8000, 16000}, {48000, 8000}, {16000, 96000}}) {
        CallMediaConfig config{.rate = {rate_of(a_hz), rate_of(b_hz)}, .mix_bridge = true};
        const auto heard = pressed_keys(rate_of(a_hz)).samples;
        const auto open = bridged(config, heard, Milliseconds{20}, Leg::a);
        EXPECT_EQ(keys_in(open, rate_of(b_hz)), 40) << a_hz;
        config.mute_bridged_keys = true;
        const auto muted = bridged(config, heard, Milliseconds{20}, Leg::a);
        for (const Milliseconds block : {Milliseconds{5}, Milliseconds{10}, Milliseconds{20}}) {
            for (const Leg first : both_legs) {
                EXPECT_EQ(bridged(config, heard, block, first), muted) << a_hz << ' ' << block.value;
            }
        }
        EXPECT_EQ(keys_in(muted, rate_of(b_hz)), 0) << a_hz;
        const auto loud = std::ranges::count_if(muted, [](std::int16_t sample) { return sample > 500; });
        EXPECT_LE(loud, 40 * rate_of(b_hz).samples(Milliseconds{3}) / 2) << a_hz; // as many are below 0
    }
}

/// What leg b sends of what leg a hears, in blocks of random lengths, some of which are lost; on leg a's
/// clock. `before` is called before each block.
template <class Before>
std::vector<std::int16_t> in_random_blocks(CallMedia& media, std::span<const std::int16_t> heard,
                                           std::size_t longest, std::uint32_t seed, Before before) {
    std::mt19937 random(seed);
    EXPECT_TRUE(media.try_push(Leg::b, op(1, 0, Bridge{})));
    std::vector<std::int16_t> sent;
    while (sent.size() < heard.size()) {
        const std::size_t block = std::min(1 + random() % longest, heard.size() - sent.size());
        before(sent.size(), block);
        std::vector<std::int16_t> a(block);
        std::vector<std::int16_t> b(block);
        media.process(Leg::a, heard.subspan(sent.size(), block), a);
        media.process(Leg::b, std::vector<std::int16_t>(block), b);
        sent.insert(sent.end(), b.begin(), b.end());
    }
    EXPECT_EQ(media.bridge_samples_missing(), 0U);
    return sent;
}

TEST(CallMedia, OfAKeyAtMost3MsPassAndAllElseToTheBit) {
    for (const int hz : {8000, 11025, 16000, 44100, 48000}) {
        const SampleRate rate = rate_of(hz);
        const CallMediaConfig config{.rate = {rate, rate}, .mix_bridge = true, .mute_bridged_keys = true};
        const PressedKeys pressed = pressed_keys(rate);
        // 20 ms of bridge, a sample more where they are no whole number, and 30 ms of look-ahead.
        const SampleCount bridge = rate.samples(Milliseconds{20}) + (hz % 100 == 0 ? 0 : 1);
        const SampleCount delay = bridge + rate.samples(Milliseconds{30});
        std::vector<std::int16_t> suppressed(pressed.samples.size());
        DtmfSuppressor(rate).process(pressed.samples, suppressed);
        for (const std::uint32_t seed : {1U, 2U, 3U}) {
            CallMedia media(config);
            const auto sent = in_random_blocks(media, pressed.samples,
                                               static_cast<std::size_t>(rate.samples(Milliseconds{20})), seed,
                                               [](std::size_t, std::size_t) {});
            const auto [first, here] = std::mismatch(sent.begin() + bridge, sent.end(), suppressed.begin());
            EXPECT_EQ(first, sent.end()) << hz << ' ' << seed << " at " << here - suppressed.begin();
            const auto passed = [&](SampleIndex i) { return sent[static_cast<std::size_t>(i + delay)]; };
            SampleIndex at = 0;
            for (const auto& [begin, end] : pressed.keys) {
                for (; at < begin; ++at) {
                    ASSERT_EQ(passed(at), pressed.samples[static_cast<std::size_t>(at)]) << hz << ' ' << at;
                }
                SampleCount audible = 0;
                for (; at < end; ++at) {
                    audible += passed(at) != 0 ? 1 : 0;
                }
                EXPECT_LE(audible, rate.samples(Milliseconds{3})) << hz << " before " << end;
            }
            for (; at < std::ssize(sent) - delay; ++at) {
                ASSERT_EQ(passed(at), pressed.samples[static_cast<std::size_t>(at)]) << hz << ' ' << at;
            }
        }
    }
}

// A gateway sends the event beside the tone: it begins when the tone was recognised, and may end before it
// or behind it. What sounds in either is kept, and nothing else.
TEST(CallMedia, AMutedBridgeKeepsToneAndEventOfAKey) {
    const SampleRate rate = SampleRate::narrowband();
    const PressedKeys pressed = pressed_keys(rate);
    constexpr SampleCount delay = 400;
    struct Event {
        SampleIndex begin;
        SampleIndex end;
    };
    std::vector<Event> events;
    std::mt19937 random(7);
    const auto below = [&](int limit) {
        return static_cast<SampleCount>(random() % static_cast<unsigned>(limit));
    };
    for (const auto& [begin, end] : pressed.keys) {
        events.push_back({begin - 80 + below(240), end - 100 + below(200)});
    }
    for (const std::uint32_t seed : {1U, 2U, 3U}) {
        CallMedia media({.mix_bridge = true, .mute_bridged_keys = true});
        const auto sent =
            in_random_blocks(media, pressed.samples, 160, seed, [&](std::size_t first, std::size_t count) {
                const auto falls_here = [&](SampleIndex at) {
                    return at >= static_cast<SampleIndex>(first) &&
                           at < static_cast<SampleIndex>(first + count);
                };
                for (const Event& event : events) { // at most 20 ms late
                    KeyReport report{KeyReport::Kind::begin,
                                     KeyReport::Source::telephone_event,
                                     *Key::from_character('5'),
                                     static_cast<RtpTimestamp>(event.begin),
                                     0,
                                     Dbm0{-10.0},
                                     false};
                    if (falls_here(event.begin + 160)) {
                        media.hear_key_event(Leg::a, report);
                    }
                    report.kind = KeyReport::Kind::end;
                    report.duration = event.end - event.begin;
                    if (falls_here(event.end)) {
                        media.hear_key_event(Leg::a, report);
                    }
                }
                EXPECT_FALSE(media.next_key_event(Leg::b));
            });
        EXPECT_EQ(keys_in(sent, rate), 0);
        SampleIndex at = 0;
        for (std::size_t i = 0; i < events.size(); ++i) {
            const auto& [begin, end] = pressed.keys[i];
            for (; at < std::min(begin, events[i].begin); ++at) {
                ASSERT_EQ(sent[static_cast<std::size_t>(at + delay)],
                          pressed.samples[static_cast<std::size_t>(at)])
                    << at;
            }
            SampleCount audible = 0;
            for (; at < std::max(end, events[i].end); ++at) {
                const bool inside = at >= events[i].begin + 4 && at < events[i].end - 4; // its fades: 0.5 ms
                const std::int16_t passed = sent[static_cast<std::size_t>(at + delay)];
                ASSERT_TRUE(!inside || passed == 0) << at;
                audible += passed != 0 && at >= begin && at < end ? 1 : 0;
            }
            EXPECT_LE(audible, 24) << "key " << i; // 3 ms
        }
    }
}

} // namespace
} // namespace keytone
