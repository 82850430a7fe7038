// SPDX-License-Identifier: MIT
#include "engine/media/call_bridge.hpp"
#include "engine/media/leg_clock.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <span>
#include <vector>

namespace keytone {
namespace {

SampleRate rate_of(int hz) {
    return *SampleRate::from_hz(hz);
}

/// What both legs send, -1 where they are not connected; in 10 ms blocks, the legs in either order. The
/// bridge gets what each heard `held_back` samples late.
PerLeg<std::vector<std::int16_t>> run(CallBridge& bridge, PerLeg<SampleRate> rate,
                                      const PerLeg<std::vector<std::int16_t>>& heard, Leg first,
                                      SampleIndex connect_at, SampleIndex part_at,
                                      PerLeg<SampleCount> held_back = {}) {
    PerLeg<std::vector<std::int16_t>> sent;
    PerLeg<SampleIndex> position{0, 0};
    bridge.start_at(Leg::a, 0);
    bridge.start_at(Leg::b, 0);
    const auto ended = [&](Leg leg) { return position[leg] >= std::ssize(heard[leg]); };
    for (SampleIndex block = 1; !ended(Leg::a) && !ended(Leg::b); ++block) {
        for (const Leg leg : {first, other(first)}) {
            const SampleIndex end = block * rate[leg].hz() / 100; // 110 or 111 samples at 11.025 kHz
            while (position[leg] < end) {
                if (leg == Leg::b && position[leg] == connect_at) {
                    bridge.connect(leg, position[leg]);
                }
                if (leg == Leg::b && position[leg] == part_at) {
                    bridge.part(leg, position[leg]);
                }
                SampleIndex next = std::min(end, bridge.next_change(leg, position[leg]));
                for (const SampleIndex at : {connect_at, part_at}) {
                    next = leg == Leg::b && at > position[leg] ? std::min(next, at) : next;
                }
                const auto count = static_cast<std::size_t>(next - position[leg]);
                const auto place = [&](SampleIndex at) {
                    return static_cast<std::size_t>(std::max<SampleIndex>(at - held_back[leg], 0));
                };
                const std::size_t from = place(position[leg]);
                bridge.hear(leg, std::span(heard[leg]).subspan(from, place(next) - from));
                std::vector<std::int16_t> out(count, -1);
                if (bridge.connected(leg, position[leg])) {
                    bridge.send(leg, position[leg], out);
                }
                sent[leg].insert(sent[leg].end(), out.begin(), out.end());
                position[leg] = next;
            }
        }
    }
    return sent;
}

TEST(CallBridge, EachLegSendsWhatTheOtherHeard) {
    const PerLeg<SampleRate> rate{rate_of(8000), rate_of(8000)};
    PerLeg<std::vector<std::int16_t>> heard;
    for (int i = 0; i < 8000; ++i) {
        heard[Leg::a].push_back(static_cast<std::int16_t>(i + 1));
        heard[Leg::b].push_back(static_cast<std::int16_t>(-i - 2));
    }
    for (const Leg first : both_legs) {
        CallBridge bridge(rate, Milliseconds{20}, Milliseconds{10}, true);
        const auto sent = run(bridge, rate, heard, first, 3003, 5005);
        EXPECT_EQ(bridge.samples_missing(), 0U);
        for (SampleIndex i = 0; i < 8000; ++i) {
            const auto at = static_cast<std::size_t>(i);
            // Leg b from the op's sample on, with silence first; leg a one delay later.
            const int from_a = i < 3003 || i >= 5005 ? -1 : i < 3163 ? 0 : static_cast<int>(i) - 160 + 1;
            const int from_b = i < 3163 || i >= 5165 ? -1 : -(static_cast<int>(i) - 160) - 2;
            ASSERT_EQ(sent[Leg::b][at], from_a) << i;
            ASSERT_EQ(sent[Leg::a][at], from_b) << i;
        }
    }
}

TEST(CallBridge, LegsOfAnyTwoRates) {
    for (const int a_hz : SampleRate::offered_hz) {
        for (const int b_hz : SampleRate::offered_hz) {
            const PerLeg<SampleRate> rate{rate_of(a_hz), rate_of(b_hz)};
            PerLeg<std::vector<std::int16_t>> heard;
            for (const Leg leg : both_legs) {
                for (int i = 0; i < rate[leg].hz() / 2; ++i) {
                    const double turns = 500.0 * i / rate[leg].hz();
                    heard[leg].push_back(static_cast<std::int16_t>(
                        std::lround(8000 * std::sin(2 * std::numbers::pi * turns))));
                }
            }
            PerLeg<std::vector<std::int16_t>> by_first;
            // Every other pair gets what was heard later by 30 ms.
            const bool holds_back = (a_hz + b_hz) / 1000 % 2 == 1 || a_hz == b_hz;
            const auto held = [&](Leg leg) { return holds_back ? rate[leg].samples(Milliseconds{30}) : 0; };
            const PerLeg<SampleCount> held_back{held(Leg::a), held(Leg::b)};
            for (const Leg first : both_legs) {
                CallBridge bridge(rate, Milliseconds{20}, Milliseconds{10}, true, held_back);
                const auto sent = run(bridge, rate, heard, first, 0, unlimited, held_back);
                EXPECT_EQ(bridge.samples_missing(), 0U) << a_hz << ' ' << b_hz;
                by_first[first] = sent[Leg::a];
                for (const Leg leg : both_legs) {
                    // The same tone, no weaker, and later by the delay and the filter's delay.
                    double sine = 0.0;
                    double cosine = 0.0;
                    double energy = 0.0;
                    const int hz = rate[leg].hz();
                    for (int i = hz / 5; i < hz * 2 / 5; ++i) {
                        const double sample = sent[leg][static_cast<std::size_t>(i)] / 8000.0;
                        const double angle = 2 * std::numbers::pi * 500.0 * i / hz;
                        sine += sample * std::sin(angle);
                        cosine += sample * std::cos(angle);
                        energy += sample * sample;
                    }
                    const double scale = 2.0 / (hz / 5.0);
                    const double amplitude = scale * std::hypot(sine, cosine);
                    EXPECT_NEAR(amplitude, 1.0, 0.01) << a_hz << ' ' << b_hz;
                    EXPECT_NEAR(energy * scale, amplitude * amplitude, 1e-4) << a_hz << ' ' << b_hz;
                    // At equal rates there may be one sample more, where 10 ms are no whole number of
                    // samples.
                    const double late = a_hz == b_hz ? (hz % 100 == 0 ? 0.0 : 1.0 / hz)
                                                     : 28.0 / std::min(a_hz, b_hz) + 2.0 / hz;
                    // At 11.025 kHz, 20 ms are no whole number of samples.
                    const double longer =
                        std::ceil(static_cast<double>(held_back[other(leg)]) * hz / rate[other(leg)].hz());
                    const double delay =
                        (static_cast<double>(rate[leg].samples(Milliseconds{20})) + longer) / hz;
                    const double expected = -2 * std::numbers::pi * 500.0 * (delay + late);
                    const double off =
                        std::remainder(std::atan2(cosine, sine) - expected, 2 * std::numbers::pi);
                    EXPECT_NEAR(off, 0.0, 0.01) << a_hz << ' ' << b_hz;
                }
            }
            EXPECT_EQ(by_first[Leg::a], by_first[Leg::b]) << a_hz << ' ' << b_hz;
        }
    }
}

TEST(CallBridge, WhatIsNotThereIsSilenceAndCounted) {
    const PerLeg<SampleRate> rate{rate_of(8000), rate_of(8000)};
    CallBridge bridge(rate, Milliseconds{20}, Milliseconds{10}, true);
    bridge.start_at(Leg::a, 0);
    bridge.start_at(Leg::b, 0);
    bridge.connect(Leg::b, 0);
    const std::vector<std::int16_t> heard(240, 5);
    std::vector<std::int16_t> sent(400, 9);
    bridge.hear(Leg::a, heard);
    bridge.send(Leg::b, 0, std::span(sent).first(160));
    EXPECT_EQ(bridge.samples_missing(), 0U); // before the bridge nothing is missing
    bridge.send(Leg::b, 160, sent);
    EXPECT_EQ(bridge.samples_missing(), 160U);
    EXPECT_EQ(sent[239], 5);
    EXPECT_EQ(sent[240], 0);
    bridge.hear(Leg::a, heard); // 480 heard, the last 240 kept
    bridge.send(Leg::b, 399, std::span(sent).first(2));
    EXPECT_EQ(sent[0], 0);
    EXPECT_EQ(sent[1], 5);
    EXPECT_EQ(bridge.samples_missing(), 161U);
}

TEST(CallBridge, APartedLegCanBeConnectedAgain) {
    const PerLeg<SampleRate> rate{rate_of(8000), rate_of(8000)};
    CallBridge bridge(rate, Milliseconds{20}, Milliseconds{10}, true);
    bridge.part(Leg::a, 5); // never connected: nothing happens
    bridge.connect(Leg::b, 100);
    EXPECT_EQ(bridge.next_change(Leg::a, 0), 260);
    bridge.part(Leg::a, 1000);
    EXPECT_TRUE(bridge.connected(Leg::a, 999));
    EXPECT_FALSE(bridge.connected(Leg::a, 1000));
    EXPECT_TRUE(bridge.connected(Leg::b, 1159));
    EXPECT_FALSE(bridge.connected(Leg::b, 1160));
    EXPECT_EQ(bridge.next_change(Leg::b, 1160), unlimited);
    bridge.connect(Leg::a, 5000);
    EXPECT_FALSE(bridge.connected(Leg::a, 4999));
    EXPECT_TRUE(bridge.connected(Leg::a, 5000));
    EXPECT_FALSE(bridge.connected(Leg::b, 5159));
    EXPECT_TRUE(bridge.connected(Leg::b, 5160));
}

TEST(CallBridge, NothingIsMissedHoweverOftenTheLegsAreParted) {
    // Ops of either leg connect and part them at any sample; in each block, either leg is the first.
    constexpr SampleIndex block = 160;
    const PerLeg<SampleRate> rate{rate_of(8000), rate_of(8000)};
    const auto sample = [](Leg leg, SampleIndex at) {
        return static_cast<std::int16_t>((leg == Leg::a ? 1 : -1) * (at % 30000 + 1));
    };
    CallBridge bridge(rate, Milliseconds{20}, Milliseconds{20}, true);
    bridge.start_at(Leg::a, 0);
    bridge.start_at(Leg::b, 0);
    std::mt19937 random(1);
    PerLeg<SampleIndex> position{0, 0};
    SampleIndex connected_at = 0;
    PerLeg<int> sent{0, 0};
    for (SampleIndex end = block; end < 4000 * block; end += block) {
        const Leg first = random() % 2 == 0 ? Leg::a : Leg::b;
        for (const Leg leg : {first, other(first)}) {
            while (position[leg] < end) {
                const SampleIndex at = position[leg];
                const auto op = random() % 64;
                if (op == 0) {
                    bridge.connect(leg, at);
                    connected_at = std::max(connected_at, at);
                } else if (op <= 2) {
                    bridge.part(leg, at);
                }
                const SampleIndex part = at + 1 + static_cast<SampleIndex>(random() % block);
                const SampleIndex next = std::min({end, bridge.next_change(leg, at), part});
                std::vector<std::int16_t> heard;
                for (SampleIndex i = at; i < next; ++i) {
                    heard.push_back(sample(leg, i));
                }
                bridge.hear(leg, heard);
                if (bridge.connected(leg, at)) {
                    bridge.send(leg, at, heard);
                    for (SampleIndex i = at; i < next; ++i) {
                        const std::int16_t out = heard[static_cast<std::size_t>(i - at)];
                        const bool early = i - block < connected_at && out == 0;
                        ASSERT_TRUE(early || out == sample(other(leg), i - block)) << i;
                        sent[leg] += early ? 0 : 1;
                    }
                }
                position[leg] = next;
            }
        }
    }
    EXPECT_EQ(bridge.samples_missing(), 0U);
    EXPECT_GT(sent[Leg::a], 400 * block);
    EXPECT_GT(sent[Leg::b], 400 * block);
}

TEST(CallBridge, OneThatDoesNotMixDoesNothing) {
    CallBridge bridge({rate_of(8000), rate_of(48000)}, Milliseconds{20}, Milliseconds{10}, false);
    bridge.hear(Leg::a, std::vector<std::int16_t>(100, 5));
    bridge.connect(Leg::b, 0);
    EXPECT_FALSE(bridge.connected(Leg::b, 0));
    EXPECT_FALSE(bridge.connected(Leg::a, 100000));
    EXPECT_EQ(bridge.bytes(), 0U);
}

} // namespace
} // namespace keytone
