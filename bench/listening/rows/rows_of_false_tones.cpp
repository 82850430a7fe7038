// SPDX-License-Identifier: MIT
//
// Speech and music, in which there is no tone of a network or a machine, and no beep: every one that is
// reported is false.
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/talk_off/clip.hpp"
#include "bench/accuracy/talk_off/hearing.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "bench/accuracy/talk_off/read_aloud.hpp"
#include "bench/accuracy/talk_off/speech_folder.hpp"
#include "bench/listening/progress_receivers.hpp"
#include "bench/listening/rows/rows.hpp"

#include <array>
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
constexpr double hours_a_beep = 5.0;
constexpr double at_end_s = 0.05;
constexpr std::size_t quick_step = 8;

/// What was reported in some sound.
struct False {
    double seconds = 0.0;
    int progress = 0;
    int information = 0;
    int fax = 0;
    int beeps = 0;
    int beeps_at_end = 0; ///< Where a recording stops, and is taken for a line that falls silent.
    int spandsp = 0;      ///< Of the United States' tones.
    int spandsp_fax = 0;
    std::string which{}; ///< The clips, what was reported and when.

    False& operator+=(const False& other) {
        seconds += other.seconds;
        progress += other.progress;
        information += other.information;
        fax += other.fax;
        beeps += other.beeps;
        beeps_at_end += other.beeps_at_end;
        spandsp += other.spandsp;
        spandsp_fax += other.spandsp_fax;
        which += other.which;
        return *this;
    }
    void add(const std::string& clip, const Way& way, const std::string& tone, double at_s) {
        which += (which.empty() ? "" : "; ") + tone + " in " + clip + " x" +
                 accuracy::number_text(way.speed, 2) + " at " + accuracy::number_text(at_s, 2) + " s";
    }
};

void count_beeps(const accuracy::Pcm& pcm, const std::string& clip, const Way& way, False& found) {
    const double length_s = static_cast<double>(pcm.size()) / rate_hz;
    accuracy::Pcm ended = pcm;
    ended.resize(ended.size() + rate_hz); // The silence behind a beep.
    for (const double end_s : beeps_by_keytone(ended)) {
        const bool at_end = end_s > length_s - at_end_s;
        found.beeps += at_end ? 0 : 1;
        found.beeps_at_end += at_end ? 1 : 0;
        found.add(clip, way, at_end ? "beep, end" : "beep", end_s);
    }
}

False hear(const std::vector<float>& samples, const std::string& clip, const Way& way) {
    const std::vector<float> warped = accuracy::resampled(samples, 1.0 / way.speed);
    const accuracy::Pcm pcm = accuracy::to_pcm(warped);
    False found{.seconds = static_cast<double>(pcm.size()) / rate_hz};
    for (const HeardTone& tone : progress_by_keytone(pcm, "any")) {
        const bool fax = tone.tone == "fax_calling" || tone.tone == "answering" ||
                         tone.tone == "modem_answering" || tone.tone == "fax_preamble";
        found.information += tone.tone == "sit" ? 1 : 0;
        found.fax += fax ? 1 : 0;
        found.progress += tone.tone != "sit" && !fax ? 1 : 0;
        found.add(clip, way, tone.tone, tone.at_s);
    }
    if (clip.find("beep") == std::string::npos) { // These are beeps.
        count_beeps(pcm, clip, way, found);
    }
    found.spandsp = static_cast<int>(progress_by_spandsp(pcm, "us").size());
    found.spandsp_fax = static_cast<int>(fax_by_spandsp(pcm).size());
    return found;
}

Line false_line(const std::string& what, const False& found, int count, double hours_a_report,
                int by_spandsp = -1) {
    const double hours = found.seconds / 3600.0;
    const double allowed = std::floor(hours / hours_a_report);
    return {what + ", " + accuracy::number_text(hours, 1) + " h",
            "\xE2\x89\xA4 " + accuracy::number_text(allowed, 0) + ": 1 in " +
                accuracy::number_text(hours_a_report, 0) + " h",
            Figure{static_cast<double>(count), std::to_string(count)},
            by_spandsp < 0
                ? std::nullopt
                : std::optional(Figure{static_cast<double>(by_spandsp), std::to_string(by_spandsp)}),
            count <= allowed};
}

void add_lines(const std::string& part, const False& sum, Outcome& outcome) {
    outcome.lines.push_back(false_line("progress in " + part, sum, sum.progress, hours_a_tone, sum.spandsp));
    outcome.lines.push_back(false_line("special information in " + part, sum, sum.information, hours_a_tone));
    outcome.lines.push_back(false_line("fax in " + part, sum, sum.fax, hours_a_tone, sum.spandsp_fax));
    outcome.lines.push_back(false_line("beeps in " + part, sum, sum.beeps, hours_a_beep));
    outcome.lines.push_back({"beeps where a recording stops, " + part,
                             {},
                             Figure{static_cast<double>(sum.beeps_at_end), std::to_string(sum.beeps_at_end)},
                             {},
                             {}});
}

enum class Speeds { one, two };

/// As it is and, for two speeds, also slower or faster in turn.
std::vector<Way> ways_of(Speeds speeds, std::size_t clip) {
    std::vector<Way> ways{{}};
    if (speeds == Speeds::two) {
        ways.push_back({.speed = clip % 2 == 0 ? 0.85 : 1.2});
    }
    return ways;
}

/// `sums`: over all corpora, the tuning part and the held-out part.
void add_corpus(const Setting& setting, Corpus corpus, Speeds speeds, const std::string& what,
                std::array<False, 2>& sums, Outcome& outcome) {
    if (setting.quick) {
        corpus.clips = accuracy::a_part_of(corpus.clips, quick_step);
    }
    std::vector<False> found(corpus.clips.size());
    setting.work.for_each(found.size(), [&](std::size_t index) {
        const Clip& clip = corpus.clips[index];
        const std::vector<float> samples = accuracy::clip_samples(clip, setting.cache, rate_hz);
        for (const Way& way : ways_of(speeds, index)) {
            found[index] += hear(samples, clip.name, way);
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
        add_lines(what + (held_out ? ", held-out part" : ", tuning part"), sum, outcome);
        if (!held_out && !sum.which.empty()) { // Nobody looks at the others.
            outcome.lines.back().remark = sum.which;
        }
        sum.which.clear();
        sums.at(held_out ? 1 : 0) += sum;
    }
    for (const std::string& missing : corpus.missing) {
        outcome.lines.push_back({what, {}, {}, {}, {}, missing});
    }
}

void add_sums(const std::string& what, const std::array<False, 2>& sums, Outcome& outcome) {
    add_lines("all " + what + ", tuning part", sums[0], outcome);
    add_lines("all " + what + ", held-out part", sums[1], outcome);
}

} // namespace

Outcome rows_of_false_tones(const Setting& setting) {
    Outcome outcome;
    std::array<False, 2> speech;
    const Speeds speeds = setting.quick ? Speeds::one : Speeds::two;
    add_corpus(setting, accuracy::telephone_prompts(), speeds, "prompts", speech, outcome);
    add_corpus(setting, accuracy::packaged_speech(), speeds, "packages' speech", speech, outcome);
    add_corpus(setting, accuracy::speech_folder(setting.speech), speeds, "real speech", speech, outcome);
    add_corpus(setting, accuracy::espeak_speech(setting.speech_hours), Speeds::one, "espeak-ng", speech,
               outcome);
    add_corpus(setting, accuracy::flite_speech(setting.cache, setting.speech_hours / 4.0), Speeds::one,
               "flite", speech, outcome);
    add_sums("speech", speech, outcome);
    std::array<False, 2> music;
    add_corpus(setting, accuracy::packaged_music(setting.cache), Speeds::one, "music and effects", music,
               outcome);
    add_sums("music", music, outcome);
    return outcome;
}

} // namespace keytone::listening
