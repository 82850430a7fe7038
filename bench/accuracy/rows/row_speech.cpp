// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <cmath>
#include <optional>

namespace keytone::accuracy {

namespace {

struct Case {
    double tones_over_speech_db;
    std::optional<double> asked_percent;
};
constexpr std::array cases{Case{15, std::nullopt}, Case{12, std::nullopt}, Case{9, 98.0}, Case{6, 90.0},
                           Case{0, std::nullopt}};
// Some prompts are silent: those below this are not used.
constexpr double least_speech_dbm0 = -40.0;
constexpr double lead_ms = 100.0;
constexpr double least_pause_ms = 50.0;
constexpr double most_pause_ms = 100.0;

/// Keys all over a prompt; `tones_over_speech_db` is the power of both tones over that of the voice while it
/// speaks.
Sound keys_over(const Recording& prompt, double tones_over_speech_db, Random& random) {
    Sound sound{recording_rate_hz, prompt.samples, {}};
    const double power = active_mean_square(prompt.samples, recording_rate_hz);
    KeyShape shape;
    shape.low_dbm0 = dbm0_of(power * power_ratio(tones_over_speech_db) / 2.0);
    shape.high_dbm0 = shape.low_dbm0;
    const std::size_t count = sample_count(shape.tone_ms, recording_rate_hz);
    std::size_t at = sample_count(lead_ms, recording_rate_hz);
    while (at + count + sample_count(lead_ms, recording_rate_hz) <= sound.samples.size()) {
        const char key = random_key(random);
        KeyTones(key, shape, recording_rate_hz, random).add_to(sound.samples, at, count);
        const auto seconds = [](std::size_t index) { return static_cast<double>(index) / recording_rate_hz; };
        sound.keys.push_back({key, seconds(at), seconds(at + count)});
        at += count + sample_count(random.uniform(least_pause_ms, most_pause_ms), recording_rate_hz);
    }
    return sound;
}

} // namespace

Outcome measure_speech(const Setting& setting) {
    constexpr std::size_t quick_step = 8;
    std::vector<const Recording*> chosen;
    for (std::size_t i = 0; i < prompts().size(); i += setting.quick ? quick_step : 1) {
        if (active_mean_square(prompts()[i].samples, recording_rate_hz) >= mean_square(least_speech_dbm0)) {
            chosen.push_back(&prompts()[i]);
        }
    }
    if (chosen.empty()) {
        return {{Line{"50 ms under speech", "", {}, {}, {}, "no prompts in /usr/share/asterisk/sounds"}}};
    }
    std::vector<Comparison> jobs(cases.size() * chosen.size());
    setting.work.for_each(jobs.size(), [&](std::size_t job) {
        Random random(job + 1);
        jobs[job] = compare(setting, keys_over(*chosen[job % chosen.size()],
                                               cases.at(job / chosen.size()).tones_over_speech_db, random));
    });

    Outcome outcome;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        Comparison all;
        for (std::size_t j = 0; j < chosen.size(); ++j) {
            all += jobs[i * chosen.size() + j];
        }
        const Case& asked = cases.at(i);
        Line line = enough_heard(
            setting, "50 ms, tones " + number_text(asked.tones_over_speech_db, 0) + " dB over the speech",
            all, asked.asked_percent.value_or(0.0));
        if (!asked.asked_percent) {
            line.asked = "";
            line.met.reset();
        }
        outcome.lines.push_back(line);
    }
    return outcome;
}

} // namespace keytone::accuracy
