// SPDX-License-Identifier: MIT
//
// Each country's tones, frequencies off by up to 1 % and times by up to 10 %, -30 to 0 dBm0, in noise 20 dB
// below them, through codecs: whether the right kind is reported and no other, and when.
#include "bench/accuracy/random.hpp"
#include "bench/listening/noisy_line.hpp"
#include "bench/listening/progress_receivers.hpp"
#include "bench/listening/rows/rows.hpp"
#include "bench/listening/spandsp_tones.hpp"
#include "bench/listening/tones.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace keytone::listening {

namespace {

using accuracy::Codec;
using accuracy::Figure;
using accuracy::Line;
using accuracy::Pcm;
using accuracy::Random;

/// How many of the pieces were heard as they are.
struct Count {
    int pieces = 0;
    int keytone = 0;
    int any_country = 0;
    int spandsp = 0;
    int beeps = 0;       ///< Reported in ringing,
    int other_beeps = 0; ///< and in other tones.

    Count& operator+=(const Count& other) {
        pieces += other.pieces;
        keytone += other.keytone;
        any_country += other.any_country;
        spandsp += other.spandsp;
        beeps += other.beeps;
        other_beeps += other.other_beeps;
        return *this;
    }
};

/// Long enough for two cycles, or for one where that is all that is needed.
double length_s(const NetworkTone& tone, double time_factor) {
    const double cycle = std::accumulate(tone.ms.begin(), tone.ms.end(), 0.0) / 1000.0 * time_factor;
    if (tone.ms.empty() || tone.bursts_before > 0) {
        return 3.5 + 6.0 * cycle;
    }
    return (tone.tone == "ringback" ? 1.3 * cycle : 2.3 * cycle) + 1.0;
}

std::vector<float> made(const Setting& setting, const NetworkTone& tone, const ToneForm& form) {
    const double seconds = length_s(tone, form.time_factor);
    return setting.set == Set::judge ? network_tone_by_spandsp(tone, seconds, form)
                                     : network_tone(tone, seconds, form);
}

bool is_right(const std::vector<HeardTone>& heard, const NetworkTone& sent) {
    const auto fits = [&](const HeardTone& tone) {
        return tone.tone == sent.tone || (!sent.also.empty() && tone.tone == sent.also);
    };
    return !heard.empty() && std::ranges::all_of(heard, fits);
}

Count hear_pieces(const Setting& setting, const Codec& way) {
    const auto& tones = network_tones();
    std::vector<Count> counts(static_cast<std::size_t>(setting.digits));
    setting.work.for_each(counts.size(), [&](std::size_t job) {
        Random random(setting.seed(job));
        const NetworkTone& tone = tones[job % tones.size()];
        const ToneForm form = random_form(random);
        const Pcm samples = on_line(made(setting, tone, form), form, way.pass, random);
        counts[job] = {1,
                       is_right(progress_by_keytone(samples, tone.country), tone) ? 1 : 0,
                       is_right(progress_by_keytone(samples, "any"), tone) ? 1 : 0,
                       is_right(progress_by_spandsp(samples, tone.country), tone) ? 1 : 0,
                       0,
                       0};
        const bool rings = tone.tone == "ringback";
        (rings ? counts[job].beeps : counts[job].other_beeps) =
            static_cast<int>(beeps_by_keytone(samples).size());
    });
    return std::accumulate(counts.begin(), counts.end(), Count{}, [](Count sum, const Count& more) {
        sum += more;
        return sum;
    });
}

/// How long after the first sample it was known; nothing where it was not.
std::optional<double> delay_s(const Setting& setting, const NetworkTone& tone, Random& random) {
    const ToneForm form = random_form(random);
    const Pcm samples = on_line(made(setting, tone, form), form, nullptr, random);
    const auto heard = progress_by_keytone(samples, tone.country);
    return heard.empty() ? std::nullopt : std::optional(heard.front().known_s - lead_s);
}

struct TimeAsked {
    std::string_view tone;
    const char* asked;
    double cycles; ///< Of its cadence; 0: seconds count.
    double seconds;
    /// Only of countries whose ringing has the same frequencies, or of the others.
    std::optional<bool> rings_alike{};
};

bool rings_alike(const NetworkTone& tone) {
    return std::ranges::any_of(network_tones(), [&](const NetworkTone& other) {
        return other.country == tone.country && other.tone == "ringback" && other.hz == tone.hz;
    });
}

/// The latest of all countries' tones of this kind, in cycles or seconds.
Line time_line(const Setting& setting, const TimeAsked& asked) {
    std::vector<const NetworkTone*> tones;
    for (const NetworkTone& tone : network_tones()) {
        const bool counts = tone.tone == asked.tone && (asked.cycles > 0.0) == !tone.ms.empty();
        if (counts && (!asked.rings_alike || *asked.rings_alike == rings_alike(tone))) {
            tones.push_back(&tone);
        }
    }
    const std::size_t rounds = setting.quick ? 1 : 5;
    std::vector<double> delays(tones.size() * rounds, -1.0);
    setting.work.for_each(delays.size(), [&](std::size_t job) {
        Random random(setting.seed(job));
        const NetworkTone& tone = *tones[job % tones.size()];
        const double cycle = std::accumulate(tone.ms.begin(), tone.ms.end(), 0.0) / 1000.0;
        const auto delay = delay_s(setting, tone, random);
        delays[job] = delay ? *delay / (asked.cycles > 0.0 ? cycle : 1.0) : -1.0;
    });
    const double limit = asked.cycles > 0.0 ? asked.cycles * 1.1 : asked.seconds;
    std::set<std::string> late;
    for (std::size_t job = 0; job < delays.size(); ++job) {
        if (delays[job] > limit) {
            late.emplace(tones[job % tones.size()]->country);
        }
    }
    std::erase_if(delays, [](double delay) { return delay < 0.0; });
    std::ranges::sort(delays);
    const auto in_time = std::ranges::count_if(delays, [&](double delay) { return delay <= limit; });
    const std::string unit = asked.cycles > 0.0 ? " cycles" : " s";
    const double median = delays.empty() ? 0.0 : delays[delays.size() / 2];
    const double latest = delays.empty() ? 0.0 : delays.back();
    std::string what = "time to say " + std::string(asked.tone);
    if (asked.rings_alike) {
        what += *asked.rings_alike ? ", ringing is the same tone" : ", ringing is another tone";
    }
    std::string remark;
    for (const std::string& country : late) {
        remark += (remark.empty() ? "later: " : ", ") + country;
    }
    return {
        what + ", middle and latest",
        asked.asked,
        Figure{latest, accuracy::number_text(median, 2) + " / " + accuracy::number_text(latest, 2) + unit},
        {},
        in_time == static_cast<std::ptrdiff_t>(delays.size()),
        remark};
}

} // namespace

Outcome rows_of_progress(const Setting& setting) {
    Outcome outcome;
    for (const Codec& way : line_ways()) {
        const Count count = hear_pieces(setting, way);
        const std::string what = "countries' tones, " + std::string(way.name);
        const Figure own = percent_figure(count.keytone, count.pieces);
        outcome.lines.push_back({what + ", country given", "\xE2\x89\xA5 99.5 %", own,
                                 percent_figure(count.spandsp, count.pieces), own.value >= asked_percent});
        const Figure any = percent_figure(count.any_country, count.pieces);
        outcome.lines.push_back(
            {what + ", any country", "\xE2\x89\xA5 99.5 %", any, {}, any.value >= asked_percent});
        outcome.lines.push_back({what + ", beeps in ringing",
                                 "0",
                                 Figure{static_cast<double>(count.beeps), std::to_string(count.beeps)},
                                 {},
                                 count.beeps == 0,
                                 "in other tones: " + std::to_string(count.other_beeps)});
    }
    for (const TimeAsked& asked :
         {TimeAsked{"dial", "0.6 s", 0.0, 0.6, false}, TimeAsked{"dial", "0.6 s", 0.0, 0.6, true},
          TimeAsked{"ringback", "1 cycle", 1.0, 0.0}, TimeAsked{"busy", "2 cycles", 2.0, 0.0},
          TimeAsked{"congestion", "2 cycles", 2.0, 0.0}}) {
        outcome.lines.push_back(time_line(setting, asked));
    }
    return outcome;
}

} // namespace keytone::listening
