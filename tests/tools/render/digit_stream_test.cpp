// SPDX-License-Identifier: MIT
#include "dsp/dtmf_generator.hpp"
#include "tools/render/digit_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace keytone::tools {
namespace {

using Samples = std::vector<std::int16_t>;

template <class Source>
Samples all_samples(Source source) {
    Samples samples(static_cast<std::size_t>(source.length()));
    EXPECT_EQ(source.generate(std::span<std::int16_t>(samples)), samples.size());
    std::int16_t more = 0;
    EXPECT_EQ(source.generate(std::span<std::int16_t>(&more, 1)), 0U);
    return samples;
}

Samples by_one_generator(const std::string& digits, const DigitStreamSettings& settings) {
    return all_samples(*DtmfGenerator::create(*DigitString::parse(digits), settings.tone, settings.rate));
}

Samples by_stream(const std::string& digits, const DigitStreamSettings& settings) {
    return all_samples(*DigitStream::create(digits, settings));
}

TEST(DigitStream, SoundsLikeOneGeneratorHoweverItIsCut) {
    DigitStreamSettings settings;
    // Lengths that are no whole number of samples at 44.1 kHz, and a gap longer than a short pause.
    settings.rate = *SampleRate::from_hz(44100);
    settings.tone.tone = {33.3};
    settings.tone.gap = {612.7};
    for (const char* digits :
         {"1", "12", "1w2", "1W2", "1ww2W3w", "w1", "Ww12w", "123456789", "1wwwwww2W3"}) {
        const Samples whole = by_one_generator(digits, settings);
        for (const std::size_t part_length : {1U, 2U, 3U, 5U, 128U}) {
            settings.part_length = part_length;
            EXPECT_EQ(by_stream(digits, settings), whole) << digits << " in parts of " << part_length;
        }
    }
}

TEST(DigitStream, SoundsLikeOneGeneratorWithRandomDigits) {
    std::mt19937 random(1);
    const std::string symbols = "0123456789*#ABCDwwwwWWWW";
    for (int round = 0; round < 20; ++round) {
        std::string digits = "5";
        while (digits.size() < DigitString::max_length) {
            digits += symbols[random() % symbols.size()];
        }
        DigitStreamSettings settings;
        settings.part_length = 1 + random() % 20;
        EXPECT_EQ(by_stream(digits, settings), by_one_generator(digits, settings)) << digits;
    }
}

TEST(DigitStream, GivesTheSameSamplesInAnyBlocks) {
    DigitStreamSettings settings;
    settings.lead = {12.5};
    settings.tail = {7};
    settings.part_length = 2;
    auto stream = *DigitStream::create("12w34W56", settings);
    const Samples whole = all_samples(stream);
    std::mt19937 random(2);
    Samples pieces;
    Samples block(700);
    for (;;) {
        const std::size_t wanted = 1 + random() % block.size();
        const std::size_t count = stream.generate(std::span<std::int16_t>(block).first(wanted));
        pieces.insert(pieces.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
        if (count < wanted) {
            break;
        }
    }
    EXPECT_EQ(pieces, whole);
}

TEST(DigitStream, TellsItsTonesWhateverWasGenerated) {
    const std::string digits = "w12wW3w4567W89w";
    DigitStreamSettings settings{.rate = *SampleRate::from_hz(44100),
                                 .tone = {.tone = {33.3}, .gap = {61.7}}};
    std::vector<DtmfGenerator::Tone> expected;
    DtmfGenerator::create(*DigitString::parse(digits), settings.tone, settings.rate)
        ->for_each_tone([&](const auto& tone) { expected.push_back(tone); });
    settings.lead = Milliseconds{100};
    settings.part_length = 3;
    DigitStream stream = *DigitStream::create(digits, settings);
    for (const std::size_t generated : {0U, 1000U, 200'000U}) {
        Samples block(generated);
        stream.generate(std::span<std::int16_t>(block));
        std::size_t index = 0;
        stream.for_each_tone([&](const DtmfGenerator::Tone& tone) {
            ASSERT_LT(index, expected.size());
            EXPECT_EQ(tone.key, expected[index].key);
            EXPECT_EQ(tone.begin, expected[index].begin + 4410);
            EXPECT_EQ(tone.end, expected[index].end + 4410);
            ++index;
        });
        EXPECT_EQ(index, 9U);
    }
}

TEST(DigitStream, HasSilenceBeforeAndBehind) {
    DigitStreamSettings plain;
    const Samples digits = by_stream("12", plain);
    DigitStreamSettings settings = plain;
    settings.lead = {250};
    settings.tail = {125};
    Samples expected(2000, 0);
    expected.insert(expected.end(), digits.begin(), digits.end());
    expected.resize(expected.size() + 1000, 0);
    EXPECT_EQ(by_stream("12", settings), expected);
}

TEST(DigitStream, SendsMoreThanOneStringHolds) {
    const std::string digits(1000, '7');
    const DigitStreamSettings settings;
    const Samples samples = by_stream(digits, settings);
    // 1000 tones and the 999 gaps between them, each of 100 ms at 8 kHz.
    ASSERT_EQ(samples.size(), 800U * 1999U);
    for (std::size_t i = 0; i < 1999; ++i) {
        const auto slot = std::span(samples).subspan(800 * i, 800);
        const bool sounds = std::ranges::any_of(slot, [](std::int16_t sample) { return sample != 0; });
        EXPECT_EQ(sounds, i % 2 == 0) << "slot " << i;
    }
}

TEST(DigitStream, TakesAnyNumberOfPauses) {
    const DigitStreamSettings settings;
    const std::string pauses(1000, 'W');
    const auto stream = DigitStream::create("1" + pauses + "2" + pauses, settings);
    ASSERT_TRUE(stream);
    EXPECT_EQ(stream->length(), 2 * (800 + 1000 * 8000));
}

TEST(DigitStream, NamesTheProblemAndItsPlace) {
    const auto problem = [](std::string_view digits) {
        const auto stream = DigitStream::create(digits, {});
        EXPECT_FALSE(stream) << digits;
        return stream ? DigitString::ParseError{} : stream.error();
    };
    EXPECT_EQ(problem("").error, Error::empty_digits);
    EXPECT_EQ(problem("wW").error, Error::pause_alone);
    EXPECT_EQ(problem("12x").error, Error::invalid_digit);
    EXPECT_EQ(problem("12x").index, 2U);
    EXPECT_EQ(problem(std::string(500, '1') + "a").index, 500U);
}

TEST(DigitStream, RefusesTonesThatTheGeneratorRefuses) {
    DigitStreamSettings settings;
    settings.tone.tone = {4};
    EXPECT_EQ(DigitStream::create("1", settings).error().error, Error::tone_out_of_range);
    settings.tone = {};
    settings.tone.low_level = {3};
    EXPECT_EQ(DigitStream::create("1", settings).error().error, Error::level_clips);
}

} // namespace
} // namespace keytone::tools
