// SPDX-License-Identifier: MIT
//
// The price of each sensitivity: the noise in which keys are heard, and the keys that are heard where there
// are none.
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"
#include "bench/accuracy/rows/talk_off_lines.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "bench/accuracy/talk_off/read_aloud.hpp"
#include "bench/accuracy/talk_off/speech_folder.hpp"
#include "dsp/dtmf_limits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace keytone::accuracy {

namespace {

constexpr double lowest_snr_db = -4.0;
constexpr double highest_snr_db = 12.0;
constexpr std::size_t quick_step = 32;
constexpr double hours_of_a_rate = 100.0;

struct Needed {
    Figure keytone;
    Figure spandsp;
};

/// The SNR at which 50/50 ms keys are heard.
Needed snr_needed_with(const Setting& setting, const DtmfLimits& limits) {
    const auto snrs = steps(lowest_snr_db, highest_snr_db, setting.quick ? 1.0 : 0.5);
    const auto points = compare_points(
        setting, snrs.size(),
        [&](std::size_t point, int digits, Random& random) {
            const KeyShape shape;
            Sound sound = key_stream(shape, digits, setting.rate_hz, random);
            add_noise(sound, shape.power(), snrs[point], random);
            return sound;
        },
        limits);
    return {snr_needed(snrs, points, &Comparison::keytone), snr_needed(snrs, points, &Comparison::spandsp)};
}

/// All available sound without keys, as recorded.
FalseKeys heard_falsely(const Setting& setting, const std::vector<DtmfLimits>& limits) {
    FalseKeys all;
    for (const Corpus& corpus : {speech_folder(setting.speech), telephone_prompts(), packaged_speech(),
                                 espeak_speech(setting.speech_hours), packaged_music(setting.cache)}) {
        const std::vector<Clip> clips = a_part_of(corpus.clips, is_thorough(setting) ? 1 : quick_step);
        for (const FalseKeys& of_clip : hear(setting, clips, std::vector{Way{}}, limits).clips) {
            all += of_clip;
        }
    }
    return all;
}

double rate_of(std::int64_t keys, const FalseKeys& heard) {
    return static_cast<double>(keys) / heard.hours() * hours_of_a_rate;
}

} // namespace

Outcome measure_sensitivity(const Setting& setting) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    std::vector<DtmfLimits> limits;
    for (const Sensitivity sensitivity : sensitivities) {
        limits.push_back({.sensitivity = sensitivity});
    }
    const FalseKeys heard = heard_falsely(setting, limits);
    Outcome outcome;
    if (heard.seconds == 0.0) {
        return {{Line{"false keys with each sensitivity", {}, {}, {}, {}, "there is no sound to hear"}}};
    }
    Curve curve{"sensitivity",
                "Keys heard where there are none, against the noise that keys are heard in",
                "SNR from which 99.9 % of 50/50 ms keys are heard, dB",
                "keys in 100 h of speech, music and effects",
                {},
                {},
                setting.compares()};
    Needed needed{};
    for (std::size_t i = 0; i < limits.size(); ++i) {
        needed = snr_needed_with(setting, limits[i]);
        const std::string name(keytone::name(sensitivities.at(i)));
        Line snr{name + ": SNR for 99.9 % of 50/50 ms", {}, needed.keytone, {}, {}};
        if (i > 0) {
            snr.asked = "\xE2\x89\xA4 " + std::string(keytone::name(sensitivities.at(i - 1)));
            snr.met = needed.keytone.value <= curve.points.back().x;
        }
        outcome.lines.push_back(snr);
        Line line{name + ": keys in " + number_text(heard.hours(), 1) + " h of all sound without",
                  {},
                  Figure{static_cast<double>(heard.keytone[i]), std::to_string(heard.keytone[i])},
                  {},
                  {}};
        if (setting.compares()) {
            outcome.lines.back().spandsp = needed.spandsp;
            line.spandsp = Figure{static_cast<double>(heard.spandsp), std::to_string(heard.spandsp)};
        }
        outcome.lines.push_back(line);
        curve.points.push_back({needed.keytone.value, rate_of(heard.keytone[i], heard), none, name});
    }
    if (setting.compares()) {
        curve.points.push_back({needed.spandsp.value, none, rate_of(heard.spandsp, heard)});
    }
    std::ranges::sort(curve.points, {}, &CurvePoint::x);
    // Scales the axis for five marks at whole numbers.
    double most = 1.0;
    for (const CurvePoint& point : curve.points) {
        most = std::max(most, std::fmax(point.keytone, point.spandsp));
    }
    curve.highest = 5.0 * std::ceil(most / 5.0);
    outcome.curves.push_back(std::move(curve));
    return outcome;
}

} // namespace keytone::accuracy
