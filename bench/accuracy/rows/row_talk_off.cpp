// SPDX-License-Identifier: MIT
//
// Sound without keys: every one that is heard is false.
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/rows/rows.hpp"
#include "bench/accuracy/synthetic_speech.hpp"

#include <array>
#include <string>

namespace keytone::accuracy {

namespace {

/// What is done to a recording.
struct Change {
    double gain_db = 0.0;
    double speed = 1.0; ///< Frequencies are so many times as high.
};

struct FalseKeys {
    double seconds = 0.0;
    std::int64_t keytone = 0;
    std::int64_t spandsp = 0;
};

Sound changed(const Recording& recording, const Change& change) {
    Sound sound{recording_rate_hz, resampled(recording.samples, 1.0 / change.speed), {}};
    scale(sound, change.gain_db);
    return sound;
}

/// Every recording with every change; a line for each part.
Outcome listen(const Setting& setting, const std::vector<Recording>& recordings,
               const std::vector<Change>& changes, const std::string& what, const std::string& missing) {
    if (recordings.empty()) {
        return {{Line{what, "0", {}, {}, {}, missing}}};
    }
    std::vector<FalseKeys> jobs(recordings.size() * changes.size());
    setting.work.for_each(jobs.size(), [&](std::size_t job) {
        Sound sound = changed(recordings[job / changes.size()], changes[job % changes.size()]);
        const double seconds = sound.seconds();
        const Comparison heard = compare(setting, std::move(sound));
        jobs[job] = {seconds, heard.keytone.extra, heard.spandsp.extra};
    });
    std::array<FalseKeys, 2> parts{};
    for (std::size_t job = 0; job < jobs.size(); ++job) {
        FalseKeys& part = parts.at(recordings[job / changes.size()].held_out() ? 1 : 0);
        part.seconds += jobs[job].seconds;
        part.keytone += jobs[job].keytone;
        part.spandsp += jobs[job].spandsp;
    }
    Outcome outcome;
    for (const bool held_out : {false, true}) {
        const FalseKeys& part = parts.at(held_out ? 1 : 0);
        const auto figure = [](std::int64_t count) {
            return Figure{static_cast<double>(count), std::to_string(count)};
        };
        Line line{what + ", " + (held_out ? "held-out" : "tuning") + " part, " +
                      number_text(part.seconds / 3600.0, 1) + " h",
                  "0",
                  figure(part.keytone),
                  {},
                  part.keytone == 0};
        if (setting.compares()) {
            line.spandsp = figure(part.spandsp);
        }
        outcome.lines.push_back(line);
    }
    return outcome;
}

/// Where SpanDSP takes no part, and in a quick run, fewer changes are enough.
bool thorough(const Setting& setting) {
    return setting.compares() && !setting.quick;
}

constexpr const char* no_prompts =
    "no /usr/share/asterisk/sounds: install asterisk-core-sounds-en-wav and asterisk-core-sounds-es-wav";
constexpr const char* no_speech = "neither flite nor espeak-ng is installed";
constexpr const char* no_music = "no /usr/share/asterisk/moh: install asterisk-moh-opsound-wav";

} // namespace

Outcome measure_talk_off_prompts(const Setting& setting) {
    std::vector<Change> changes;
    for (const double gain : thorough(setting) ? steps(-20.0, 12.0, 4.0) : std::vector{0.0}) {
        changes.push_back({.gain_db = gain});
    }
    return listen(setting, prompts(), changes,
                  thorough(setting) ? "prompts at \xE2\x88\x92"
                                      "20 to +12 dB"
                                    : "prompts",
                  no_prompts);
}

Outcome measure_talk_off_warped(const Setting& setting) {
    std::vector<Change> changes;
    for (const double speed : thorough(setting) ? steps(0.7, 1.4, 0.025) : std::vector{0.7, 0.85, 1.2, 1.4}) {
        changes.push_back({.speed = speed});
    }
    return listen(setting, prompts(), changes,
                  thorough(setting) ? "prompts at 0.7 to 1.4 times the speed, steps of 0.025"
                                    : "prompts at 0.7, 0.85, 1.2, 1.4 times the speed",
                  no_prompts);
}

Outcome measure_talk_off_synthetic(const Setting& setting) {
    std::vector<Recording> flite;
    std::vector<Recording> espeak;
    for (Recording& recording : synthetic_speech(setting.cache, setting.speech_hours, setting.work)) {
        (recording.name.starts_with("flite") ? flite : espeak).push_back(std::move(recording));
    }
    Outcome outcome = listen(setting, flite, {{}}, "flite, all voices", no_speech);
    const Outcome more = listen(setting, espeak, {{}}, "espeak-ng, all voices", no_speech);
    outcome.lines.insert(outcome.lines.end(), more.lines.begin(), more.lines.end());
    return outcome;
}

Outcome measure_talk_off_music(const Setting& setting) {
    std::vector<Change> changes;
    for (const double speed : thorough(setting) ? steps(0.7, 1.4, 0.1) : std::vector{1.0}) {
        changes.push_back({.speed = speed});
    }
    return listen(setting, music(), changes,
                  thorough(setting) ? "music at 0.7 to 1.4 times the speed, steps of 0.1" : "music",
                  no_music);
}

} // namespace keytone::accuracy
