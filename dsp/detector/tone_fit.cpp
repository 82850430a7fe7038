// SPDX-License-Identifier: MIT
//
// Eigen is used with fixed sizes only, so that nothing is allocated, and without its assertions: a library
// never aborts.
#define EIGEN_NO_DEBUG
#define EIGEN_NO_MALLOC
#include "dsp/detector/tone_fit.hpp"

#include "dsp/arithmetic/linear_prediction.hpp"
#include "dsp/arithmetic/phase.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace keytone {

namespace {

using std::numbers::pi;
constexpr double least_prediction_error = 1e-6;
simd::Phase sub_block_step(double hertz) {
    return short_phase_of_turns(hertz * sub_block_seconds);
}

// Those of some sub-blocks that arrived, at most eight.
struct Stretch {
    std::int64_t first;
    std::int64_t end; // after the last that was looked at
    simd::HeardSubBlocks heard;

    [[nodiscard]] bool is_whole() const { return end - first == heard.size; }
};

void find_part(const ToneTracker& tracker, std::int64_t first, std::int64_t end, Stretch& stretch) {
    stretch = {first, first, {}};
    simd::HeardSubBlocks& heard = stretch.heard;
    std::int32_t sum = 0;
    std::int32_t squares = 0;
    for (std::int64_t b = first; b < end && heard.size < simd::HeardSubBlocks::most; ++b) {
        if (tracker.lost(b)) {
            continue;
        }
        stretch.first = heard.size == 0 ? b : stretch.first;
        stretch.end = b + 1;
        const auto place = static_cast<std::int32_t>(b - stretch.first);
        heard.place[heard.size] = place;
        heard.weight[heard.size] = 1.0F;
        heard.samples[heard.size] = tracker.samples(b).data();
        ++heard.size;
        sum += place;
        squares += place * place;
    }
    heard.middle = static_cast<float>(sum) / static_cast<float>(std::max(1, heard.size));
    heard.square = static_cast<float>(squares) - heard.middle * static_cast<float>(sum);
}

// Where nothing is lost, by the number of sub-blocks.
constexpr auto whole_stretches = [] {
    std::array<simd::HeardSubBlocks, simd::HeardSubBlocks::most + 1> stretches{};
    for (int size = 0; size <= simd::HeardSubBlocks::most; ++size) {
        simd::HeardSubBlocks& heard = stretches[static_cast<std::size_t>(size)];
        heard.size = size;
        heard.middle = size > 0 ? 0.5F * static_cast<float>(size - 1) : 0.0F;
        for (int i = 0; i < size; ++i) {
            const float off = static_cast<float>(i) - heard.middle;
            heard.place[i] = i;
            heard.weight[i] = 1.0F;
            heard.square += off * off;
        }
    }
    return stretches;
}();

void find_arrived(const ToneTracker& tracker, std::int64_t first, std::int64_t end, Stretch& stretch) {
    if (end <= first || end - first > simd::HeardSubBlocks::most || tracker.any_lost(first, end)) {
        find_part(tracker, first, end, stretch);
        return;
    }
    const auto size = static_cast<std::size_t>(end - first);
    stretch.first = first;
    stretch.end = end;
    stretch.heard = whole_stretches[size];
    tracker.find_samples(first, stretch.heard.samples);
}

// A constant and a slow wave, which over 25-40 ms stand for anything below some 80 Hz: an offset or mains hum
// say nothing for or against a key. Their least-squares equations depend only on which sub-blocks arrived.
class Hum {
  public:
    explicit Hum(const simd::HeardSubBlocks& heard) {
        Eigen::Matrix3d normal = Eigen::Matrix3d::Zero(); // its lower half
        for (std::size_t place = 0; place < simd::PhasorSeries::most; ++place) {
            const double angle =
                radians * sub_block_size * (static_cast<double>(place) - static_cast<double>(heard.middle));
            wave_.re[place] = static_cast<float>(std::cos(angle));
            wave_.im[place] = static_cast<float>(std::sin(angle));
        }
        for (int i = 0; i < heard.size; ++i) {
            const auto c = static_cast<double>(wave_.re[heard.place[i]]);
            const auto s = static_cast<double>(wave_.im[heard.place[i]]);
            normal(0, 0) += sub_block_size;
            normal(1, 0) += c * cosines;
            normal(2, 0) += s * cosines;
            normal(1, 1) += c * c * cosine_squares + s * s * sine_squares;
            normal(2, 2) += s * s * cosine_squares + c * c * sine_squares;
            normal(2, 1) += c * s * (cosine_squares - sine_squares);
        }
        inverse_ = normal.llt().solve(Eigen::Matrix3d::Identity());
    }

    /// The wave at the middle of the sub-block at each place.
    [[nodiscard]] const simd::PhasorSeries& wave() const { return wave_; }
    /// What they hold of what is left over.
    [[nodiscard]] double energy(const simd::LeftOverSums& sums) const {
        const Eigen::Vector3d right(static_cast<double>(sums.mean), static_cast<double>(sums.hum_cos),
                                    static_cast<double>(sums.hum_sin));
        return std::max(0.0, right.dot(inverse_ * right));
    }

  private:
    static double sum_of_cosines(double angle) {
        return std::sin(0.5 * angle * sub_block_size) / std::sin(0.5 * angle);
    }
    static inline const double radians = 2.0 * pi * simd::hum_hz / bank_rate_hz;
    static inline const double cosines = sum_of_cosines(radians);
    static inline const double cosine_squares = 0.5 * (sub_block_size + sum_of_cosines(2.0 * radians));
    static inline const double sine_squares = 0.5 * (sub_block_size - sum_of_cosines(2.0 * radians));

    simd::PhasorSeries wave_;
    Eigen::Matrix3d inverse_;
};

// Where nothing is lost, by the number of sub-blocks less one.
const std::array<Hum, simd::HeardSubBlocks::most> whole_hums = [] {
    const auto of = [](int size) {
        simd::HeardSubBlocks heard{};
        heard.size = size;
        heard.middle = 0.5F * static_cast<float>(size - 1);
        for (int i = 0; i < size; ++i) {
            heard.place[i] = i;
        }
        return Hum(heard);
    };
    return std::array{of(1), of(2), of(3), of(4), of(5), of(6), of(7), of(8)};
}();

// By how much a tone has turned in the middle of sub-block `index`, since the fit's origin.
simd::Phase turned_from_origin(const ToneFit& fit, std::size_t tone, std::int64_t index) {
    const double samples = (static_cast<double>(index) + 0.5) * sub_block_size - 0.5 - fit.origin;
    return short_phase_of_turns(fit.tones[tone].frequency.value * samples / bank_rate_hz);
}

// The tones over the eight sub-blocks from `first` on.
simd::TonePairSeries tones_from(const ToneFit& fit, std::int64_t first) {
    simd::TonePairSeries series;
    for (std::size_t k = 0; k < 2; ++k) {
        const FittedTone& tone = fit.tones[k];
        simd::kernels().spread(tone.phasor.real(), tone.phasor.imag(), turned_from_origin(fit, k, first),
                               sub_block_step(tone.frequency.value), series.tone[k]);
    }
    return series;
}

// Measures what the tones leave over.
void measure_residual(ToneFit& fit, const Stretch& stretch, LeftOver measured) {
    fit.tone_power = 0.0;
    fit.residual_power = 0.0;
    fit.residual_prediction_gain = Decibels{0.0};
    if (stretch.heard.size == 0) {
        return;
    }
    const auto measure = [&](const Hum& hum) {
        simd::LeftOverSums sums;
        const auto sum =
            measured == LeftOver::power ? simd::kernels().sum_power_left_over : simd::kernels().sum_left_over;
        sum(fit.basis, tones_from(fit, stretch.first), hum.wave(), stretch.heard, sums);
        const auto square = static_cast<double>(sums.square);
        const double hum_energy = std::min(hum.energy(sums), square);
        // The hum hardly changes over two samples.
        const double left = square - hum_energy;
        const double lag1 = static_cast<double>(sums.lag1) - hum_energy;
        const double lag2 = static_cast<double>(sums.lag2) - hum_energy;
        const auto samples = static_cast<double>(stretch.heard.size) * sub_block_size;
        fit.tone_power = static_cast<double>(sums.tones) / samples;
        fit.residual_power = left / samples;
        if (left > 0.0 && measured == LeftOver::power_and_colour) {
            fit.residual_prediction_gain = prediction_gain(lag1 / left, lag2 / left, least_prediction_error);
        }
    };
    if (stretch.is_whole()) {
        measure(whole_hums[static_cast<std::size_t>(stretch.heard.size - 1)]);
    } else {
        measure(Hum(stretch.heard));
    }
}

// How many samples the tones go on, from sub-block `start` to before sub-block `stop`: towards earlier ones
// where that is less.
SampleCount sounding(const ToneFit& fit, const ToneTracker& tracker, std::int64_t start, std::int64_t stop) {
    constexpr std::int64_t eight = simd::ToneWalk::at_once;
    static_assert(ToneTracker::history <= simd::ToneWalk::most);
    simd::ToneWalk walk;
    walk.backwards = stop < start;
    const std::int64_t step = walk.backwards ? -1 : 1;
    walk.sub_blocks = static_cast<int>((stop - start) * step);
    for (int i = 0; i < walk.sub_blocks; ++i, start += step) {
        walk.samples[i] = tracker.lost(start) ? nullptr : tracker.samples(start).data();
    }
    start = stop - walk.sub_blocks * step;
    for (std::int64_t i = 0; i < walk.sub_blocks; i += eight) {
        const std::int64_t first = walk.backwards ? start - i - (eight - 1) : start + i;
        for (std::size_t k = 0; k < 2; ++k) {
            walk.start[i / eight][k] = turned_from_origin(fit, k, first);
        }
    }
    for (std::size_t k = 0; k < 2; ++k) {
        walk.re[k] = fit.tones[k].phasor.real();
        walk.im[k] = fit.tones[k].phasor.imag();
        walk.step[k] = sub_block_step(fit.tones[k].frequency.value);
    }
    return simd::kernels().find_sounding(fit.basis, walk);
}

} // namespace

bool fit_tones(const ToneTracker& tracker, std::int64_t first, std::int64_t end, const TonePair& guess,
               LeftOver measured, ToneFit& fit, FunctionRef<bool()> is_worth_measuring) noexcept {
    Stretch stretch;
    find_arrived(tracker, first, end, stretch);
    std::array<double, 2> hertz{guess.low.value, guess.high.value};
    fit.arrived = stretch.heard.size;
    fit.origin = (static_cast<double>(stretch.first) + 0.5) * sub_block_size - 0.5;
    simd::Turning found;
    simd::kernels().fit(hertz.data(), stretch.heard, fit.basis, found);
    float wavering = 0.0F;
    float power = 0.0F;
    for (std::size_t k = 0; k < 2; ++k) {
        const auto [re, im] = found.mean[k];
        fit.tones[k] = {{hertz[k]}, {re, im}};
        wavering += found.wavering[k];
        power += (re * re + im * im) * static_cast<float>(stretch.heard.size);
    }
    fit.wavering = power > 0.0F ? static_cast<double>(wavering / power) : 0.0;
    if (!is_worth_measuring()) {
        return false;
    }
    measure_residual(fit, stretch, measured);
    return true;
}

ToneFit fit_tones(const ToneTracker& tracker, std::int64_t first, std::int64_t end, const TonePair& guess,
                  LeftOver measured) noexcept {
    ToneFit fit;
    fit_tones(tracker, first, end, guess, measured, fit, [] { return true; });
    return fit;
}

SampleIndex likeliest_onset(const ToneFit& fit, const ToneTracker& tracker, std::int64_t oldest,
                            std::int64_t within) noexcept {
    return (within + 1) * sub_block_samples - sounding(fit, tracker, within, oldest - 1);
}

SampleIndex likeliest_end(const ToneFit& fit, const ToneTracker& tracker, std::int64_t within) noexcept {
    return within * sub_block_samples + sounding(fit, tracker, within, tracker.count());
}

SampleIndex likeliest_stop(const ToneFit& fit, const ToneTracker& tracker, std::int64_t within,
                           std::int64_t end) noexcept {
    // The noise, under the tones and after them, counts as at least this share of their power: the edges that
    // a codec or a room leaves are not sharper.
    constexpr double least_noise = 0.03;
    end = std::min({end, within + std::int64_t{simd::HeardSubBlocks::most}, tracker.count()});
    Stretch stretch;
    find_arrived(tracker, within, end, stretch);
    const double least = std::max(1.0, least_noise * fit.tone_power);
    const double noise = std::max(least, fit.residual_power);
    // In the last sub-block the tones are over.
    const double behind =
        end > within && !tracker.lost(end - 1)
            ? static_cast<double>(simd::kernels().energy(tracker.samples(end - 1).data())) / sub_block_size
            : 0.0;
    const double behind_power = std::max(least, behind);
    // The evidence of each sample: the logarithm of how much likelier the tones are than what follows them.
    const simd::StopEvidence says{static_cast<float>(1.0 / behind_power), static_cast<float>(1.0 / noise),
                                  static_cast<float>(std::log(behind_power / noise))};
    const int longest =
        simd::kernels().find_stop(fit.basis, tones_from(fit, stretch.first), stretch.heard, says);
    return longest == 0 ? within * sub_block_samples : stretch.first * sub_block_samples + longest;
}

} // namespace keytone
