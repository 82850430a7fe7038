// SPDX-License-Identifier: MIT
#include "dsp/dtmf_suppressor.hpp"
#include "dsp/simd/instruction_set.hpp"
#include "tests/support/block_sizes.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <vector>

namespace keytone {
namespace {

using Samples = std::vector<std::int16_t>;

/// A key, where it sounds in a line's samples.
struct Sent {
    std::size_t begin;
    std::size_t end;
};

/// Quiet noise, and keys in it whose onsets have every phase of the detector's grid.
struct Line {
    Samples samples;
    std::vector<Sent> keys;
};

Line line_of(int hz, double tone_ms, std::size_t keys = 16) {
    const std::size_t apart = test::sample_count(tone_ms + 150.3, hz);
    test::Signal signal = test::white_noise(apart * (keys + 1), -45.0, 3);
    Line line;
    for (std::size_t i = 0; i < keys; ++i) {
        const auto key = test::sound({.key = test::all_keys[i], .tone_ms = tone_ms, .low_phase = 0.7}, hz);
        const std::size_t at = apart * (i + 1) - apart / 2;
        test::mix_into(signal, key, at);
        line.keys.push_back({at, at + key.size()});
    }
    line.samples = test::to_pcm16(signal);
    return line;
}

/// What comes out for `in`, on the clock of `in`.
Samples suppressed(DtmfSuppressor suppressor, Samples in, std::size_t block = 160) {
    const auto delay = static_cast<std::size_t>(suppressor.delay());
    in.resize(in.size() + delay);
    Samples out(in.size());
    for (std::size_t at = 0; at < in.size(); at += block) {
        const std::size_t size = std::min(block, in.size() - at);
        suppressor.process(std::span(in).subspan(at, size), std::span(out).subspan(at, size));
    }
    out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(delay));
    return out;
}

SampleRate rate_of(int hz) {
    return *SampleRate::from_hz(hz);
}

TEST(DtmfSuppressor, LeavesAtMost3MsOfAKeyAndNothingElseChanged) {
    for (const int hz : SampleRate::offered_hz) {
        for (const double tone_ms : {40.0, 90.0}) {
            const Line line = line_of(hz, tone_ms);
            const Samples out = suppressed(DtmfSuppressor(rate_of(hz)), line.samples);
            std::size_t at = 0;
            for (const Sent& key : line.keys) {
                EXPECT_TRUE(std::equal(out.begin() + static_cast<std::ptrdiff_t>(at),
                                       out.begin() + static_cast<std::ptrdiff_t>(key.begin),
                                       line.samples.begin() + static_cast<std::ptrdiff_t>(at)))
                    << hz << " before " << key.begin;
                const auto audible = std::count_if(out.begin() + static_cast<std::ptrdiff_t>(key.begin),
                                                   out.begin() + static_cast<std::ptrdiff_t>(key.end),
                                                   [](std::int16_t sample) { return sample != 0; });
                EXPECT_LE(audible, rate_of(hz).samples(3_ms)) << hz << " at " << key.begin;
                at = key.end;
            }
            EXPECT_TRUE(std::equal(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(),
                                   line.samples.begin() + static_cast<std::ptrdiff_t>(at)));
        }
    }
}

TEST(DtmfSuppressor, LeavesWhatIsNoKeyAsItIs) {
    for (const int hz : {8000, 16000, 44100}) {
        test::Signal signal = test::white_noise(test::sample_count(1000, hz), -12.0, 5);
        // A single tone, and two that are no key's.
        test::mix_into(signal, test::sound({.key = '5', .tone_ms = 300, .high_dbm0 = -90}, hz), 2000);
        const Samples in = test::to_pcm16(signal);
        EXPECT_EQ(suppressed(DtmfSuppressor(rate_of(hz)), in), in) << hz;
    }
}

TEST(DtmfSuppressor, DoesNotDependOnTheBlocks) {
    for (const int hz : {8000, 11025, 48000}) {
        const Line line = line_of(hz, 60, 4);
        const Samples expected = suppressed(DtmfSuppressor(rate_of(hz)), line.samples, 160);
        for (const std::size_t block : test::device_block_sizes()) {
            EXPECT_EQ(suppressed(DtmfSuppressor(rate_of(hz)), line.samples, block), expected)
                << hz << ", blocks of " << block;
        }
    }
}

// At a rate that is no multiple of 8 kHz a key becomes known anywhere in a block, also when some of the block
// was already put out.
TEST(DtmfSuppressor, DoesNotDependOnTheBlocksWhereverAKeyBecomesKnown) {
    for (const int hz : {8000, 11025, 44100}) {
        for (std::uint32_t seed = 0; seed < 20; ++seed) {
            const Line line = line_of(hz, 40.0 + 1.37 * seed, 16);
            const Samples expected = suppressed(DtmfSuppressor(rate_of(hz)), line.samples, 1);
            std::mt19937 random(seed);
            DtmfSuppressor suppressor(rate_of(hz));
            Samples out(line.samples.size());
            for (std::size_t at = 0; at < out.size();) {
                const std::size_t size = std::min<std::size_t>(1 + random() % 50, out.size() - at);
                suppressor.process(std::span(line.samples).subspan(at, size),
                                   std::span(out).subspan(at, size));
                at += size;
            }
            const auto delay = static_cast<std::ptrdiff_t>(suppressor.delay());
            EXPECT_TRUE(std::equal(out.begin() + delay, out.end(), expected.begin())) << hz << ' ' << seed;
        }
    }
}

TEST(DtmfSuppressor, LossesCountAlikeHoweverTheyAreCut) {
    const Line line = line_of(11025, 90, 8);
    const auto run = [&](std::size_t longest) {
        std::mt19937 cuts(3);
        DtmfSuppressor suppressor(rate_of(11025));
        Samples out(line.samples.size());
        for (std::size_t at = 0; at < out.size();) {
            // 20 ms in five are lost.
            const std::size_t stretch = 220;
            const bool lost = at / stretch % 5 == 2;
            const std::size_t rest = std::min(stretch - at % stretch, out.size() - at);
            const std::size_t size = std::min<std::size_t>(rest, 1 + cuts() % longest);
            const auto part = std::span(out).subspan(at, size);
            lost ? suppressor.process_lost(part)
                 : suppressor.process(std::span(line.samples).subspan(at, size), part);
            at += size;
        }
        return out;
    };
    const Samples whole = run(100'000);
    EXPECT_NE(whole, line.samples);
    EXPECT_EQ(run(1), whole);
    EXPECT_EQ(run(7), whole);
    EXPECT_EQ(run(100), whole);
}

TEST(DtmfSuppressor, GivesTheSameBitsWithEveryInstructionSet) {
    const Line line = line_of(16000, 60);
    const InstructionSet before = instruction_set();
    ASSERT_TRUE(use_instruction_set(InstructionSet::baseline));
    const Samples expected = suppressed(DtmfSuppressor(rate_of(16000)), line.samples);
    EXPECT_NE(expected, line.samples);
    for (const InstructionSet set : all_instruction_sets) {
        if (use_instruction_set(set)) {
            EXPECT_EQ(suppressed(DtmfSuppressor(rate_of(16000)), line.samples), expected) << name(set);
        }
    }
    use_instruction_set(before);
}

TEST(DtmfSuppressor, WorksInPlace) {
    const Line line = line_of(8000, 60, 4);
    DtmfSuppressor suppressor(SampleRate::narrowband());
    Samples samples = line.samples;
    samples.resize(samples.size() + 240);
    suppressor.process(samples, samples);
    EXPECT_TRUE(std::equal(samples.begin() + 240, samples.end(),
                           suppressed(DtmfSuppressor(SampleRate::narrowband()), line.samples).begin()));
}

TEST(DtmfSuppressor, ResetForgetsTheStream) {
    const Line line = line_of(8000, 60, 4);
    DtmfSuppressor used(SampleRate::narrowband());
    Samples out(1000);
    used.process(std::span(line.samples).first(1000), out); // amid a key
    used.suppress(900, KeySpan::open);
    used.reset();
    EXPECT_EQ(suppressed(used, line.samples),
              suppressed(DtmfSuppressor(SampleRate::narrowband()), line.samples));
}

TEST(DtmfSuppressor, SilencesAnEventToTheSample) {
    const Samples in = test::to_pcm16(test::white_noise(4000, -20.0, 7));
    DtmfSuppressor suppressor(SampleRate::narrowband());
    suppressor.suppress(1000, 1500);
    suppressor.suppress(2000, KeySpan::open);
    Samples out(in.size());
    suppressor.process(std::span(in).first(2600), std::span(out).first(2600));
    suppressor.end_event(2500);
    suppressor.process(std::span(in).subspan(2600), std::span(out).subspan(2600));
    const auto is_silenced = [](std::size_t i) { return (i >= 1000 && i < 1500) || (i >= 2000 && i < 2500); };
    constexpr std::size_t fade = 4;
    for (std::size_t i = 0; i + 240 < out.size(); ++i) {
        if (!is_silenced(i)) {
            ASSERT_EQ(out[i + 240], in[i]) << i;
        } else if (is_silenced(i - fade) && is_silenced(i + fade)) {
            ASSERT_EQ(out[i + 240], 0) << i;
        } else {
            ASSERT_LE(std::abs(int{out[i + 240]}), std::abs(int{in[i]})) << i;
        }
    }
}

TEST(DtmfSuppressor, HearsALossAsOne) {
    Samples in = test::to_pcm16(test::sound({.key = '5', .tone_ms = 200}, 8000));
    in.resize(4000);
    DtmfSuppressor suppressor(SampleRate::narrowband());
    Samples out(in.size());
    suppressor.process(std::span(in).first(800), std::span(out).first(800));
    suppressor.process_lost(std::span(out).subspan(800, 160));
    suppressor.process(std::span(in).subspan(960), std::span(out).subspan(960));
    // The rest of the key behind the loss is silent from its first sample on.
    EXPECT_TRUE(std::all_of(out.begin() + 400, out.begin() + 1800, [](std::int16_t s) { return s == 0; }));
}

} // namespace
} // namespace keytone
