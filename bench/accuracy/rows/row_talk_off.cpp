// SPDX-License-Identifier: MIT
//
// Sound without keys: every key that is heard is false.
#include "bench/accuracy/rows/rows.hpp"
#include "bench/accuracy/rows/talk_off_lines.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "bench/accuracy/talk_off/read_aloud.hpp"
#include "bench/accuracy/talk_off/speech_folder.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace keytone::accuracy {

namespace {

// In a quick run, only every so many clips are heard.
constexpr std::size_t quick_step = 8;

/// In which ways clips are heard, and a description.
struct Ways {
    std::vector<Way> ways;
    std::string text;
};

Ways ways_at(const Setting& setting, double step) {
    if (is_thorough(setting)) {
        return {speeds(step),
                "at 0.7 to 1.4 times the speed, steps of " + number_text(step, step < 0.05  ? 3
                                                                               : step < 0.1 ? 2
                                                                                            : 1)};
    }
    if (setting.compares()) {
        std::vector<Way> ways;
        for (const double speed : {0.7, 0.85, 1.0, 1.2, 1.4}) {
            ways.push_back({.speed = speed, .name = "speed " + number_text(speed, 2)});
        }
        return {ways, "at 0.7, 0.85, 1, 1.2, 1.4 times the speed"};
    }
    return {{{}}, "as recorded"};
}

Corpus part_of(const Setting& setting, Corpus corpus) {
    if (setting.quick) {
        corpus.clips = a_part_of(corpus.clips, quick_step);
    }
    return corpus;
}

/// Without the packages of games' music there is only music on hold: a few songs, all of which are heard
/// then.
Corpus music_for(const Setting& setting) {
    Corpus music = packaged_music(setting.cache);
    return music.clips.size() < 2 * quick_step ? music : part_of(setting, std::move(music));
}

} // namespace

Outcome measure_talk_off_prompts(const Setting& setting) {
    std::vector<Way> ways;
    for (const double gain : is_thorough(setting) ? steps(-20.0, 12.0, 4.0) : std::vector{0.0}) {
        ways.push_back({.gain_db = gain, .name = "gain " + number_text(gain, 0) + " dB"});
    }
    return talk_off(setting, telephone_prompts(), ways,
                    is_thorough(setting) ? "prompts at \xE2\x88\x92"
                                           "20 to +12 dB"
                                         : "prompts",
                    0.0);
}

Outcome measure_talk_off_warped(const Setting& setting) {
    const Ways ways = ways_at(setting, 0.025);
    return talk_off(setting, telephone_prompts(), ways.ways, "prompts " + ways.text, 0.0);
}

Outcome measure_talk_off_speech(const Setting& setting) {
    const Ways ways = ways_at(setting, 0.05);
    return talk_off(setting, part_of(setting, speech_folder(setting.speech)), ways.ways,
                    "real speech " + ways.text, hours_a_key_in_speech);
}

Outcome measure_talk_off_packages(const Setting& setting) {
    const Ways ways = ways_at(setting, 0.05);
    return talk_off(setting, part_of(setting, packaged_speech()), ways.ways, "packages' speech " + ways.text,
                    hours_a_key_in_speech);
}

Outcome measure_talk_off_synthetic(const Setting& setting) {
    const Ways ways = ways_at(setting, 0.1);
    Outcome outcome = talk_off(setting, espeak_speech(setting.speech_hours), ways.ways,
                               "espeak-ng " + ways.text, hours_a_key_in_synthetic_speech);
    const double flite_hours = setting.speech_hours / 4.0;
    append(outcome, talk_off(setting, flite_speech(setting.cache, flite_hours), ways.ways,
                             "flite " + ways.text, hours_a_key_in_synthetic_speech));
    return outcome;
}

Outcome measure_talk_off_music(const Setting& setting) {
    Corpus music = music_for(setting);
    Outcome outcome =
        talk_off(setting, music, std::array{Way{}}, "music and effects as recorded", hours_a_key_in_music);
    if (setting.compares()) {
        music.missing.clear(); // stated once
        const Ways ways = ways_at(setting, 0.1);
        append(outcome,
               talk_off(setting, music, ways.ways, "music and effects " + ways.text, hours_a_key_in_music));
    }
    return outcome;
}

} // namespace keytone::accuracy
