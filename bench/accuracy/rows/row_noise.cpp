// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <array>

namespace keytone::accuracy {

namespace {

struct Case {
    double tone_ms;
    double pause_ms;
    double max_snr_db; ///< Enough must be heard from this SNR on.
};
constexpr std::array cases{Case{50, 50, 1}, Case{40, 40, 1}, Case{100, 100, -1}};
constexpr double lowest_snr_db = -6.0;
constexpr double highest_snr_db = 16.0;
/// SpanDSP needs a higher SNR; where it takes no part, a smaller range suffices.
constexpr double highest_snr_alone_db = 6.0;

std::string name_of(const Case& asked) {
    return number_text(asked.tone_ms, 0) + "/" + number_text(asked.pause_ms, 0) + " ms";
}

Curve curve_of(const Setting& setting, const Case& asked, const std::vector<double>& snrs,
               const std::vector<Comparison>& points) {
    Curve curve{"noise_" + number_text(asked.tone_ms, 0),
                "Keys of " + name_of(asked) + " under white noise",
                "SNR, dB (two tones over noise, 0-4 kHz)",
                "keys heard, %",
                {},
                {{asked.max_snr_db, snrs.back(), least_hits_percent}},
                setting.compares()};
    for (std::size_t i = 0; i < snrs.size(); ++i) {
        curve.points.push_back({snrs[i], points[i].keytone.hit_percent(), points[i].spandsp.hit_percent()});
    }
    return curve;
}

} // namespace

Outcome measure_noise(const Setting& setting) {
    const auto snrs = steps(lowest_snr_db, setting.compares() ? highest_snr_db : highest_snr_alone_db,
                            setting.quick ? 1.0 : 0.5);
    const auto all = compare_points(
        setting, cases.size() * snrs.size(), [&](std::size_t point, int digits, Random& random) {
            const Case& asked = cases.at(point / snrs.size());
            const KeyShape shape{.tone_ms = asked.tone_ms, .pause_ms = asked.pause_ms};
            Sound sound = key_stream(shape, digits, setting.rate_hz, random);
            add_noise(sound, shape.power(), snrs[point % snrs.size()], random);
            return sound;
        });

    Outcome outcome;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(i * snrs.size());
        const std::vector<Comparison> points(begin, begin + static_cast<std::ptrdiff_t>(snrs.size()));
        const Case& asked = cases.at(i);
        const Figure keytone = snr_needed(snrs, points, &Comparison::keytone);
        Line line{"SNR for 99.9 % of " + name_of(asked) + ", nothing extra or wrong",
                  "\xE2\x89\xA4 " + number_text(asked.max_snr_db, 0) + " dB",
                  keytone,
                  {},
                  keytone.value <= asked.max_snr_db};
        if (setting.compares()) {
            line.spandsp = snr_needed(snrs, points, &Comparison::spandsp);
        }
        outcome.lines.push_back(line);
        outcome.curves.push_back(curve_of(setting, asked, snrs, points));
    }
    return outcome;
}

} // namespace keytone::accuracy
