// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <algorithm>
#include <optional>

namespace keytone::accuracy {

namespace {

constexpr double feed_ms = 1.0;
constexpr double max_begin_ms = 33.0;
constexpr double max_hint_ms = 15.0;

/// Milliseconds from onset to report, one value for each key.
struct Delays {
    std::vector<double> begin;
    std::vector<double> hint;
    std::vector<double> spandsp;
    std::size_t unheard = 0;

    Delays& operator+=(const Delays& other) {
        begin.insert(begin.end(), other.begin.begin(), other.begin.end());
        hint.insert(hint.end(), other.hint.begin(), other.hint.end());
        spandsp.insert(spandsp.end(), other.spandsp.begin(), other.spandsp.end());
        unheard += other.unheard;
        return *this;
    }
};

/// The delay of the first of `reports` for the key that began at `onset_s`, before `until_s`.
std::optional<double> delay_ms(const std::vector<HeardKey>& reports, const SentKey& key, double until_s) {
    const auto found = std::ranges::find_if(reports, [&](const HeardKey& report) {
        return report.key == key.key && report.at_s >= key.onset_s && report.at_s < until_s;
    });
    return found == reports.end() ? std::nullopt : std::optional(1000.0 * (found->at_s - key.onset_s));
}

Delays hear(const Setting& setting, int digits, Random& random) {
    const Sound sound = key_stream({}, digits, setting.rate_hz, random);
    const Pcm samples = to_pcm(sound.samples);
    const Feed feed{.ms = feed_ms};
    const auto reports = keytone_reports(samples, setting.rate_hz, {}, feed);
    std::vector<HeardKey> hints;
    for (const KeytoneReport& heard : reports) {
        if (heard.report.kind == DtmfReport::Kind::hint) {
            hints.push_back({heard.report.key.character(), heard.at_s});
        }
    }
    const auto confirmed = confirmed_keys(reports);
    const auto spandsp = setting.compares() ? heard_by_spandsp(samples, feed) : std::vector<HeardKey>{};

    Delays delays;
    for (std::size_t i = 0; i < sound.keys.size(); ++i) {
        const SentKey& key = sound.keys[i];
        const double until_s = i + 1 < sound.keys.size() ? sound.keys[i + 1].onset_s : sound.seconds();
        const auto begin = delay_ms(confirmed, key, until_s);
        if (!begin) {
            ++delays.unheard;
            continue;
        }
        delays.begin.push_back(*begin);
        // Without a hint, muting can only begin with the confirmed report.
        delays.hint.push_back(delay_ms(hints, key, until_s).value_or(*begin));
        if (const auto delay = delay_ms(spandsp, key, until_s)) {
            delays.spandsp.push_back(*delay);
        }
    }
    return delays;
}

Figure worst_and_median(std::vector<double> delays) {
    if (delays.empty()) {
        return {0.0, "none"};
    }
    std::ranges::sort(delays);
    return {delays.back(),
            number_text(delays.back(), 1) + " ms (median " + number_text(delays[delays.size() / 2], 1) + ")"};
}

} // namespace

Outcome measure_latency(const Setting& setting) {
    const Delays delays = measure<Delays>(setting, 1, [&](std::size_t, int digits, Random& random) {
                              return hear(setting, digits, random);
                          }).front();
    const Figure begin = worst_and_median(delays.begin);
    const Figure hint = worst_and_median(delays.hint);
    Line confirmed{"confirmed report, worst case, fed 1 ms at a time",
                   "\xE2\x89\xA4 33 ms",
                   begin,
                   {},
                   begin.value <= max_begin_ms && delays.unheard == 0};
    Line early{"early hint, worst case",
               "\xE2\x89\xA4 15 ms",
               hint,
               {},
               hint.value <= max_hint_ms && delays.unheard == 0};
    if (setting.compares()) {
        confirmed.spandsp = worst_and_median(delays.spandsp);
        early.spandsp = Figure{0.0, "none"};
    }
    return {{confirmed, early}};
}

} // namespace keytone::accuracy
