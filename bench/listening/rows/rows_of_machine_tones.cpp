// SPDX-License-Identifier: MIT
//
// The tones that are the same in every country: special information, faxes and modems, on the same lines as
// the countries' tones.
#include "bench/accuracy/random.hpp"
#include "bench/listening/noisy_line.hpp"
#include "bench/listening/progress_receivers.hpp"
#include "bench/listening/rows/rows.hpp"
#include "bench/listening/spandsp_tones.hpp"
#include "bench/listening/tones.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::listening {

namespace {

using accuracy::Codec;
using accuracy::Figure;
using accuracy::Line;
using accuracy::Random;

using Make = std::vector<float> (*)(const ToneForm& form);

/// One kind of tone: how it is made, and after what time of it, in seconds, it has to be known.
struct Machine {
    std::string_view name;
    const char* how; ///< Which of its variants.
    Make make;
    Make by_spandsp;
    double asked_s; ///< 0: no time is asked for.
};

template <ModemTone tone>
std::vector<float> by_spandsp(const ToneForm& form) {
    constexpr double seconds = tone == ModemTone::fax_calling ? 4.0 : tone == ModemTone::flags ? 1.0 : 3.0;
    return modem_tone_by_spandsp(tone, seconds, form);
}

constexpr Machine machines[]{
    {"fax_calling", "", [](const ToneForm& form) { return calling_tone(4.0, form); },
     by_spandsp<ModemTone::fax_calling>, 1.1},
    {"answering", "", [](const ToneForm& form) { return answering_tone(3.0, form, false, false); },
     by_spandsp<ModemTone::answering>, 0.0},
    {"modem_answering", " (ANSam, reversed)",
     [](const ToneForm& form) { return answering_tone(3.0, form, true, true); },
     by_spandsp<ModemTone::modulated_reversed>, 0.0},
    {"modem_answering", " (ANSam)",
     [](const ToneForm& form) { return answering_tone(3.0, form, true, false); },
     by_spandsp<ModemTone::modulated>, 0.0},
    {"modem_answering", " (ANS, reversed)",
     [](const ToneForm& form) { return answering_tone(3.0, form, false, true); },
     by_spandsp<ModemTone::answering_reversed>, 0.0},
    {"fax_preamble", "", [](const ToneForm& form) { return fax_preamble(1.0, form); },
     by_spandsp<ModemTone::flags>, 0.0},
};

struct Count {
    int keytone = 0;
    int spandsp = 0;
    double latest_s = 0.0;
};

/// Adds up what `hear(random)` counts of each piece.
template <class Hear>
Count count_pieces(const Setting& setting, int pieces, const Hear& hear) {
    std::vector<Count> counts(static_cast<std::size_t>(pieces));
    setting.work.for_each(counts.size(), [&](std::size_t job) {
        Random random(setting.seed(job));
        counts[job] = hear(job, random);
    });
    Count sum;
    for (const Count& count : counts) {
        sum.keytone += count.keytone;
        sum.spandsp += count.spandsp;
        sum.latest_s = std::max(sum.latest_s, count.latest_s);
    }
    return sum;
}

bool only(const std::vector<HeardTone>& heard, std::string_view tone) {
    return !heard.empty() && std::ranges::all_of(heard, [&](const HeardTone& of) { return of.tone == tone; });
}

bool any(const std::vector<HeardTone>& heard, std::string_view tone) {
    return std::ranges::any_of(heard, [&](const HeardTone& of) { return of.tone == tone; });
}

int quarter_of(const Setting& setting) {
    return std::max(setting.digits / 4, 1);
}

void add_information(const Setting& setting, const Codec& way, Outcome& outcome) {
    const int pieces = quarter_of(setting);
    int kinds = 0;
    std::vector<char> right(static_cast<std::size_t>(pieces));
    const Count count = count_pieces(setting, pieces, [&](std::size_t job, Random& random) {
        const InformationTone& tone = information_tones()[job % information_tones().size()];
        const ToneForm form = random_form(random);
        const std::vector<float> sound = setting.set == Set::judge ? information_tone_by_spandsp(tone, form)
                                                                   : information_tone(tone, form);
        const auto heard = progress_by_keytone(on_line(sound, form, way.pass, random), "any");
        Count of;
        of.keytone = only(heard, "sit") ? 1 : 0;
        right[job] = of.keytone == 1 && heard.front().information == tone.name ? 1 : 0;
        const double end_s = lead_s + static_cast<double>(sound.size()) / 8000.0;
        of.latest_s = of.keytone == 1 ? heard.front().known_s - end_s : 0.0;
        return of;
    });
    for (const char one : right) {
        kinds += one;
    }
    const std::string what = ", " + std::string(way.name);
    const Figure heard = percent_figure(count.keytone, pieces);
    const Figure told = percent_figure(kinds, pieces);
    outcome.lines.push_back(
        {"special information" + what, "\xE2\x89\xA5 99.5 %", heard, {}, heard.value >= asked_percent});
    outcome.lines.push_back({"special information, which of the eight" + what,
                             "\xE2\x89\xA5 99.5 %",
                             told,
                             {},
                             told.value >= asked_percent});
    outcome.lines.push_back(
        {"time to say special information, after its end, latest" + what,
         "at its end",
         Figure{count.latest_s, accuracy::number_text(1000.0 * count.latest_s, 0) + " ms"},
         {},
         {}});
}

void add_machine(const Setting& setting, const Codec& way, const Machine& machine, Outcome& outcome) {
    const int pieces = quarter_of(setting);
    const Count count = count_pieces(setting, pieces, [&](std::size_t /*job*/, Random& random) {
        ToneForm form = random_form(random);
        form.time_factor = 1.0;
        const Make make = setting.set == Set::judge ? machine.by_spandsp : machine.make;
        const auto samples = on_line(make(form), form, way.pass, random);
        const auto heard = progress_by_keytone(samples, "any");
        Count of;
        of.keytone = only(heard, machine.name) ? 1 : 0;
        of.spandsp = any(fax_by_spandsp(samples), machine.name) ? 1 : 0;
        of.latest_s = of.keytone == 1 ? heard.front().known_s - lead_s : 0.0;
        return of;
    });
    const Figure heard = percent_figure(count.keytone, pieces);
    const std::string name = std::string(machine.name) + machine.how;
    const std::string what = name + ", " + way.name;
    outcome.lines.push_back({what, "\xE2\x89\xA5 99.5 %", heard, percent_figure(count.spandsp, pieces),
                             heard.value >= asked_percent});
    if (way.pass == nullptr) {
        Line line{"time to say " + name + ", latest",
                  machine.asked_s > 0.0 ? accuracy::number_text(machine.asked_s, 1) + " s" : "",
                  Figure{count.latest_s, accuracy::number_text(count.latest_s, 2) + " s"},
                  {},
                  {}};
        if (machine.asked_s > 0.0) {
            line.met = count.latest_s <= machine.asked_s;
        }
        outcome.lines.push_back(line);
    }
}

} // namespace

Outcome rows_of_machine_tones(const Setting& setting) {
    Outcome outcome;
    for (const Codec& way : line_ways()) {
        add_information(setting, way, outcome);
        for (const Machine& machine : machines) {
            add_machine(setting, way, machine, outcome);
        }
    }
    return outcome;
}

} // namespace keytone::listening
