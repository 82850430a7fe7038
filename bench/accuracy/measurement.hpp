// SPDX-License-Identifier: MIT
//
// How all rows measure: many keys of one kind, made in portions with a seed each, so that the figures do not
// depend on the number of threads.
#pragma once

#include "bench/accuracy/random.hpp"
#include "bench/accuracy/score.hpp"
#include "bench/accuracy/sound.hpp"
#include "bench/accuracy/work.hpp"
#include "dsp/dtmf_limits.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

namespace keytone::accuracy {

/// The settings of a run.
struct Setting {
    int rate_hz;         ///< Of the sound that the receivers get.
    bool quick;          ///< Fewer points and less speech.
    int digits;          ///< Keys for each point.
    double speech_hours; ///< Hours of espeak-ng; of flite, which is slow, a quarter of that.
    std::filesystem::path cache;
    Work& work;
    std::filesystem::path speech{}; ///< A folder of recorded speech; empty: none.

    /// Whether SpanDSP takes part.
    [[nodiscard]] bool compares() const { return rate_hz == 8000; }
};

/// The scores of both receivers for the same sound.
struct Comparison {
    Score keytone;
    Score spandsp;

    Comparison& operator+=(const Comparison& other) {
        keytone += other.keytone;
        spandsp += other.spandsp;
        return *this;
    }
};

inline constexpr int digits_a_portion = 250;

/// Calls `portion(point, digits, random)` for each portion of each point, and adds up its results, by `+=`,
/// for each point.
template <class Result, class Portion>
std::vector<Result> measure(const Setting& setting, std::size_t points, const Portion& portion) {
    const auto portions =
        static_cast<std::size_t>((setting.digits + digits_a_portion - 1) / digits_a_portion);
    std::vector<Result> parts(points * portions);
    setting.work.for_each(parts.size(), [&](std::size_t job) {
        const auto done = static_cast<int>(job % portions) * digits_a_portion;
        Random random(job + 1);
        parts[job] = portion(job / portions, std::min(digits_a_portion, setting.digits - done), random);
    });
    std::vector<Result> results(points);
    for (std::size_t job = 0; job < parts.size(); ++job) {
        results[job / portions] += parts[job];
    }
    return results;
}

/// Lets both receivers hear `sound`, converted to the setting's rate.
Comparison compare(const Setting& setting, Sound sound, const DtmfLimits& limits = {});

/// Makes the sound of `digits` keys for a point.
using Maker = std::function<Sound(std::size_t point, int digits, Random& random)>;
/// Lets both receivers hear the sound of each point.
std::vector<Comparison> compare_points(const Setting& setting, std::size_t points, const Maker& make,
                                       const DtmfLimits& limits = {});

/// Values from `from` to `to` in equal steps.
std::vector<double> steps(double from, double to, double step);

} // namespace keytone::accuracy
