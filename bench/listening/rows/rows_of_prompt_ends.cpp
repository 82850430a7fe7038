// SPDX-License-Identifier: MIT
//
// When does a gate open that waits for a prompt's end? Prompts of the packages, those to judge with and those
// that limits were found with, alone on a line with noise or hum. The true end is that of the voice, or,
// where a recording sounds on, any from there to the end of that sound.
//
//     noise   1 s   prompt ####.####.##::::                    silence
//                            true end ^   ^ or here    ^ right   ^ from 200 ms before to 200 ms behind
//
#include "bench/listening/prompt_ends.hpp"
#include "bench/listening/rows/rows.hpp"

#include <array>
#include <string>

namespace keytone::listening {

namespace {

constexpr double right_percent = 98.0;
constexpr double premature_percent = 0.5;

struct Place {
    const char* name;
    LineBeside beside;
};

constexpr std::array places{
    Place{"on a quiet line", {}},
    Place{"noise, 30 dB", {.snr_db = 30.0}},
    Place{"noise, 20 dB", {.snr_db = 20.0}},
    Place{"noise, 15 dB", {.snr_db = 15.0}},
    Place{"hum of 50 Hz, −40 dBm0", {.hum_hz = 50.0, .hum_dbm0 = -40.0}},
    Place{"hum of 60 Hz, −40 dBm0", {.hum_hz = 60.0, .hum_dbm0 = -40.0}},
    Place{"hum of 50 Hz, −30 dBm0", {.hum_hz = 50.0, .hum_dbm0 = -30.0}},
};

double percent(int part, int of) {
    return of == 0 ? 0.0 : 100.0 * part / of;
}

accuracy::Line right_line(const std::string& what, const PromptEnds& ends) {
    const double right = percent(ends.right, ends.prompts);
    return {.what = what + ": within 200 ms",
            .asked = "≥ 98 %",
            .keytone = accuracy::Figure{right, accuracy::percent_text(right)},
            .spandsp = {},
            .met = right >= right_percent,
            .remark = std::to_string(ends.prompts) + " prompts, " + std::to_string(ends.late) + " late"};
}

accuracy::Line premature_line(const std::string& what, const PromptEnds& ends) {
    const double premature = percent(ends.premature, ends.prompts);
    const auto by_level = [&](int part) {
        return accuracy::number_text(percent(part, ends.prompts), 2) + " %";
    };
    return {.what = what + ": premature",
            .asked = "≤ 0.5 %",
            .keytone = accuracy::Figure{premature, accuracy::number_text(premature, 2) + " %"},
            .spandsp = {},
            .met = premature <= premature_percent,
            .remark = "by level alone: right " + by_level(ends.right_by_level) + ", premature " +
                      by_level(ends.premature_by_level)};
}

} // namespace

Outcome rows_of_prompt_ends(const Setting& setting) {
    Outcome outcome;
    for (const bool to_judge : {true, false}) {
        const std::vector<Prompt> prompts =
            prompts_to_end(setting.cache, to_judge, static_cast<std::size_t>(setting.digits));
        for (const double silence_ms : {600.0, 1500.0}) {
            for (const Place& place : places) {
                const PromptEnds ends = hear_ends(prompts, place.beside, silence_ms, setting.work);
                const std::string what = std::string(to_judge ? "held out, " : "") + place.name +
                                         ", silence " + accuracy::number_text(silence_ms / 1000.0, 1) + " s";
                outcome.lines.push_back(right_line(what, ends));
                outcome.lines.push_back(premature_line(what, ends));
                outcome.lines.push_back({.what = what + ": premature, in a pause as long",
                                         .asked = "—",
                                         .keytone = accuracy::Figure{percent(ends.in_pause, ends.with_pause),
                                                                     std::to_string(ends.in_pause) + " of " +
                                                                         std::to_string(ends.with_pause)},
                                         .spandsp = {},
                                         .met = {}});
            }
        }
    }
    return outcome;
}

} // namespace keytone::listening
