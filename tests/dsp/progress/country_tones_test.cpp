// SPDX-License-Identifier: MIT
#include "dsp/progress/country_tones.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace keytone {
namespace {

const CountryTones& row(std::string_view code) {
    return country_tones()[Country::from_code(code)->place()];
}

TEST(CountryTones, HoldsTheCountriesInTheOrderOfTheirCodes) {
    EXPECT_GE(country_tones().size(), 22U);
    EXPECT_TRUE(std::ranges::is_sorted(country_tones(), {}, &CountryTones::code));
}

TEST(CountryTones, EveryRowHasWhatEveryNetworkHas) {
    for (const CountryTones& country : country_tones()) {
        EXPECT_EQ(country.code.size(), 2U);
        for (const auto tone : {ProgressTone::dial, ProgressTone::ringback, ProgressTone::busy,
                                ProgressTone::congestion, ProgressTone::call_waiting}) {
            EXPECT_FALSE(country.pattern(tone).empty()) << country.code << ' ' << name_of(tone);
        }
        EXPECT_TRUE(country.pattern(ProgressTone::fax_calling).empty());
    }
}

// A pattern that ends for ever is a lasting tone; every other one has a pause behind each burst.
TEST(CountryTones, EveryCadenceSoundsAndPausesInTurn) {
    for (const CountryTones& country : country_tones()) {
        for (std::size_t i = 0; i < country_tone_count; ++i) {
            const TonePattern& pattern = country.pattern(static_cast<ProgressTone>(i));
            const auto steps = pattern.steps();
            for (std::size_t step = 0; step < steps.size(); ++step) {
                EXPECT_EQ(steps[step].sound.first.value > 0.0, step % 2 == 0) << country.code << i;
                EXPECT_EQ(steps[step].length.value == 0.0,
                          pattern.ends_for_ever() && step + 1 == steps.size());
            }
            EXPECT_EQ(steps.size() % 2, pattern.ends_for_ever() ? 1U : 0U) << country.code << i;
        }
    }
}

TEST(CountryTones, AllPatternsAreFoundByTheirSounds) {
    std::size_t patterns = 0;
    for (const CountryTones& country : country_tones()) {
        for (std::size_t i = 0; i < country_tone_count; ++i) {
            patterns += country.pattern(static_cast<ProgressTone>(i)).empty() ? 0U : 1U;
        }
    }
    EXPECT_EQ(country_tones_by_sound().size(), patterns);
    std::size_t busies = 0;
    for (const CountryTone& tone : country_tones_by_sound()) {
        EXPECT_EQ(tone.pattern, &country_tones()[tone.country.place()].pattern(tone.kind));
        EXPECT_EQ(tone.sound, tone.pattern->steps()[0].sound);
        const bool even_425 = tone.kind == ProgressTone::busy && tone.sound.first.value == 425.0 &&
                              tone.pattern->steps().size() == 2 &&
                              tone.pattern->steps()[0].length.value == 500.0 &&
                              tone.pattern->steps()[1].length.value == 500.0;
        EXPECT_TRUE(!even_425 || tone.again == (busies > 0)) << tone.country.code();
        busies += even_425 ? 1U : 0U;
    }
    EXPECT_GT(busies, 2U);
}

TEST(CountryTones, ASoundKnowsItsPatterns) {
    const auto tones = country_tones_by_sound();
    const auto holds = [](const CountrySound::Places& places, std::size_t place) {
        return (places.at(place / 64) >> (place % 64) & 1U) != 0U;
    };
    for (std::size_t place = 0; place < tones.size(); ++place) {
        std::size_t sounds = 0;
        for (const CountrySound& known : country_sounds()) {
            EXPECT_EQ(holds(known.all, place), known.sound == tones[place].sound) << place;
            EXPECT_EQ(holds(known.once, place), holds(known.all, place) && !tones[place].again) << place;
            sounds += holds(known.all, place) ? 1U : 0U;
        }
        EXPECT_EQ(sounds, 1U) << place;
    }
}

TEST(CountryTones, KnowsCodesHoweverTheyAreWritten) {
    EXPECT_EQ(row("DE").name, "Germany");
    EXPECT_EQ(row("uk").code, "gb");
    EXPECT_EQ(Country::from_code("any"), Country::any());
    EXPECT_EQ(Country::any().code(), "any");
    EXPECT_EQ(Country::from_code("us")->code(), "us");
    EXPECT_FALSE(Country::from_code("xx"));
    EXPECT_FALSE(Country::from_code(""));
}

// ITU-T E.180 Supplement 2.
TEST(CountryTones, BusyInGermany) {
    const auto steps = row("de").busy.steps();
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps[0].sound, single(425));
    EXPECT_EQ(steps[0].length, Milliseconds{480});
    EXPECT_EQ(steps[1].sound, ToneSound{});
}

} // namespace
} // namespace keytone
