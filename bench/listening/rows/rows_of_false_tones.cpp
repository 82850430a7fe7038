// SPDX-License-Identifier: MIT
//
// Speech and music, in which there is no tone of a network or a machine: every one that is reported is false.
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/talk_off/clip.hpp"
#include "bench/accuracy/talk_off/hearing.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "bench/accuracy/talk_off/read_aloud.hpp"
#include "bench/accuracy/talk_off/speech_folder.hpp"
#include "bench/listening/progress_receivers.hpp"
#include "bench/listening/rows/rows.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace keytone::listening {

namespace {

using accuracy::Clip;
using accuracy::Corpus;
using accuracy::Figure;
using accuracy::Line;
using accuracy::Way;

constexpr int rate_hz = 8000;
constexpr double hours_a_tone = 10.0;
constexpr std::size_t quick_step = 8;

/// What was reported in some sound.
struct False {
    double seconds = 0.0;
    int progress = 0;
    int information = 0;
    int fax = 0;
    int spandsp = 0; ///< Of the United States' tones.
    int spandsp_fax = 0;

    False& operator+=(const False& other) {
        seconds += other.seconds;
        progress += other.progress;
        information += other.information;
        fax += other.fax;
        spandsp += other.spandsp;
        spandsp_fax += other.spandsp_fax;
        return *this;
    }
};

False hear(const std::vector<float>& samples, const Way& way) {
    const std::vector<float> warped = accuracy::resampled(samples, 1.0 / way.speed);
    const accuracy::Pcm pcm = accuracy::to_pcm(warped);
    False found{.seconds = static_cast<double>(pcm.size()) / rate_hz};
    for (const HeardTone& tone : progress_by_keytone(pcm, "any")) {
        const bool fax = tone.tone == "fax_calling" || tone.tone == "answering" ||
                         tone.tone == "modem_answering" || tone.tone == "fax_preamble";
        found.information += tone.tone == "sit" ? 1 : 0;
        found.fax += fax ? 1 : 0;
        found.progress += tone.tone != "sit" && !fax ? 1 : 0;
    }
    found.spandsp = static_cast<int>(progress_by_spandsp(pcm, "us").size());
    found.spandsp_fax = static_cast<int>(fax_by_spandsp(pcm).size());
    return found;
}

Line false_line(const std::string& what, const False& found, int count, int by_spandsp) {
    const double hours = found.seconds / 3600.0;
    const double allowed = std::floor(hours / hours_a_tone);
    return {what + ", " + accuracy::number_text(hours, 1) + " h",
            (allowed > 0.0 ? "\xE2\x89\xA4 " + accuracy::number_text(allowed, 0) : std::string("0")) +
                ": 1 in 10 h",
            Figure{static_cast<double>(count), std::to_string(count)},
            by_spandsp < 0
                ? std::nullopt
                : std::optional(Figure{static_cast<double>(by_spandsp), std::to_string(by_spandsp)}),
            count <= allowed};
}

void add_corpus(const Setting& setting, Corpus corpus, const std::vector<Way>& ways, const std::string& what,
                Outcome& outcome) {
    if (setting.quick) {
        corpus.clips = accuracy::a_part_of(corpus.clips, quick_step);
    }
    std::vector<False> found(corpus.clips.size());
    setting.work.for_each(found.size(), [&](std::size_t index) {
        const Clip& clip = corpus.clips[index];
        const std::vector<float> samples = accuracy::clip_samples(clip, setting.cache, rate_hz);
        for (const Way& way : ways) {
            found[index] += hear(samples, way);
        }
    });
    for (const bool held_out : {false, true}) {
        False sum;
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (accuracy::is_held_out(corpus.clips[i].source) == held_out) {
                sum += found[i];
            }
        }
        if (sum.seconds == 0.0) {
            continue;
        }
        const std::string part = what + (held_out ? ", held-out part" : ", tuning part");
        outcome.lines.push_back(false_line("progress in " + part, sum, sum.progress, sum.spandsp));
        outcome.lines.push_back(false_line("special information in " + part, sum, sum.information, -1));
        outcome.lines.push_back(false_line("fax in " + part, sum, sum.fax, sum.spandsp_fax));
    }
    for (const std::string& missing : corpus.missing) {
        outcome.lines.push_back({what, {}, {}, {}, {}, missing});
    }
}

std::vector<Way> ways_of(const Setting& setting) {
    if (setting.quick) {
        return {{}};
    }
    std::vector<Way> ways;
    for (const double speed : {0.85, 1.0, 1.2}) {
        ways.push_back({.speed = speed});
    }
    return ways;
}

} // namespace

Outcome rows_of_false_tones(const Setting& setting) {
    Outcome outcome;
    add_corpus(setting, accuracy::telephone_prompts(), ways_of(setting), "prompts", outcome);
    add_corpus(setting, accuracy::packaged_speech(), ways_of(setting), "packages' speech", outcome);
    add_corpus(setting, accuracy::speech_folder(setting.speech), ways_of(setting), "real speech", outcome);
    add_corpus(setting, accuracy::espeak_speech(setting.speech_hours), {{}}, "espeak-ng", outcome);
    add_corpus(setting, accuracy::flite_speech(setting.cache, setting.speech_hours / 4.0), {{}}, "flite",
               outcome);
    add_corpus(setting, accuracy::packaged_music(setting.cache), {{}}, "music and effects", outcome);
    return outcome;
}

} // namespace keytone::listening
