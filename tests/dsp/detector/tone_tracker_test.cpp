// SPDX-License-Identifier: MIT
#include "dsp/detector/key_tones.hpp"
#include "dsp/detector/tone_tracker.hpp"
#include "dsp/levels.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

namespace keytone {
namespace {

using test::KeyPress;
using test::sound;
using test::to_pcm16;

std::vector<std::int16_t> key_samples(const KeyPress& press) {
    return to_pcm16(sound(press, 8000));
}

SubBlock sub_block(const std::vector<std::int16_t>& samples, std::size_t index) {
    return SubBlock(samples.data() + index * sub_block_size, sub_block_size);
}

// In: one character for each sub-block, `P` the tones of a key, `.` silence, `x` lost. Out: `y` where a key
// may sound.
std::string may_sound(std::string_view sub_blocks) {
    const auto key = key_samples({.key = '5', .tone_ms = 5.0 * static_cast<double>(sub_blocks.size())});
    const std::vector<std::int16_t> silence(sub_block_size);
    ToneTracker tracker;
    std::string out;
    for (std::size_t i = 0; i < sub_blocks.size(); ++i) {
        tracker.push(sub_blocks[i] == 'P' ? sub_block(key, i) : sub_block(silence, 0), sub_blocks[i] == 'x');
        out += tracker.key_may_sound() ? 'y' : '.';
    }
    return out;
}

TEST(ToneTracker, WantsFourOfTheLastFive) {
    EXPECT_EQ(may_sound(".PPPPPP..."), "....yyyy..");
    EXPECT_EQ(may_sound(".PPP.PPP.."), ".....yyy..");
    EXPECT_EQ(may_sound(".PPP..PPP."), "..........");
    EXPECT_EQ(may_sound(".........."), "..........");
}

TEST(ToneTracker, CountsOnlyWhatArrived) {
    EXPECT_EQ(may_sound("PPPxxxxPP"), ".......yy");
    EXPECT_EQ(may_sound("PPPPPxPxx"), "...yy.y..");
}

TEST(ToneTracker, HearsAgainWhatWasPutRight) {
    const auto key = key_samples({.key = '8', .tone_ms = 40.0});
    const auto other = to_pcm16(test::white_noise(8 * sub_block_size, -20.0, 4));
    ToneTracker right;
    ToneTracker wrong;
    for (std::size_t i = 0; i < 8; ++i) {
        right.push(sub_block(key, i), i == 5, true);
        wrong.push(sub_block(i < 2 ? key : other, i), i == 5, true);
    }
    EXPECT_TRUE(right.key_may_sound());
    EXPECT_FALSE(wrong.key_may_sound());
    wrong.hear_again(6, [&](std::int64_t index, std::span<std::int16_t, sub_block_size> samples) {
        std::ranges::copy(sub_block(key, static_cast<std::size_t>(index)), samples.begin());
    });
    EXPECT_EQ(wrong.count(), right.count());
    EXPECT_EQ(wrong.oldest(), right.oldest());
    EXPECT_TRUE(wrong.key_may_sound());
    EXPECT_EQ(wrong.filled_sub_blocks(), right.filled_sub_blocks());
    EXPECT_EQ(wrong.screened_energy().tones, right.screened_energy().tones);
    for (std::int64_t b = 0; b < 8; ++b) {
        EXPECT_EQ(wrong.lost(b), b == 5);
        EXPECT_TRUE(std::ranges::equal(wrong.samples(b), right.samples(b))) << b;
    }
}

TEST(ToneTracker, MeasuresFrequenciesOfEveryKey) {
    for (const char key : test::all_keys) {
        for (const double offset : {-1.8, 0.0, 1.8}) {
            const auto samples = key_samples({.key = key,
                                              .tone_ms = 25.0,
                                              .low_offset_percent = offset,
                                              .high_offset_percent = -offset,
                                              .low_phase = 1.0});
            ToneTracker tracker;
            for (std::size_t i = 0; i < 5; ++i) {
                tracker.push(sub_block(samples, i), false);
            }
            const auto pair = tracker.strongest_pair();
            ASSERT_TRUE(pair) << key << offset;
            const Key heard = Key::at(pair->pair.row, pair->pair.column);
            EXPECT_EQ(heard.character(), key);
            EXPECT_NEAR(pair->pair.low.value, heard.low().value * (1.0 + offset / 100.0), 6.0)
                << key << offset;
            EXPECT_NEAR(pair->pair.high.value, heard.high().value * (1.0 - offset / 100.0), 6.0)
                << key << offset;
            EXPECT_GT(pair->share(), 0.8);
        }
    }
}

// Pushed or skimmed, a sub-block is screened by the same limits.
bool passes(double dbm0, const ToneTracker& fresh) {
    const auto samples = key_samples({.key = '8', .tone_ms = 30.0, .low_dbm0 = dbm0, .high_dbm0 = dbm0});
    ToneTracker pushed = fresh;
    ToneTracker skimmed = fresh;
    pushed.push(sub_block(samples, 1), false);
    skimmed.skim(std::span(samples).subspan(sub_block_size, sub_block_size));
    EXPECT_EQ(pushed.last_passed(), skimmed.last_passed()) << dbm0;
    pushed.reset();
    pushed.push(sub_block(samples, 1), false);
    return pushed.last_passed();
}

TEST(ToneTracker, LooksAtWhatIsAsLoudAsItsLimits) {
    EXPECT_TRUE(passes(-46.0, ToneTracker()));
    EXPECT_FALSE(passes(-50.0, ToneTracker()));
    EXPECT_TRUE(passes(-52.0, ToneTracker(Dbm0{-54})));
    EXPECT_FALSE(passes(-56.0, ToneTracker(Dbm0{-54})));
    EXPECT_TRUE(passes(-64.0, ToneTracker(Dbm0{-66})));
    EXPECT_FALSE(passes(-75.0, ToneTracker(Dbm0{-66})));
    // It is never less sensitive than usual.
    EXPECT_TRUE(passes(-46.0, ToneTracker(Dbm0{-20})));
}

// One tone is far from any key's frequency; what is left near a key's is the other one, with half of the
// energy.
TEST(ToneTracker, TakesNoToneFarFromAnyKey) {
    const auto samples = key_samples(
        {.key = 'D', .tone_ms = 25.0, .low_dbm0 = -10, .high_dbm0 = -10, .high_offset_percent = 6.0});
    ToneTracker tracker;
    for (std::size_t i = 0; i < 5; ++i) {
        tracker.push(sub_block(samples, i), false);
    }
    const auto pair = tracker.strongest_pair();
    EXPECT_TRUE(!pair || pair->share() < 0.6);
}

// The high tone is 8 dB weaker, and both are 1.5 % low: the filters at 1209 and 1633 Hz hold more of the low
// tone than of the high one.
TEST(ToneTracker, FindsAWeakHighToneBesideAStrongLowOne) {
    const auto samples = key_samples({.key = '0',
                                      .tone_ms = 25.0,
                                      .low_dbm0 = -12,
                                      .high_dbm0 = -20,
                                      .low_offset_percent = -1.5,
                                      .high_offset_percent = -1.5});
    ToneTracker tracker;
    for (std::size_t i = 0; i < 5; ++i) {
        tracker.push(sub_block(samples, i), false);
    }
    const auto pair = tracker.strongest_pair();
    ASSERT_TRUE(pair);
    EXPECT_EQ(Key::at(pair->pair.row, pair->pair.column).character(), '0');
}

TEST(ToneTracker, KeepsSamplesAndLossesOfItsHistory) {
    ToneTracker tracker;
    std::vector<std::int16_t> samples(sub_block_size);
    for (std::int64_t b = 0; b < 40; ++b) {
        samples.assign(sub_block_size, static_cast<std::int16_t>(b));
        tracker.push(sub_block(samples, 0), b % 3 == 0, true);
    }
    EXPECT_EQ(tracker.oldest(), 40 - ToneTracker::history);
    for (std::int64_t b = tracker.oldest(); b < 40; ++b) {
        EXPECT_EQ(tracker.samples(b)[7], b);
        EXPECT_EQ(tracker.lost(b), b % 3 == 0);
    }
    tracker.reset();
    EXPECT_EQ(tracker.count(), 0);
    EXPECT_FALSE(tracker.key_may_sound());
}

TEST(ToneTracker, KeepsSamplesFromBeforeWhatPasses) {
    const std::vector<std::int16_t> silence(sub_block_size);
    const auto key = key_samples({.key = '5', .tone_ms = 30.0});
    // Switched on abruptly in the middle of sub-block 6, or 7.
    for (const std::int64_t first : {6, 7}) {
        ToneTracker tracker;
        for (std::int64_t b = 0; b < 12; ++b) {
            std::vector<std::int16_t> samples = silence;
            if (b == first) {
                std::copy_n(key.begin(), 20, samples.begin() + 20);
            } else if (b > first) {
                const auto from = 20 + (b - first - 1) * std::int64_t{sub_block_size};
                std::copy_n(key.begin() + from, sub_block_size, samples.begin());
            }
            tracker.push(sub_block(samples, 0), false);
        }
        EXPECT_TRUE(tracker.key_may_sound());
        EXPECT_LE(tracker.oldest(), first);
        EXPECT_EQ(tracker.samples(first)[25], key[5]);
    }
}

// In: one character for each sub-block, `h` a hiss far above any key's tones, `.` silence. Out: how many
// sub-blocks are kept after each. The same when pushed, and when skimmed in frames of any size.
std::string kept(const std::string& sub_blocks) {
    std::vector<std::int16_t> line(sub_block_size * sub_blocks.size());
    for (std::size_t n = 0; n < line.size(); ++n) {
        const double turns = 0.325 * static_cast<double>(n); // 2600 Hz
        const bool sounds = sub_blocks[n / sub_block_size] == 'h';
        line[n] = sounds ? static_cast<std::int16_t>(700.0 * std::sin(2.0 * std::numbers::pi * turns))
                         : std::int16_t{0};
    }
    std::string out;
    ToneTracker pushed;
    for (std::size_t b = 0; b < sub_blocks.size(); ++b) {
        pushed.push(sub_block(line, b), false);
        out += std::to_string(pushed.count() - pushed.oldest());
    }
    for (std::size_t most = 1; most <= sub_blocks.size(); ++most) {
        ToneTracker skimmed;
        for (std::size_t b = 0; b < sub_blocks.size();) {
            const auto rest = std::span<const std::int16_t>(line).subspan(b * sub_block_size);
            const std::size_t taken = skimmed.skim(rest.first(std::min(most * sub_block_size, rest.size())));
            if (taken == 0) {
                ADD_FAILURE() << "nothing was skimmed at " << b << " of " << sub_blocks;
                return out;
            }
            b += taken;
            EXPECT_EQ(std::to_string(skimmed.count() - skimmed.oldest()), out.substr(b - 1, 1)) << b << most;
            for (std::int64_t k = skimmed.oldest(); k < skimmed.count(); ++k) {
                const SubBlock sent = sub_block(line, static_cast<std::size_t>(k));
                EXPECT_TRUE(std::ranges::equal(skimmed.samples(k), sent)) << k;
            }
        }
    }
    return out;
}

// Soft sub-blocks are as good as silence. Of loud ones up to 20 ms are kept, as every second sub-block shows.
TEST(ToneTracker, KeepsOnlyWhatWasLoudBeforeAKey) {
    EXPECT_EQ(kept(".........."), "1111111111");
    EXPECT_EQ(kept("hhhhhhhhhh"), "1234444444"); // nothing was before the first
    EXPECT_EQ(kept("....hhhhhh"), "1111234444");
    EXPECT_EQ(kept(".....hhhhh"), "1111112344");
    EXPECT_EQ(kept("hhhhhh...."), "1234441111");
    EXPECT_EQ(kept("hhhhh....."), "1234441111");
    EXPECT_EQ(kept("..h...hh.."), "1123112311");
}

// Skimming is a faster way of pushing, and nothing else.
void expect_skims_as_it_pushes(double noise_dbm0, double key_dbm0) {
    auto line = to_pcm16(test::white_noise(160'000, noise_dbm0, 4));
    const auto key = key_samples({.key = '9', .tone_ms = 45.0, .low_dbm0 = key_dbm0, .high_dbm0 = key_dbm0});
    for (std::size_t at = 700; at + key.size() < line.size(); at += 1511) {
        for (std::size_t n = 0; n < key.size(); ++n) {
            line[at + n] = static_cast<std::int16_t>(line[at + n] + key[n]);
        }
    }
    for (const std::size_t size : {1U, 2U, 4U, 7U}) {
        ToneTracker pushed;
        ToneTracker skimmed;
        std::size_t skims = 0;
        for (std::size_t at = 0; at + size * sub_block_size <= line.size(); at += size * sub_block_size) {
            auto frame = std::span<const std::int16_t>(line).subspan(at, size * sub_block_size);
            while (!frame.empty()) {
                std::size_t taken = skimmed.skim(frame);
                skims += taken;
                if (taken == 0) {
                    skimmed.push(frame.first<sub_block_size>(), false);
                    taken = 1;
                }
                for (std::size_t i = 0; i < taken; ++i) {
                    pushed.push(SubBlock(frame.subspan(i * sub_block_size, sub_block_size)), false);
                }
                ASSERT_EQ(skimmed.count(), pushed.count());
                ASSERT_EQ(skimmed.key_may_sound(), pushed.key_may_sound());
                ASSERT_EQ(skimmed.key_may_begin(), pushed.key_may_begin());
                ASSERT_EQ(skimmed.oldest(), pushed.oldest()) << skimmed.count();
                for (std::int64_t b = skimmed.oldest(); b < skimmed.count(); ++b) {
                    ASSERT_TRUE(std::ranges::equal(skimmed.samples(b), pushed.samples(b)));
                }
                frame = frame.subspan(taken * sub_block_size);
            }
        }
        EXPECT_GT(skims, 100U);
    }
}

TEST(ToneTracker, SkimsAsItPushes) {
    expect_skims_as_it_pushes(-50.0, -20.0);
}

// Tones that are too soft to pass, but strong beside all else; and some that pass, but are not strong.
TEST(ToneTracker, SkimsSoftKeysAsItPushes) {
    expect_skims_as_it_pushes(-46.0, -47.0);
}

// Following a key is a faster way of pushing, and nothing else.
TEST(ToneTracker, FollowsAsItPushes) {
    auto line = to_pcm16(test::white_noise(2400, -40.0, 4));
    const auto key = key_samples({.key = '9', .tone_ms = 203.0, .low_dbm0 = -12, .high_dbm0 = -10});
    for (std::size_t n = 0; n < key.size(); ++n) {
        line[n] = static_cast<std::int16_t>(line[n] + key[n]);
    }
    constexpr std::size_t begun = 6;
    for (const std::size_t size : {1U, 3U, 4U, 9U}) {
        ToneTracker pushed;
        for (std::size_t i = 0; i < begun; ++i) {
            pushed.push(sub_block(line, i), false, true);
        }
        KeyTones tones(1.0F);
        tones.begin({2, 2, low_group[2], high_group[2]},
                    {sine_power_pcm16(Dbm0{-12}), sine_power_pcm16(Dbm0{-10})}, 0.0F);
        ToneTracker followed = pushed;
        std::size_t at = begun;
        while (true) {
            const auto rest = std::span<const std::int16_t>(line).subspan(at * sub_block_size);
            const auto run =
                followed.follow(rest.first(size * sub_block_size), tones.pair(), tones.followed());
            if (run.taken == 0) {
                break;
            }
            for (std::size_t i = 0; i < run.taken; ++i) {
                pushed.push(sub_block(line, at + i), false, true);
                const HeardTones heard = pushed.last_tones(2, 2);
                EXPECT_EQ(run.found.tones[i], heard.energy[0] + heard.energy[1]);
                EXPECT_EQ(run.found.residual[i], std::max(0.0F, heard.total - run.found.tones[i]));
                EXPECT_EQ(run.found.energy[i], heard.total);
            }
            at += run.taken;
            ASSERT_EQ(followed.count(), pushed.count());
            ASSERT_EQ(followed.oldest(), pushed.oldest());
            ASSERT_EQ(followed.last_passed(), pushed.last_passed());
            ASSERT_EQ(followed.key_may_begin(), pushed.key_may_begin());
            ASSERT_EQ(followed.key_may_sound(), pushed.key_may_sound());
            ASSERT_EQ(followed.lasted().at_least, pushed.lasted().at_least);
            ASSERT_EQ(followed.lasted().at_most, pushed.lasted().at_most);
            ASSERT_EQ(followed.filled_sub_blocks(), pushed.filled_sub_blocks());
            ASSERT_EQ(followed.first_filled(8), pushed.first_filled(8));
            ASSERT_EQ(followed.screened_energy().tones, pushed.screened_energy().tones);
            ASSERT_EQ(followed.screened_energy().residual, pushed.screened_energy().residual);
            for (std::int64_t b = followed.oldest(); b < followed.count(); ++b) {
                ASSERT_TRUE(std::ranges::equal(followed.samples(b), pushed.samples(b)));
            }
        }
        EXPECT_EQ(at, 40U) << size; // up to the sub-block that the tone does not fill
    }
}

TEST(ToneTracker, MeasuresAPairByTheLastSubBlockOnlyWhereItWasFiltered) {
    const auto key = key_samples({.key = '9', .tone_ms = 100.0, .low_dbm0 = -12, .high_dbm0 = -10});
    ToneTracker pushed;
    for (std::size_t i = 0; i < 8; ++i) {
        pushed.push(sub_block(key, i), false, true);
    }
    KeyTones tones(1.0F);
    tones.begin({2, 2, low_group[2], high_group[2]},
                {sine_power_pcm16(Dbm0{-12}), sine_power_pcm16(Dbm0{-10})}, 0.0F);
    ToneTracker followed = pushed;
    const auto rest = std::span<const std::int16_t>(key).subspan(8 * sub_block_size, 4 * sub_block_size);
    ASSERT_EQ(followed.follow(rest, tones.pair(), tones.followed()).taken, 4U);
    for (std::size_t i = 8; i < 12; ++i) {
        pushed.push(sub_block(key, i), false, true);
    }
    EXPECT_EQ(followed.strongest_pair()->pair.low.value, pushed.strongest_pair()->pair.low.value);
    EXPECT_EQ(followed.strongest_pair()->energy, pushed.strongest_pair()->energy);
}

TEST(ToneTracker, KnowsHowLongAToneLastedAtMost) {
    const auto key = key_samples({.key = '1', .tone_ms = 100.0, .low_dbm0 = -12, .high_dbm0 = -10});
    const std::vector<std::int16_t> soft(sub_block_size, 20); // 50 dB below the key
    const std::vector<std::int16_t> louder(sub_block_size, 400);
    const auto knows = [&](const std::vector<std::int16_t>& first, const std::vector<std::int16_t>& second) {
        ToneTracker tracker;
        tracker.push(sub_block(first, 0), false, true);
        tracker.push(sub_block(second, 0), false, true);
        for (std::size_t i = 0; i < 5; ++i) {
            tracker.push(sub_block(key, i), false, true);
        }
        EXPECT_LE(tracker.lasted().at_least, tracker.lasted().at_most);
        return tracker.lasted().at_most == 5 * sub_block_samples;
    };
    EXPECT_TRUE(knows(soft, soft));
    EXPECT_FALSE(knows(louder, louder));
    EXPECT_FALSE(knows(key, soft)); // an interruption, perhaps
}

TEST(ToneTracker, TakesSilenceAsItPushes) {
    const auto key = key_samples({.key = '9', .tone_ms = 40.0, .low_dbm0 = -12, .high_dbm0 = -10});
    const std::vector<std::int16_t> silence(12 * sub_block_size, 20);
    ToneTracker pushed;
    for (std::size_t i = 0; i < 8; ++i) {
        pushed.push(sub_block(key, i), false, true);
    }
    simd::FollowedSubBlocks found;
    EXPECT_EQ(pushed.hear_quiet(sub_block(key, 7), found), 0U);
    ToneTracker other = pushed;
    std::size_t at = 0;
    for (const std::size_t count : {1U, 1U, 3U, 2U, 5U}) {
        for (std::size_t i = 0; i < count; ++i) {
            pushed.push(sub_block(silence, at + i), false, true);
        }
        const auto samples = std::span<const std::int16_t>(silence).subspan(at * sub_block_size);
        ASSERT_EQ(other.hear_quiet(samples.first(count * sub_block_size), found), count);
        other.push_quiet(samples, count, found);
        at += count;
        ASSERT_EQ(other.count(), pushed.count());
        ASSERT_EQ(other.oldest(), pushed.oldest());
        ASSERT_EQ(other.last_passed(), pushed.last_passed());
        ASSERT_EQ(other.last_if_quiet(), pushed.last_if_quiet());
        ASSERT_EQ(other.last_tones(2, 2).energy, pushed.last_tones(2, 2).energy);
        ASSERT_EQ(other.screened_energy().tones, pushed.screened_energy().tones);
        ASSERT_EQ(other.screened_energy().residual, pushed.screened_energy().residual);
        for (std::int64_t b = other.oldest(); b < other.count(); ++b) {
            ASSERT_TRUE(std::ranges::equal(other.samples(b), pushed.samples(b)));
        }
    }
}

} // namespace
} // namespace keytone
