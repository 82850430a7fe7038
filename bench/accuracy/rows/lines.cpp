// SPDX-License-Identifier: MIT
#include "bench/accuracy/rows/lines.hpp"

#include <utility>

namespace keytone::accuracy {

namespace {

Line line_of(const Setting& setting, std::string what, std::string asked, const Comparison& comparison,
             Figure (*figure)(const Score&), bool met) {
    Line line{std::move(what), std::move(asked), figure(comparison.keytone), {}, met};
    if (setting.compares()) {
        line.spandsp = figure(comparison.spandsp);
    }
    return line;
}

} // namespace

Line all_heard(const Setting& setting, std::string what, const Comparison& comparison) {
    return line_of(setting, std::move(what), "100 %", comparison, hit_figure, comparison.keytone.perfect());
}

Line enough_heard(const Setting& setting, std::string what, const Comparison& comparison,
                  double least_percent) {
    const std::string asked = (least_percent < 100.0 ? "\xE2\x89\xA5 " : "") + percent_text(least_percent);
    return line_of(setting, std::move(what), asked, comparison, hit_figure,
                   comparison.keytone.hit_percent() >= least_percent);
}

Figure snr_needed(const std::vector<double>& snrs, const std::vector<Comparison>& points,
                  Score Comparison::*receiver) {
    std::size_t first = snrs.size();
    while (first > 0) {
        const Score& score = points[first - 1].*receiver;
        if (score.hit_percent() < least_hits_percent || !score.clean()) {
            break;
        }
        --first;
    }
    if (first == snrs.size()) {
        const double beyond = snrs.back() + 1.0;
        return {beyond, "> " + number_text(snrs.back(), 1) + " dB"};
    }
    return {snrs[first], (first == 0 ? "\xE2\x89\xA4 " : "") + number_text(snrs[first], 1) + " dB"};
}

Line none_accepted(const Setting& setting, std::string what, const Comparison& comparison) {
    const Score& keytone = comparison.keytone;
    return line_of(setting, std::move(what), "0", comparison, accepted_figure,
                   keytone.missed == keytone.sent && keytone.clean());
}

} // namespace keytone::accuracy
