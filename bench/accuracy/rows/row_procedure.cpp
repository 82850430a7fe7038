// SPDX-License-Identifier: MIT
//
// The test by which receivers have been measured since the recorded test cassettes of the 1980s (Mitel
// CM7291): pulses of 50 ms with pauses of 50 ms, while one thing is varied in small steps until the receiver
// fails.
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <string>

namespace keytone::accuracy {

namespace {

constexpr int pulses = 10;
constexpr int noisy_pulses = 1000;
constexpr double level_dbm0 = -4.0;
constexpr double soft_dbm0 = -24.0; // for tests in which something louder is added
constexpr std::array<double, 8> nominal_hz{697, 770, 852, 941, 1209, 1336, 1477, 1633};

using Receiver = Score Comparison::*;

/// One thing varied in steps: calls `make(value, pulses, random)` for each of `values`, which begin with what
/// every receiver hears.
struct Sweep {
    std::vector<double> values;
    std::vector<Comparison> results;

    /// The last value up to which nothing failed; the first value if that failed.
    [[nodiscard]] double reach(Receiver receiver) const {
        const auto failed = std::ranges::find_if(
            results, [&](const Comparison& result) { return !(result.*receiver).perfect(); });
        const auto passed = static_cast<std::size_t>(failed - results.begin());
        return values[passed == 0 ? 0 : passed - 1];
    }
};

using Make = std::function<Sound(double value, int count, Random& random)>;

Sweep sweep(const Setting& setting, std::vector<double> values, int count, const Make& make) {
    Setting fewer = setting;
    fewer.digits = count;
    Sweep done{std::move(values), {}};
    done.results =
        compare_points(fewer, done.values.size(), [&](std::size_t point, int portion, Random& random) {
            return make(done.values[point], portion, random);
        });
    return done;
}

KeyShape usual() {
    return {.low_dbm0 = level_dbm0, .high_dbm0 = level_dbm0};
}

/// Adds a line: a figure for each receiver, and whether keytone's is as asked.
void add_line(const Setting& setting, Outcome& outcome, std::string what, std::string asked,
              const std::function<Figure(Receiver)>& figure, const std::function<bool(double)>& is_met) {
    const Figure own = figure(&Comparison::keytone);
    Line line{std::move(what), std::move(asked), own, {}, is_met(own.value)};
    if (setting.compares()) {
        line.spandsp = figure(&Comparison::spandsp);
    }
    outcome.lines.push_back(std::move(line));
}

void measure_decoding(const Setting& setting, Outcome& outcome) {
    constexpr std::string_view all_keys = "1234567890*#ABCD";
    const Sweep all = sweep(setting, {0.0}, pulses, [&](double, int count, Random& random) {
        KeyLine line(usual(), setting.rate_hz, random);
        for (const char key : all_keys) {
            for (int i = 0; i < count; ++i) {
                line.press(key);
            }
        }
        return std::move(line).finish();
    });
    add_line(
        setting, outcome, "16 keys, 10 pulses each", "160 of 160",
        [&](Receiver receiver) {
            const auto hits = static_cast<double>((all.results.front().*receiver).hits);
            return Figure{hits, number_text(hits, 0)};
        },
        [&](double) { return all.results.front().keytone.perfect(); });
}

/// One tone of the keys of a row or column is shifted; the other one stays.
void measure_bandwidth(const Setting& setting, Outcome& outcome) {
    constexpr std::string_view key_of = "147*123A"; // any key that has the tone
    const auto one_way = [&](std::size_t tone, double sign) {
        return sweep(setting, steps(0.0, 5.0, 0.1), pulses, [&](double percent, int count, Random& random) {
            KeyShape shape = usual();
            (tone < 4 ? shape.low : shape.high).percent = sign * percent;
            KeyLine line(shape, setting.rate_hz, random);
            for (int i = 0; i < count; ++i) {
                line.press(key_of[tone]);
            }
            return std::move(line).finish();
        });
    };
    std::array<Sweep, nominal_hz.size()> below;
    std::array<Sweep, nominal_hz.size()> above;
    for (std::size_t tone = 0; tone < nominal_hz.size(); ++tone) {
        below.at(tone) = one_way(tone, -1.0);
        above.at(tone) = one_way(tone, 1.0);
    }
    const auto extremes = [&](Receiver receiver, double sign) {
        double least = std::numeric_limits<double>::infinity();
        double most = -least;
        for (std::size_t tone = 0; tone < nominal_hz.size(); ++tone) {
            const double value = above.at(tone).reach(receiver) + sign * below.at(tone).reach(receiver);
            least = std::min(least, value);
            most = std::max(most, value);
        }
        return std::array{least, most};
    };
    bool is_wide_enough = true;
    bool is_narrow_enough = true;
    for (std::size_t tone = 0; tone < nominal_hz.size(); ++tone) {
        const double asked = 1.5 + 100.0 * 2.0 / nominal_hz.at(tone);
        for (const Sweep* side : {&below.at(tone), &above.at(tone)}) {
            const double reach = side->reach(&Comparison::keytone);
            is_wide_enough = is_wide_enough && reach + 0.1 > asked; // steps of 0.1 %
            is_narrow_enough = is_narrow_enough && reach < 3.0;
        }
    }
    add_line(
        setting, outcome, "recognition bandwidth, least to most of the eight tones",
        "±(1.5 % + 2 Hz), below ±3 %",
        [&](Receiver receiver) {
            const auto [least, most] = extremes(receiver, 1.0);
            return Figure{least, number_text(least, 1) + " to " + number_text(most, 1) + " %"};
        },
        [&](double) { return is_wide_enough && is_narrow_enough; });
    add_line(
        setting, outcome, "its centre, off the nominal frequency", "within ±0.5 %",
        [&](Receiver receiver) {
            const auto [least, most] = extremes(receiver, -1.0);
            const double furthest = 0.5 * (-least > most ? least : most);
            return Figure{furthest, number_text(furthest, 2) + " % at most"};
        },
        [](double furthest) { return furthest <= 0.5 && furthest >= -0.5; });
}

void measure_level_differences(const Setting& setting, Outcome& outcome) {
    for (const bool is_high_louder : {true, false}) {
        const Sweep louder =
            sweep(setting, steps(0.0, 20.0, 1.0), pulses, [&](double difference, int count, Random& random) {
                KeyShape shape = usual();
                (is_high_louder ? shape.low_dbm0 : shape.high_dbm0) -= difference;
                return key_stream(shape, count, setting.rate_hz, random);
            });
        const double asked = is_high_louder ? 4.0 : 8.0;
        add_line(
            setting, outcome, is_high_louder ? "high over low, up to" : "low over high, up to",
            "\xE2\x89\xA5 " + number_text(asked, 0) + " dB",
            [&](Receiver receiver) {
                const double reach = louder.reach(receiver);
                return Figure{reach, number_text(reach, 0) + " dB"};
            },
            [&](double reach) { return reach >= asked; });
    }
}

void measure_dynamic_range(const Setting& setting, Outcome& outcome) {
    const Sweep softer =
        sweep(setting, steps(0.0, 60.0, 1.0), pulses, [&](double softer_db, int count, Random& random) {
            const KeyShape shape{.low_dbm0 = level_dbm0 - softer_db, .high_dbm0 = level_dbm0 - softer_db};
            return key_stream(shape, count, setting.rate_hz, random);
        });
    add_line(
        setting, outcome,
        "dynamic range, down from \xE2\x88\x92"
        "4 dBm0",
        "\xE2\x89\xA5 36 dB",
        [&](Receiver receiver) {
            const double reach = softer.reach(receiver);
            return Figure{reach, number_text(reach, 0) + " dB"};
        },
        [](double reach) { return reach >= 36.0; });
}

/// Only the mean of the longest pulse that is always rejected and the shortest one that is always heard would
/// hide how far apart they are: both are stated.
void measure_guard_time(const Setting& setting, Outcome& outcome) {
    const Sweep shorter =
        sweep(setting, steps(10.0, 49.0, 1.0), pulses, [&](double ms, int count, Random& random) {
            KeyShape shape = usual();
            shape.tone_ms = ms;
            return key_stream(shape, count, setting.rate_hz, random);
        });
    const auto edges = [&](Receiver receiver) {
        double longest_rejected = shorter.values.front();
        double shortest_heard = shorter.values.back();
        for (std::size_t i = 0; i < shorter.values.size(); ++i) {
            const Score& score = shorter.results[i].*receiver;
            if (score.missed != score.sent) {
                break;
            }
            longest_rejected = shorter.values[i];
        }
        for (std::size_t i = shorter.values.size(); i-- > 0 && (shorter.results[i].*receiver).perfect();) {
            shortest_heard = shorter.values[i];
        }
        return std::array{longest_rejected, shortest_heard};
    };
    add_line(
        setting, outcome, "guard time: none heard up to, all heard from",
        "\xE2\x89\xA5 23, \xE2\x89\xA4 40 ms",
        [&](Receiver receiver) {
            const auto [rejected, heard] = edges(receiver);
            return Figure{rejected, number_text(rejected, 0) + ", " + number_text(heard, 0) + " ms"};
        },
        [&](double rejected) { return rejected >= 23.0 && edges(&Comparison::keytone)[1] <= 40.0; });
}

void measure_noise_tolerance(const Setting& setting, Outcome& outcome) {
    const Sweep noisier = sweep(setting, steps(-24.0, 3.0, 1.0), noisy_pulses,
                                [&](double minus_snr, int count, Random& random) {
                                    const KeyShape shape = {.low_dbm0 = -13.0, .high_dbm0 = -13.0};
                                    Sound sound = key_stream(shape, count, setting.rate_hz, random);
                                    add_noise(sound, shape.power(), -minus_snr, random);
                                    return sound;
                                });
    add_line(
        setting, outcome, "acceptable S/N, 1000 pulses without an error", "\xE2\x89\xA4 12 dB",
        [&](Receiver receiver) {
            const double snr = -noisier.reach(receiver);
            return Figure{snr, number_text(snr, 0) + " dB"};
        },
        [](double snr) { return snr <= 12.0; });
}

void measure_dial_tone_tolerance(const Setting& setting, Outcome& outcome) {
    const Sweep louder =
        sweep(setting, steps(-20.0, 20.0, 1.0), pulses, [&](double over_db, int count, Random& random) {
            const KeyShape shape{.low_dbm0 = soft_dbm0, .high_dbm0 = soft_dbm0};
            Sound sound = key_stream(shape, count, setting.rate_hz, random);
            for (const double hz : {350.0, 440.0}) {
                add_sine(sound.samples, hz, soft_dbm0 + over_db, setting.rate_hz, random);
            }
            return sound;
        });
    add_line(
        setting, outcome, "dial tone, 350 + 440 Hz, each over a tone by up to", "\xE2\x89\xA5 12 dB",
        [&](Receiver receiver) {
            const double reach = louder.reach(receiver);
            return Figure{reach, number_text(reach, 0) + " dB"};
        },
        [](double reach) { return reach >= 12.0; });
}

} // namespace

Outcome measure_procedure(const Setting& setting) {
    Outcome outcome;
    measure_decoding(setting, outcome);
    measure_bandwidth(setting, outcome);
    measure_level_differences(setting, outcome);
    measure_dynamic_range(setting, outcome);
    measure_guard_time(setting, outcome);
    measure_noise_tolerance(setting, outcome);
    measure_dial_tone_tolerance(setting, outcome);
    return outcome;
}

} // namespace keytone::accuracy
