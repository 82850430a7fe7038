// SPDX-License-Identifier: MIT
#include "bench/accuracy/timed_keys.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace keytone::accuracy {

namespace {

constexpr double lead_ms = 200.0;
constexpr double tail_ms = 400.0;

bool is_right(const TimedKey& sent, const DtmfReport& heard, int rate_hz) {
    const double onset_s = static_cast<double>(heard.onset) / rate_hz;
    const double length_s = static_cast<double>(heard.duration) / rate_hz;
    return heard.key.character() == sent.key && std::abs(onset_s - sent.onset_s) <= sent.tolerance_s &&
           length_s >= sent.least_end_s - sent.onset_s - sent.tolerance_s &&
           length_s <= sent.most_end_s - sent.onset_s + sent.tolerance_s;
}

} // namespace

TimedScore& TimedScore::operator+=(const TimedScore& other) {
    sent += other.sent;
    right += other.right;
    extra += other.extra;
    return *this;
}

double TimedScore::right_percent() const {
    return sent == 0 ? 0.0 : 100.0 * static_cast<double>(right) / static_cast<double>(sent);
}

TimedScore score(std::span<const TimedKey> sent, std::span<const KeytoneReport> reports, int rate_hz) {
    TimedScore score{.sent = static_cast<std::int64_t>(sent.size())};
    auto next = sent.begin();
    for (const KeytoneReport& heard : reports) {
        if (heard.report.kind != DtmfReport::Kind::end) {
            continue;
        }
        const auto found = std::find_if(
            next, sent.end(), [&](const TimedKey& key) { return is_right(key, heard.report, rate_hz); });
        if (found == sent.end()) {
            ++score.extra;
        } else {
            ++score.right;
            next = found + 1;
        }
    }
    return score;
}

TimedLine::TimedLine(int rate_hz, Random& random) : random_(random), sound_{{rate_hz, {}, {}}, {}} {
    silence(lead_ms);
}

std::size_t TimedLine::extend(double ms) {
    std::vector<float>& all = sound_.sound.samples;
    const std::size_t at = all.size();
    all.resize(at + sample_count(ms, rate_hz()));
    return at;
}

void TimedLine::silence(double ms) {
    extend(ms);
}

void TimedLine::sound(KeyTones& tones, double ms, const Course& gain_db) {
    const std::size_t at = extend(ms);
    std::vector<float>& all = sound_.sound.samples;
    tones.add_to(all, at, all.size() - at);
    for (std::size_t i = at; i < all.size(); ++i) {
        const double since_ms = 1000.0 * static_cast<double>(i - at) / rate_hz();
        all[i] *= static_cast<float>(std::sqrt(power_ratio(gain_db(since_ms))));
    }
}

void TimedLine::sines(std::span<const double> hz, double dbm0, double ms) {
    const std::size_t at = extend(ms);
    for (const double each : hz) {
        add_sine(std::span(sound_.sound.samples).subspan(at), each, dbm0, rate_hz(), random_);
    }
}

void TimedLine::samples(std::span<const float> samples) {
    sound_.sound.samples.insert(sound_.sound.samples.end(), samples.begin(), samples.end());
}

void TimedLine::expect(char key, double onset_ms, double least_end_ms, double most_end_ms,
                       double tolerance_ms) {
    const auto seconds = [](double ms) { return ms / 1000.0; };
    sound_.keys.push_back(
        {key, seconds(onset_ms), seconds(least_end_ms), seconds(most_end_ms), seconds(tolerance_ms)});
    sound_.sound.keys.push_back({key, seconds(onset_ms), seconds(most_end_ms)});
}

TimedSound TimedLine::finish() && {
    silence(tail_ms);
    return std::move(sound_);
}

} // namespace keytone::accuracy
