// SPDX-License-Identifier: MIT
//
// What all rows measure with: many keys of one kind, made in portions, each from a seed of its own, so that
// the figures do not depend on the number of threads.
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

/// How a run measures.
struct Setting {
    int rate_hz;         ///< Of what the receivers hear.
    bool quick;          ///< Fewer points and less speech.
    int digits;          ///< Keys a point.
    double speech_hours; ///< Of espeak-ng; of flite, which speaks slowly, a quarter.
    std::filesystem::path cache;
    Work& work;
    std::filesystem::path speech{}; ///< A folder of recorded speech; none where it is empty.

    /// SpanDSP takes part.
    [[nodiscard]] bool compares() const { return rate_hz == 8000; }
};

/// Both receivers on the same sound.
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

/// `portion(point, digits, random)` for each portion of each point; what it returns is summed by `+=` into
/// the point's result.
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

/// Lets both receivers hear `sound`, brought to the setting's rate.
Comparison compare(const Setting& setting, Sound sound, const DtmfLimits& limits = {});

/// Makes the sound of `digits` keys of a point.
using Maker = std::function<Sound(std::size_t point, int digits, Random& random)>;
/// Both receivers at each point.
std::vector<Comparison> compare_points(const Setting& setting, std::size_t points, const Maker& make,
                                       const DtmfLimits& limits = {});

/// From `from` to `to` in equal steps.
std::vector<double> steps(double from, double to, double step);

} // namespace keytone::accuracy
