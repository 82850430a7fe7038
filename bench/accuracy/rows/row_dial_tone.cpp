// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <array>
#include <string>

namespace keytone::accuracy {

Outcome measure_dial_tone(const Setting& setting) {
    // Soft enough that the sum stays below full scale at +15 dB.
    constexpr double key_dbm0 = -25.0;
    constexpr double asked_db = 12.0;
    struct DialTone {
        const char* name;
        std::vector<double> hz;
    };
    const std::array dial_tones{DialTone{"350 + 440 Hz", {350, 440}}, DialTone{"425 Hz", {425}}};
    const std::vector<double> levels{-12, -6, 0, 6, 9, 12, 15};

    const auto points = compare_points(
        setting, dial_tones.size() * levels.size(), [&](std::size_t point, int digits, Random& random) {
            const KeyShape shape{.low_dbm0 = key_dbm0, .high_dbm0 = key_dbm0};
            Sound sound = key_stream(shape, digits, setting.rate_hz, random);
            for (const double hz : dial_tones.at(point / levels.size()).hz) {
                add_sine(sound.samples, hz, key_dbm0 + levels[point % levels.size()], setting.rate_hz,
                         random);
            }
            return sound;
        });

    Outcome outcome;
    for (std::size_t point = 0; point < points.size(); ++point) {
        const double level = levels[point % levels.size()];
        Line line = all_heard(setting,
                              std::string(dial_tones.at(point / levels.size()).name) + ", each " +
                                  (level > 0 ? "+" : "") + number_text(level, 0) + " dB over a tone",
                              points[point]);
        if (level > asked_db) {
            line.asked = "";
            line.met.reset();
        }
        outcome.lines.push_back(line);
    }
    return outcome;
}

} // namespace keytone::accuracy
