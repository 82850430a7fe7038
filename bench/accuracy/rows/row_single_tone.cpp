// SPDX-License-Identifier: MIT
//
// One tone of a key alone is no key, however loud, long or exact it is.
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <array>
#include <cmath>
#include <string>

namespace keytone::accuracy {

namespace {

constexpr std::array<double, 8> tones_hz{697, 770, 852, 941, 1209, 1336, 1477, 1633};
constexpr double silence_ms = 100.0;

struct Case {
    std::string what;
    double most_off_percent;
    double harmonics_db; ///< Level of the second and third harmonic, below the tone; 0: none.
};

const std::array<Case, 3>& cases() {
    static const std::array<Case, 3> all{
        Case{"one tone of the eight, hint or key", 0.0, 0.0},
        Case{"off by up to 2 %, hint or key", 2.0, 0.0},
        Case{"with harmonics 40 dB below it, hint or key", 2.0, 40.0},
    };
    return all;
}

Sound single_tone(const Case& asked, int rate_hz, Random& random) {
    const double hz = tones_hz.at(random.below(tones_hz.size())) *
                      (1.0 + random.uniform(-1.0, 1.0) * asked.most_off_percent / 100.0);
    const double dbm0 = random.uniform(-45.0, 2.0);
    const double ms = 20.0 * std::pow(100.0, random.uniform());
    Sound sound{rate_hz, {}, {}};
    const std::size_t begin = sample_count(silence_ms + random.uniform(0.0, 5.0), rate_hz);
    const std::size_t count = sample_count(ms, rate_hz);
    sound.samples.resize(begin + count + sample_count(silence_ms, rate_hz));
    const auto tone = std::span(sound.samples).subspan(begin, count);
    add_sine(tone, hz, dbm0, rate_hz, random);
    if (asked.harmonics_db > 0.0) {
        add_sine(tone, 2.0 * hz, dbm0 - asked.harmonics_db, rate_hz, random);
        add_sine(tone, 3.0 * hz, dbm0 - asked.harmonics_db, rate_hz, random);
    }
    return sound;
}

Score score_of(bool anything_heard) {
    return {.sent = 1, .missed = anything_heard ? 0 : 1, .wrong = anything_heard ? 1 : 0};
}

} // namespace

Outcome measure_single_tone(const Setting& setting) {
    const auto results =
        measure<Comparison>(setting, cases().size(), [&](std::size_t point, int digits, Random& random) {
            Comparison comparison;
            for (int i = 0; i < digits; ++i) {
                const Sound sound = single_tone(cases()[point], setting.rate_hz, random);
                const Pcm samples = to_pcm(sound.samples);
                const DtmfProfile& profile = dtmf_profiles()[random.below(dtmf_profiles().size())];
                comparison.keytone +=
                    score_of(!keytone_reports(samples, sound.rate_hz, profile.limits).empty());
                if (setting.compares()) {
                    comparison.spandsp += score_of(!heard_by_spandsp(samples).empty());
                }
            }
            return comparison;
        });
    Outcome outcome;
    for (std::size_t point = 0; point < results.size(); ++point) {
        outcome.lines.push_back(none_accepted(setting, cases()[point].what, results[point]));
    }
    return outcome;
}

} // namespace keytone::accuracy
