// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

namespace keytone::accuracy {

Outcome measure_third_tone(const Setting& setting) {
    constexpr double lowest_hz = 200.0;
    constexpr double highest_hz = 3400.0;
    constexpr double asked_db = -6.0;
    constexpr double asked_percent = 99.5;
    const std::vector<double> levels{-12, -10, -8, -6, -4};

    const auto points =
        compare_points(setting, levels.size(), [&](std::size_t point, int digits, Random& random) {
            const KeyShape shape;
            Sound sound = key_stream(shape, digits, setting.rate_hz, random);
            // Another frequency for each key, from the middle of the pause before it to the middle of the
            // pause after it.
            const std::size_t half_pause = sample_count(shape.pause_ms / 2.0, setting.rate_hz);
            for (std::size_t i = 0; i < sound.keys.size(); ++i) {
                const auto index_of = [&](double seconds) {
                    return sample_count(1000.0 * seconds, setting.rate_hz) - half_pause;
                };
                const std::size_t from = index_of(sound.keys[i].onset_s);
                const std::size_t to =
                    i + 1 < sound.keys.size() ? index_of(sound.keys[i + 1].onset_s) : sound.samples.size();
                add_sine(std::span(sound.samples).subspan(from, to - from),
                         random.uniform(lowest_hz, highest_hz), shape.low_dbm0 + levels[point],
                         setting.rate_hz, random);
            }
            return sound;
        });

    Outcome outcome;
    for (std::size_t i = 0; i < points.size(); ++i) {
        Line line = enough_heard(setting, "third tone at " + number_text(levels[i], 0) + " dB", points[i],
                                 asked_percent);
        if (levels[i] > asked_db) {
            line.asked = "";
            line.met.reset();
        }
        outcome.lines.push_back(line);
    }
    return outcome;
}

} // namespace keytone::accuracy
