// SPDX-License-Identifier: MIT
//
// Figures in hertz and milliseconds. Their sources, by the names that the rows use:
//
//     E.180     ITU-T E.180 Supplement 2, "Various tones used in national networks" (02/2003)
//     SIN350    BT SIN 350
//     S002      ACIF S002, Australia
//     TNA102    Telecom New Zealand TNA 102
//     NTT       NTT, technical reference of the telephone network's interfaces
//     T1.401    ANSI T1.401, and Telcordia SR-2275
//     GOST      GOST 45-223-2001
//     config    agrees with the tables that Asterisk and DAHDI (libtonezone 3.1.0) are configured with, which
//               quote E.180
//     OB781     ITU Operational Bulletin 781, the list of tones of 2003, as quoted
//
// No row was checked against the primary text of E.180: these are working figures.
#include "dsp/progress/country_tones.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace keytone {

namespace {

constexpr TonePattern none{};

constexpr std::array rows{
    // E.180, OB781. DAHDI has others: ringback 1000 and 4500 ms, busy 300 and 300, congestion 200 and
    // 300, call waiting 200 and 9000.
    CountryTones{"ar", "Argentina", continuous(single(425)), none, cadence(single(425), {1000, 4000}),
                 cadence(single(425), {300, 200}), cadence(single(425), {300, 400}),
                 cadence(single(425), {400, 200, 400, 4000}), none},
    // S002, config. Its congestion tone is 10 dB softer in every other burst.
    CountryTones{"au", "Australia", continuous(pair(413, 438)), none,
                 cadence(pair(413, 438), {400, 200, 400, 2000}), cadence(single(425), {375, 375}),
                 cadence(single(425), {375, 375}), cadence(single(425), {200, 200, 200, 4400}),
                 cadence(single(425), {2500, 500})},
    // E.180, config.
    CountryTones{"br", "Brazil", continuous(single(425)), none, cadence(single(425), {1000, 4000}),
                 cadence(single(425), {250, 250}), cadence(single(425), {250, 250, 750, 250}),
                 cadence(single(425), {50, 1000}), none},
    // T1.401: as in the United States.
    CountryTones{"ca", "Canada", continuous(pair(350, 440)), stutter(pair(350, 440), 100),
                 cadence(pair(440, 480), {2000, 4000}), cadence(pair(480, 620), {500, 500}),
                 cadence(pair(480, 620), {250, 250}), cadence(single(440), {300, 10000}), none},
    // E.180, config.
    CountryTones{"cn", "China", continuous(single(450)), none, cadence(single(450), {1000, 4000}),
                 cadence(single(450), {350, 350}), cadence(single(450), {700, 700}),
                 cadence(single(450), {400, 4000}),
                 cadence(single(450), {100, 100, 100, 100, 100, 100, 400, 400})},
    // E.180, config.
    CountryTones{"de", "Germany", continuous(single(425)), stutter(single(425), 100),
                 cadence(single(425), {1000, 4000}), cadence(single(425), {480, 480}),
                 cadence(single(425), {240, 240}), cadence(single(425), {200, 200, 200, 5000}), none},
    // E.180, config.
    CountryTones{"es", "Spain", continuous(single(425)), stutter(single(425), 200),
                 cadence(single(425), {1500, 3000}), cadence(single(425), {200, 200}),
                 cadence(single(425), {200, 200, 200, 200, 200, 600}),
                 cadence(single(425), {175, 175, 175, 3500}), none},
    // E.180, config.
    CountryTones{"fr", "France", continuous(single(440)), stutter(pair(350, 440), 100),
                 cadence(single(440), {1500, 3500}), cadence(single(440), {500, 500}),
                 cadence(single(440), {250, 250}), cadence(single(440), {300, 10000}), none},
    // SIN350, config.
    CountryTones{"gb", "United Kingdom", continuous(pair(350, 440)), none,
                 cadence(pair(400, 450), {400, 200, 400, 2000}), cadence(single(400), {375, 375}),
                 cadence(single(400), {400, 350, 225, 525}), cadence(single(400), {100, 4000}),
                 continuous(single(400))},
    // config.
    CountryTones{"il", "Israel", continuous(single(414)), stutter(single(414), 100),
                 cadence(single(414), {1000, 3000}), cadence(single(414), {500, 500}),
                 cadence(single(414), {250, 250}), cadence(single(414), {100, 100, 100, 100, 600, 3000}),
                 none},
    // E.180, config.
    CountryTones{"in", "India", continuous(modulated(400, 25)), stutter(pair(350, 440), 100),
                 cadence(modulated(400, 25), {400, 200, 400, 2000}), cadence(single(400), {750, 750}),
                 cadence(single(400), {250, 250}), cadence(single(400), {200, 100, 200, 7500}), none},
    // E.180, config.
    CountryTones{"it", "Italy", cadence(single(425), {200, 200, 600, 1000}), continuous(single(425)),
                 cadence(single(425), {1000, 4000}), cadence(single(425), {500, 500}),
                 cadence(single(425), {200, 200}), cadence(single(425), {400, 100, 250, 100, 150, 14000}),
                 none},
    // NTT, config. Its ringback is modulated by 15 to 20 Hz.
    CountryTones{"jp", "Japan", continuous(single(400)), cadence(single(400), {125, 125}),
                 cadence(modulated(400, 16), {1000, 2000}), cadence(single(400), {500, 500}),
                 cadence(single(400), {500, 500}), cadence(modulated(400, 16), {500, 8000}), none},
    // E.180: as in North America, but for the ringback's length, which a second source confirms. The
    // other tones have no second source: neither Asterisk nor DAHDI has the country.
    CountryTones{"kr", "South Korea", continuous(pair(350, 440)), stutter(pair(350, 440), 125),
                 cadence(pair(440, 480), {1000, 2000}), cadence(pair(480, 620), {500, 500}),
                 cadence(pair(480, 620), {300, 200}), cadence(pair(350, 440), {250, 250, 250, 3250}), none},
    // E.180, config.
    CountryTones{"mx", "Mexico", continuous(single(425)), stutter(pair(350, 440), 100),
                 cadence(single(425), {1000, 4000}), cadence(single(425), {250, 250}),
                 cadence(single(425), {250, 250}), cadence(single(425), {200, 600, 200, 10000}), none},
    // E.180, config, the second dial tone too.
    CountryTones{"nl", "Netherlands", continuous(single(425)), cadence(single(425), {500, 50}),
                 cadence(single(425), {1000, 4000}), cadence(single(425), {500, 500}),
                 cadence(single(425), {250, 250}), cadence(single(425), {500, 9500}), none},
    // TNA102, config.
    CountryTones{"nz", "New Zealand", continuous(single(400)), stutter(single(400), 100),
                 cadence(pair(400, 450), {400, 200, 400, 2000}), cadence(single(400), {500, 500}),
                 cadence(single(400), {250, 250}), cadence(single(400), {200, 3000}),
                 cadence(single(400), {75, 100, 75, 100, 75, 100, 75, 400})},
    // E.180, config. The second dial tone is that of Asterisk's table; DAHDI has three bursts of 350+440 Hz.
    CountryTones{"pl", "Poland", continuous(single(425)), cadence(single(425), {500, 50}),
                 cadence(single(425), {1000, 4000}), cadence(single(425), {500, 500}),
                 cadence(single(425), {500, 500}), cadence(single(425), {150, 150, 150, 4000}), none},
    // GOST, config. The second dial tone is that of Asterisk's table; DAHDI has three bursts of 350+440 Hz.
    CountryTones{"ru", "Russia", continuous(single(425)), cadence(single(425), {400, 40}),
                 cadence(single(425), {1000, 4000}), cadence(single(425), {350, 350}),
                 cadence(single(425), {175, 175}), cadence(single(425), {200, 5000}), none},
    // E.180, config. DAHDI's call waiting pauses for 800 ms instead of 8000.
    CountryTones{"tr", "Turkey", continuous(single(450)), none, cadence(single(450), {2000, 4000}),
                 cadence(single(450), {500, 500}),
                 cadence(single(450), {200, 200, 200, 200, 200, 200, 600, 200}),
                 cadence(single(450), {200, 600, 200, 8000}), none},
    // T1.401, config.
    CountryTones{"us", "United States", continuous(pair(350, 440)), stutter(pair(350, 440), 100),
                 cadence(pair(440, 480), {2000, 4000}), cadence(pair(480, 620), {500, 500}),
                 cadence(pair(480, 620), {250, 250}), cadence(single(440), {300, 10000}), none},
    // config: one of two kinds of exchange; the other has 383+417 Hz instead of the modulation.
    CountryTones{"za", "South Africa", continuous(modulated(400, 33)), none,
                 cadence(modulated(400, 33), {400, 200, 400, 2000}), cadence(single(400), {500, 500}),
                 cadence(single(400), {250, 250}),
                 cadence(modulated(400, 33), {250, 250, 250, 250, 250, 250, 250, 250}), none},
};

/// In the order in which they are looked for.
constexpr std::array kinds{
    std::pair{ProgressTone::ringback, &CountryTones::ringback},
    std::pair{ProgressTone::busy, &CountryTones::busy},
    std::pair{ProgressTone::congestion, &CountryTones::congestion},
    std::pair{ProgressTone::dial, &CountryTones::dial},
    std::pair{ProgressTone::second_dial, &CountryTones::second_dial},
    std::pair{ProgressTone::number_unobtainable, &CountryTones::number_unobtainable},
    std::pair{ProgressTone::call_waiting, &CountryTones::call_waiting},
};
static_assert(kinds.size() == country_tone_count);

constexpr bool same(const TonePattern& a, const TonePattern& b) {
    return std::ranges::equal(a.steps(), b.steps(), [](const ToneStep& x, const ToneStep& y) {
        return x.sound == y.sound && x.length.value == y.length.value;
    });
}

struct AllTones {
    std::array<CountryTone, rows.size() * kinds.size()> tones{};
    std::size_t count = 0;
    std::array<CountrySound, 32> sounds{};
    std::size_t sound_count = 0;

    constexpr CountrySound& with(const ToneSound& sound) {
        std::size_t place = 0;
        while (place < sound_count && !(sounds.at(place).sound == sound)) {
            ++place;
        }
        sound_count = std::max(sound_count, place + 1);
        sounds.at(place).sound = sound;
        return sounds.at(place);
    }
    constexpr void add(ProgressTone kind, const TonePattern& pattern, Country country) {
        bool again = false;
        for (std::size_t i = 0; i < count; ++i) {
            again = again || (tones[i].kind == kind && same(*tones[i].pattern, pattern));
        }
        CountrySound& sound = with(pattern.steps()[0].sound);
        const std::uint64_t bit = std::uint64_t{1} << (count % 64);
        sound.all.at(count / 64) |= bit;
        sound.once.at(count / 64) |= again ? 0U : bit;
        tones.at(count++) = {sound.sound, &pattern, kind, country, again};
    }
};
constexpr AllTones all_tones = [] {
    AllTones all;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const auto& [kind, member] : kinds) {
            const TonePattern& pattern = rows[i].*member;
            if (!pattern.empty()) {
                all.add(kind, pattern, Country::at(i));
            }
        }
    }
    return all;
}();

char small(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool same_code(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, small, small);
}

} // namespace

const TonePattern& CountryTones::pattern(ProgressTone tone) const {
    switch (tone) {
    case ProgressTone::dial:
        return dial;
    case ProgressTone::second_dial:
        return second_dial;
    case ProgressTone::ringback:
        return ringback;
    case ProgressTone::busy:
        return busy;
    case ProgressTone::congestion:
        return congestion;
    case ProgressTone::call_waiting:
        return call_waiting;
    case ProgressTone::number_unobtainable:
        return number_unobtainable;
    default:
        return none;
    }
}

std::span<const CountryTones> country_tones() noexcept {
    return rows;
}

std::span<const CountryTone> country_tones_by_sound() noexcept {
    return std::span(all_tones.tones).first(all_tones.count);
}

std::span<const CountrySound> country_sounds() noexcept {
    return std::span(all_tones.sounds).first(all_tones.sound_count);
}

std::optional<Country> Country::from_code(std::string_view code) noexcept {
    if (same_code(code, "any")) {
        return any();
    }
    const std::string_view known = same_code(code, "uk") ? "gb" : code;
    const auto row =
        std::ranges::find_if(rows, [&](const CountryTones& of) { return same_code(of.code, known); });
    return row == rows.end() ? std::nullopt : std::optional(at(static_cast<std::size_t>(row - rows.begin())));
}

std::string_view Country::code() const noexcept {
    return is_any() ? "any" : rows.at(place()).code;
}

} // namespace keytone
