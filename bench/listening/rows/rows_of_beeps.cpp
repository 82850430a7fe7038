// SPDX-License-Identifier: MIT
//
// Beeps of voicemail behind prompts and ringing, and what else is taken for one.
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "bench/accuracy/talk_off/read_aloud.hpp"
#include "bench/accuracy/talk_off/speech_folder.hpp"
#include "bench/listening/beeps.hpp"
#include "bench/listening/rows/rows.hpp"
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"

#include <array>
#include <string>
#include <vector>

namespace keytone::listening {

namespace {

using accuracy::Clip;
using accuracy::Corpus;
using accuracy::Figure;
using accuracy::Line;
using accuracy::Random;

constexpr std::array kinds{
    BeepKind{"80 to 150 ms", 80.0, 150.0, 1.0, false},
    BeepKind{"150 to 1500 ms", 150.0, 1500.0, 1.0, false},
    BeepKind{"chirps, 100 to 500 ms", 100.0, 500.0, 1.4, false},
    BeepKind{"two tones, 150 to 1000 ms", 150.0, 1000.0, 1.0, true},
};
constexpr std::array lines{
    BeepLine{"quiet line", 0.0, nullptr},
    BeepLine{"noise, 30 dB", 30.0, nullptr},
    BeepLine{"noise, 20 dB", 20.0, nullptr},
    BeepLine{"noise, 15 dB", 15.0, nullptr},
};
constexpr double codec_snr_db = 30.0;
constexpr double most_in_speech = 0.2; // an hour
constexpr std::size_t every_nth_prompt = 25;
constexpr double seconds_an_hour = 3600.0;

Line heard_line(const Setting& setting, const BeepKind& kind, const BeepLine& line,
                const std::vector<Prompt>& prompts) {
    constexpr int beeps_a_job = 25;
    const auto jobs = static_cast<std::size_t>((setting.digits + beeps_a_job - 1) / beeps_a_job);
    std::vector<BeepCount> counts(jobs);
    setting.work.for_each(jobs, [&](std::size_t job) {
        for (int i = 0; i < beeps_a_job; ++i) {
            Random random(job * beeps_a_job + static_cast<std::size_t>(i) + 1);
            const BeepCount one = hear_beep(beep_call(kind, line, prompts, random));
            counts[job].sent += one.sent;
            counts[job].heard += one.heard;
            counts[job].heard_in_time += one.heard_in_time;
            counts[job].extra += one.extra;
        }
    });
    BeepCount all;
    for (const BeepCount& count : counts) {
        all.sent += count.sent;
        all.heard += count.heard;
        all.heard_in_time += count.heard_in_time;
        all.extra += count.extra;
    }
    const double percent = 100.0 * all.heard / all.sent;
    return {.what = std::string(kind.name) + ", " + line.name,
            .asked = "—",
            .keytone = Figure{percent, accuracy::percent_text(percent)},
            .spandsp = {},
            .met = {},
            .remark = std::to_string(all.sent) +
                      " beeps; within 130 ms of the end: " + std::to_string(all.heard_in_time) + " of " +
                      std::to_string(all.heard) + "; extra: " + std::to_string(all.extra)};
}

/// What is taken for a beep in sound without any.
Line false_line(const Setting& setting, const std::string& what, const Corpus& corpus, double most_an_hour) {
    struct Count {
        int beeps = 0;
        double seconds = 0.0;
    };
    std::vector<Clip> clips;
    for (const Clip& clip : corpus.clips) {
        if (clip.name.find("beep") == std::string::npos) {
            clips.push_back(clip);
        }
    }
    std::vector<Count> counts(clips.size());
    setting.work.for_each(clips.size(), [&](std::size_t i) {
        auto samples = accuracy::to_pcm(clip_samples(clips[i], setting.cache, setting.rate_hz));
        counts[i].seconds = static_cast<double>(samples.size()) / setting.rate_hz;
        samples.resize(samples.size() + static_cast<std::size_t>(setting.rate_hz)); // a beep's silence
        LineListener listener(SampleRate::narrowband());
        BeepListener beeps(SampleRate::narrowband());
        beeps.process(listener, samples, [&](const LineEvent& event) {
            counts[i].beeps += event.kind == LineEvent::Kind::beep_ended ? 1 : 0;
        });
    });
    Count all;
    for (const Count& count : counts) {
        all.beeps += count.beeps;
        all.seconds += count.seconds;
    }
    const double hours = all.seconds / seconds_an_hour;
    const double an_hour = hours > 0.0 ? all.beeps / hours : 0.0;
    std::string remark;
    for (const std::string& missing : corpus.missing) {
        remark += (remark.empty() ? "" : "; ") + missing;
    }
    const bool asked = most_an_hour > 0.0;
    return {.what = what + ", " + accuracy::number_text(hours, 1) + " h",
            .asked = asked ? "≤ 1 in 5 h" : "—",
            .keytone = Figure{an_hour, std::to_string(all.beeps)},
            .spandsp = {},
            .met = asked ? std::optional(an_hour <= most_an_hour) : std::nullopt,
            .remark = remark};
}

} // namespace

Outcome rows_of_beeps(const Setting& setting) {
    const std::vector<Prompt> prompts = prompts_to_end(setting.cache, every_nth_prompt);
    Outcome outcome;
    for (const BeepKind& kind : kinds) {
        for (const BeepLine& line : lines) {
            outcome.lines.push_back(heard_line(setting, kind, line, prompts));
        }
        for (const accuracy::Codec& codec : accuracy::codecs()) {
            if (codec.pass != nullptr) {
                outcome.lines.push_back(
                    heard_line(setting, kind, {codec.name, codec_snr_db, codec.pass}, prompts));
            }
        }
    }
    outcome.lines.push_back(false_line(setting, "in prompts", accuracy::telephone_prompts(), most_in_speech));
    outcome.lines.push_back(
        false_line(setting, "in espeak-ng", accuracy::espeak_speech(setting.speech_hours), most_in_speech));
    outcome.lines.push_back(
        false_line(setting, "in recorded speech", accuracy::speech_folder(setting.speech), most_in_speech));
    if (!setting.quick) { // Decoding them takes longer than all else.
        outcome.lines.push_back(
            false_line(setting, "in voices of packages", accuracy::packaged_speech(), most_in_speech));
        outcome.lines.push_back(
            false_line(setting, "in music", accuracy::packaged_music(setting.cache), 0.0));
    }
    return outcome;
}

} // namespace keytone::listening
