// SPDX-License-Identifier: MIT
//
// At 8 kHz the lead is 320 samples, the tail 480, and a fade 40.
#include "engine/media/agent_mute.hpp"
#include "engine/media_action.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace keytone {
namespace {

struct Tone {
    SampleIndex begin;
    SampleIndex end;
    SampleIndex known_since;
};

struct Outcome {
    std::vector<std::int16_t> agent;
    std::vector<AgentMute::Range> ranges;
};

/// Runs sample by sample, so that next_change() is checked, too.
Outcome run(std::vector<Tone> tones, std::int16_t level, SampleCount length) {
    AgentMute mute(*SampleRate::from_hz(8000));
    Outcome outcome;
    SampleIndex promised = 0;
    for (SampleIndex now = 0; now < length; ++now) {
        if (!tones.empty() && tones.front().end == now) {
            mute.tone_ended(now);
            tones.erase(tones.begin());
            promised = now;
        }
        std::optional<AgentMute::ComingTone> coming;
        if (!tones.empty() && now >= tones.front().known_since) {
            coming = {tones.front().begin, tones.front().known_since};
            promised = now == tones.front().known_since ? now : promised;
        }
        if (const auto range = mute.update(now, coming)) {
            EXPECT_EQ(promised, now);
            outcome.ranges.push_back(*range);
        }
        promised = promised <= now ? mute.next_change(now, coming) : promised;
        std::int16_t sample = level;
        mute.apply(std::span(&sample, 1), now);
        outcome.agent.push_back(sample);
    }
    return outcome;
}

TEST(AgentMute, RangesAroundTones) {
    struct Case {
        const char* name;
        std::vector<Tone> tones;
        std::vector<std::pair<SampleIndex, SampleIndex>> ranges;
    };
    const std::vector<Case> cases{
        {"the whole lead", {{1000, 2000, 0}}, {{680, 2480}}},
        {"known late", {{1000, 2000, 900}}, {{900, 2480}}},
        {"no lead", {{1000, 2000, 1000}}, {{1000, 2480}}},
        {"touching", {{1000, 2000, 0}, {2800, 3000, 0}}, {{680, 3480}}},
        {"one sample apart", {{1000, 2000, 0}, {2801, 3000, 0}}, {{680, 2480}, {2481, 3480}}},
        {"known before the tail ends", {{1000, 2000, 0}, {2500, 3000, 2479}}, {{680, 3480}}},
    };
    for (const Case& c : cases) {
        const Outcome outcome = run(c.tones, 1000, 5000);
        ASSERT_EQ(outcome.ranges.size(), c.ranges.size()) << c.name;
        for (std::size_t i = 0; i < c.ranges.size(); ++i) {
            EXPECT_EQ(outcome.ranges[i].begin, c.ranges[i].first) << c.name;
            EXPECT_EQ(outcome.ranges[i].end, c.ranges[i].second) << c.name;
        }
        for (SampleIndex i = 0; i < 5000; ++i) {
            const auto sample = outcome.agent[static_cast<std::size_t>(i)];
            const bool in_tone = std::any_of(c.tones.begin(), c.tones.end(), [&](const Tone& tone) {
                return i >= tone.begin && i < tone.end + 480;
            });
            const bool near_range = std::any_of(c.ranges.begin(), c.ranges.end(), [&](const auto& range) {
                return i >= range.first && i < range.second + 40;
            });
            if (in_tone) {
                ASSERT_EQ(sample, 0) << c.name << ' ' << i;
            } else if (!near_range) {
                ASSERT_EQ(sample, 1000) << c.name << ' ' << i;
            }
        }
    }
}

TEST(AgentMute, FadesAreSmooth) {
    const Outcome outcome = run({{1000, 2000, 0}, {2801, 3000, 0}}, 10000, 4000);
    for (std::size_t i = 1; i < outcome.agent.size(); ++i) {
        ASSERT_LE(std::abs(outcome.agent[i] - outcome.agent[i - 1]), 10000 * 3.15 / 2 / 40) << i;
    }
    EXPECT_EQ(outcome.agent[679], 10000);
    EXPECT_EQ(outcome.agent[720], 0);
}

TEST(AgentMute, SilenceIsNotReported) {
    EXPECT_TRUE(run({{1000, 2000, 0}}, 0, 5000).ranges.empty());
}

TEST(AgentMute, AToneThatDoesNotComeGivesTheVoiceBack) {
    AgentMute mute(*SampleRate::from_hz(8000));
    EXPECT_FALSE(mute.update(700, AgentMute::ComingTone{1000, 0}));
    std::vector<std::int16_t> voice(100, 500);
    mute.apply(voice, 700);
    const auto range = mute.update(800, std::nullopt);
    ASSERT_TRUE(range);
    EXPECT_EQ(range->begin, 700);
    EXPECT_EQ(range->end, 800);
    std::vector<std::int16_t> later(100, 500);
    mute.apply(later, 800);
    EXPECT_LT(later.front(), 5);
    EXPECT_EQ(later[40], 500);
}

} // namespace
} // namespace keytone
