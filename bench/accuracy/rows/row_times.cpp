// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <algorithm>
#include <cmath>

namespace keytone::accuracy {

namespace {

constexpr double snr_db = 20.0;
constexpr double max_error_ms = 2.0;

struct Errors {
    std::vector<double> onset_ms;
    std::vector<double> duration_ms;
    std::size_t sent = 0;

    Errors& operator+=(const Errors& other) {
        onset_ms.insert(onset_ms.end(), other.onset_ms.begin(), other.onset_ms.end());
        duration_ms.insert(duration_ms.end(), other.duration_ms.begin(), other.duration_ms.end());
        sent += other.sent;
        return *this;
    }
};

Errors hear(const Setting& setting, int digits, Random& random) {
    const KeyShape shape;
    Sound sound = key_stream(shape, digits, setting.rate_hz, random);
    add_noise(sound, shape.power(), snr_db, random);
    Errors errors;
    errors.sent = sound.keys.size();
    auto key = sound.keys.begin();
    for (const KeytoneReport& heard : keytone_reports(to_pcm(sound.samples), setting.rate_hz)) {
        if (heard.report.kind != DtmfReport::Kind::end) {
            continue;
        }
        const double onset_s = static_cast<double>(heard.report.onset) / setting.rate_hz;
        const double duration_s = static_cast<double>(heard.report.duration) / setting.rate_hz;
        // The key that sounded in the middle of the reported one.
        while (key != sound.keys.end() && key->end_s < onset_s + duration_s / 2.0) {
            ++key;
        }
        if (key == sound.keys.end() || key->onset_s > onset_s + duration_s / 2.0) {
            continue;
        }
        errors.onset_ms.push_back(1000.0 * std::abs(onset_s - key->onset_s));
        errors.duration_ms.push_back(1000.0 * std::abs(duration_s - (key->end_s - key->onset_s)));
    }
    return errors;
}

Line line_of(const std::string& what, std::vector<double> errors, std::size_t sent) {
    if (errors.empty()) {
        return {what, "\xE2\x89\xA4 2 ms", Figure{1000.0, "none"}, Figure{0.0, "not reported"}, false};
    }
    std::ranges::sort(errors);
    const double error = errors[(errors.size() - 1) * 99 / 100];
    // A key that is not reported has no error: up to the percentile, all must be reported.
    const bool enough = errors.size() * 100 >= sent * 99;
    return {what, "\xE2\x89\xA4 2 ms", Figure{error, number_text(error, 2) + " ms"},
            Figure{0.0, "not reported"}, error <= max_error_ms && enough};
}

} // namespace

Outcome measure_times(const Setting& setting) {
    const Errors errors = measure<Errors>(setting, 1, [&](std::size_t, int digits, Random& random) {
                              return hear(setting, digits, random);
                          }).front();
    return {{line_of("error of the onset, 99th percentile", errors.onset_ms, errors.sent),
             line_of("error of the duration, 99th percentile", errors.duration_ms, errors.sent)}};
}

} // namespace keytone::accuracy
