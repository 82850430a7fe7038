// SPDX-License-Identifier: MIT
//
// Beeps of voicemail behind prompts and ringing. What else is taken for one: rows_of_false_tones.cpp.
#include "bench/listening/beeps.hpp"
#include "bench/listening/rows/rows.hpp"

#include <array>
#include <string>
#include <vector>

namespace keytone::listening {

namespace {

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
constexpr std::size_t most_prompts = 68;

Line heard_line(const Setting& setting, const BeepKind& kind, const BeepLine& line,
                const std::vector<Prompt>& prompts) {
    constexpr int beeps_a_job = 25;
    const auto jobs = static_cast<std::size_t>((setting.digits + beeps_a_job - 1) / beeps_a_job);
    std::vector<BeepCount> counts(jobs);
    setting.work.for_each(jobs, [&](std::size_t job) {
        for (int i = 0; i < beeps_a_job; ++i) {
            Random random(setting.seed(job * beeps_a_job + static_cast<std::size_t>(i)));
            const bool by_spandsp = setting.set == Set::judge;
            const BeepCount one = hear_beep(beep_call(kind, line, prompts, by_spandsp, random));
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

} // namespace

Outcome rows_of_beeps(const Setting& setting) {
    const std::vector<Prompt> prompts =
        prompts_to_end(setting.cache, setting.set == Set::judge, most_prompts);
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
    return outcome;
}

} // namespace keytone::listening
