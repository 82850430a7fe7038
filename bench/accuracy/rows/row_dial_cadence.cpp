// SPDX-License-Identifier: MIT
//
// Dial tones that do not sound alone before the keys begin, and those that come and go.
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string>

namespace keytone::accuracy {

namespace {

// Soft enough that the sum stays below full scale at +12 dB.
constexpr double key_dbm0 = -25.0;
constexpr std::array levels_db{-12.0, -6.0, -3.0, 0.0, 3.0, 6.0, 9.0, 12.0};
constexpr int keys_a_call = 20; // and one before them, which need not be heard

/// Milliseconds on, off, on, off and so on, `times` times over; continuous after that.
struct Cadence {
    std::vector<double> ms;
    int times;
};
const Cadence continuous{{}, 0};

struct Case {
    std::string what;
    std::vector<double> hz;
    Cadence cadence;
    bool stops_at_first_key = false;
};

const std::vector<Case>& cases() {
    static const Cadence stutter{{100, 100}, 10};
    static const Cadence halves{{250, 250}, 1000};
    static const Cadence uneven{{200, 300, 700, 800}, 1000};
    static const std::vector<Case> all{
        {"350 + 440 Hz, from the first key on", {350, 440}, continuous},
        {"400 Hz, from the first key on", {400}, continuous},
        {"425 Hz, from the first key on", {425}, continuous},
        {"350 + 440 Hz, until the first key", {350, 440}, continuous, true},
        {"425 Hz, until the first key", {425}, continuous, true},
        {"350 + 440 Hz, 0.1 s on and off ten times", {350, 440}, stutter},
        {"425 Hz, 0.25 s on and off", {425}, halves},
        {"425 Hz, 0.2 s on, 0.3 off, 0.7 on, 0.8 off", {425}, uneven},
    };
    return all;
}

bool is_on(const Cadence& cadence, double ms) {
    double period = 0.0;
    for (const double part : cadence.ms) {
        period += part;
    }
    if (ms >= period * cadence.times) {
        return true;
    }
    double within = std::fmod(ms, period);
    std::size_t part = 0;
    while (within >= cadence.ms[part]) {
        within -= cadence.ms[part++];
    }
    return part % 2 == 0;
}

/// Whether the tone sounds exactly while keys do.
bool is_in_step(const Cadence& cadence, double key_ms) {
    return cadence.ms == std::vector<double>{key_ms, key_ms};
}

/// A call's keys with the dial tone, which begins with the first of them or stops there.
Sound call(const Case& asked, double over_db, double key_ms, int rate_hz, Random& random) {
    const KeyShape shape{.tone_ms = key_ms, .pause_ms = key_ms, .low_dbm0 = key_dbm0, .high_dbm0 = key_dbm0};
    KeyLine line(shape, rate_hz, random);
    if (asked.stops_at_first_key) {
        line.silence(random.uniform(0.0, 1000.0));
    }
    for (int i = 0; i <= keys_a_call; ++i) {
        line.press();
    }
    Sound sound = std::move(line).finish();
    const auto first = static_cast<std::size_t>(std::lround(sound.keys.front().onset_s * rate_hz));
    std::vector<float> tone(sound.samples.size() - (asked.stops_at_first_key ? 0 : first));
    for (const double hz : asked.hz) {
        add_sine(tone, hz, key_dbm0 + over_db, rate_hz, random);
    }
    if (asked.stops_at_first_key) {
        tone.resize(first);
    }
    const std::size_t from = asked.stops_at_first_key ? 0 : first;
    for (std::size_t n = 0; n < tone.size(); ++n) {
        if (is_on(asked.cadence, 1000.0 * static_cast<double>(n) / rate_hz)) {
            sound.samples[from + n] += tone[n];
        }
    }
    return sound;
}

Score all_but_first(const Sound& sound, std::vector<HeardKey> heard) {
    std::erase_if(heard, [&](const HeardKey& key) { return key.at_s < sound.keys[1].onset_s; });
    return score(std::span(sound.keys).subspan(1), heard);
}

} // namespace

Outcome measure_dial_cadence(const Setting& setting) {
    constexpr std::array key_lengths_ms{50.0, 100.0};
    const auto results = measure<Comparison>(
        setting, cases().size() * key_lengths_ms.size(), [&](std::size_t point, int digits, Random& random) {
            const Case& asked = cases()[point / key_lengths_ms.size()];
            Comparison comparison;
            for (int i = 0; i * keys_a_call < digits; ++i) {
                const double over_db = levels_db[static_cast<std::size_t>(i) % levels_db.size()];
                const Sound sound =
                    at_rate(call(asked, over_db, key_lengths_ms[point % key_lengths_ms.size()],
                                 setting.rate_hz, random),
                            setting.rate_hz);
                const Pcm samples = to_pcm(sound.samples);
                comparison.keytone += all_but_first(sound, heard_by_keytone(samples, sound.rate_hz));
                if (setting.compares()) {
                    comparison.spandsp += all_but_first(sound, heard_by_spandsp(samples));
                }
            }
            return comparison;
        });
    Outcome outcome;
    for (std::size_t point = 0; point < results.size(); ++point) {
        const Case& asked = cases()[point / key_lengths_ms.size()];
        const double key_ms = key_lengths_ms[point % key_lengths_ms.size()];
        const std::string ms = number_text(key_ms, 0);
        Line line = all_heard(setting, asked.what + ", keys " + ms + "/" + ms + " ms", results[point]);
        if (is_in_step(asked.cadence, key_ms)) {
            line.asked = ""; // the tone does not sound alone before its stutter is over
            line.met.reset();
        }
        outcome.lines.push_back(line);
    }
    return outcome;
}

} // namespace keytone::accuracy
