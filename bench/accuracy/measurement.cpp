// SPDX-License-Identifier: MIT
#include "bench/accuracy/measurement.hpp"

#include "bench/accuracy/receivers.hpp"

#include <cmath>
#include <utility>

namespace keytone::accuracy {

Comparison compare(const Setting& setting, Sound sound, const DtmfLimits& limits) {
    const Sound heard = at_rate(std::move(sound), setting.rate_hz);
    const Pcm samples = to_pcm(heard.samples);
    Comparison comparison;
    comparison.keytone = score(heard.keys, heard_by_keytone(samples, heard.rate_hz, limits));
    if (setting.compares()) {
        comparison.spandsp = score(heard.keys, heard_by_spandsp(samples));
    }
    return comparison;
}

std::vector<Comparison> compare_points(const Setting& setting, std::size_t points, const Maker& make,
                                       const DtmfLimits& limits) {
    return measure<Comparison>(setting, points, [&](std::size_t point, int digits, Random& random) {
        return compare(setting, make(point, digits, random), limits);
    });
}

std::vector<double> steps(double from, double to, double step) {
    std::vector<double> values;
    const auto count = static_cast<int>(std::lround((to - from) / step));
    for (int i = 0; i <= count; ++i) {
        values.push_back(from + i * step);
    }
    return values;
}

} // namespace keytone::accuracy
