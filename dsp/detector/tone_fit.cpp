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

constexpr std::size_t max_fit_sub_blocks = 8;
using std::numbers::pi;
constexpr double least_prediction_error = 1e-6;
// At most so many rounds; the fit is done when no frequency moved by this much.
constexpr int max_rounds = 4;
constexpr double refined_hz = 0.3;
// A larger step would leave the main lobe of the shortest window: it is not taken.
constexpr double max_refinement_hz = 20.0;

// The phase advance of half a sample.
simd::Phase half_step(double hertz) {
    return short_phase_of_turns(0.5 * hertz / bank_rate_hz);
}
simd::Phase sub_block_step(double hertz) {
    return short_phase_of_turns(hertz * sub_block_seconds);
}

// Least squares for two tones of known frequencies in any one sub-block, as phasors at its middle.
class SubBlockModel {
  public:
    /// Fills `basis`, and keeps a reference to it.
    SubBlockModel(const std::array<double, 2>& hertz, simd::TonePairBasis& basis) : basis_(basis) {
        const std::array<simd::Phase, 2> half{half_step(hertz[0]), half_step(hertz[1])};
        simd::kernels().make_basis(half.data(), basis);
        simd::kernels().products(half.data(), products_);
        const auto& p = products_;
        cos_scale_ = 1.0F / (p.own_cos[0] * p.own_cos[1] - p.cross_cos * p.cross_cos);
        sin_scale_ = 1.0F / (p.own_sin[0] * p.own_sin[1] - p.cross_sin * p.cross_sin);
    }

    /// Writes the phasors that fit the samples best to place `i` of both tones' series.
    void solve(SubBlock samples, std::array<simd::PhasorSeries, 2>& series, std::size_t i) const {
        simd::TonePairParts x;
        simd::kernels().project(basis_, samples.data(), x);
        for (std::size_t k = 0; k < 2; ++k) {
            const std::size_t other = 1 - k;
            series[k].re[i] =
                cos_scale_ * (products_.own_cos[other] * x.cos[k] - products_.cross_cos * x.cos[other]);
            series[k].im[i] =
                sin_scale_ * (products_.cross_sin * x.sin[other] - products_.own_sin[other] * x.sin[k]);
        }
    }

  private:
    const simd::TonePairBasis& basis_;
    simd::TonePairProducts products_;
    float cos_scale_;
    float sin_scale_;
};

// Those sub-blocks of a fit that arrived.
struct Stretch {
    std::array<std::int64_t, max_fit_sub_blocks> index;
    std::size_t size = 0;
    simd::SeriesPlaces places{};

    /// Sub-blocks from the first of them to this one.
    [[nodiscard]] std::int64_t place(std::size_t i) const { return places.place[i]; }
    /// The middle of the time that they cover, in sub-blocks from the first.
    [[nodiscard]] double middle() const {
        std::int64_t sum = 0;
        for (std::size_t i = 0; i < size; ++i) {
            sum += place(i);
        }
        return static_cast<double>(sum) / static_cast<double>(std::max<std::size_t>(1, size));
    }
};

Stretch arrived(const ToneTracker& tracker, std::int64_t first, std::int64_t end) {
    Stretch stretch;
    for (std::int64_t b = first; b < end && stretch.size < max_fit_sub_blocks; ++b) {
        if (!tracker.lost(b)) {
            stretch.index[stretch.size] = b;
            stretch.places.place[stretch.size] = static_cast<std::int32_t>(b - stretch.index[0]);
            stretch.places.weight[stretch.size] = 1.0F;
            ++stretch.size;
        }
    }
    return stretch;
}

// Removes a constant and a slow wave, which over 25-40 ms stand for anything below some 80 Hz: an offset or
// mains hum say nothing for or against a key. energy() is what these held.
class Hum {
  public:
    /// `c` and `s` are the wave's cosine and sine at the sub-block's middle.
    void add(double c, double s, const simd::ResidualSums& sums) {
        normal_(0, 0) += sub_block_size;
        normal_(1, 0) += c * cosines;
        normal_(2, 0) += s * cosines;
        normal_(1, 1) += c * c * cosine_squares + s * s * sine_squares;
        normal_(2, 2) += s * s * cosine_squares + c * c * sine_squares;
        normal_(2, 1) += c * s * (cosine_squares - sine_squares);
        const auto cos = static_cast<double>(sums.hum_cos);
        const auto sin = static_cast<double>(sums.hum_sin);
        right_ += Eigen::Vector3d(static_cast<double>(sums.mean), c * cos - s * sin, s * cos + c * sin);
    }
    [[nodiscard]] double energy() const { return std::max(0.0, right_.dot(normal_.llt().solve(right_))); }

  private:
    static double sum_of_cosines(double angle) {
        return std::sin(0.5 * angle * sub_block_size) / std::sin(0.5 * angle);
    }
    static inline const double radians = 2.0 * pi * simd::hum_hz / bank_rate_hz;
    static inline const double cosines = sum_of_cosines(radians);
    static inline const double cosine_squares = 0.5 * (sub_block_size + sum_of_cosines(2.0 * radians));
    static inline const double sine_squares = 0.5 * (sub_block_size - sum_of_cosines(2.0 * radians));

    Eigen::Matrix3d normal_ = Eigen::Matrix3d::Zero(); // its lower half
    Eigen::Vector3d right_ = Eigen::Vector3d::Zero();
};

// What the tones contribute to the eight sub-blocks from `first` on.
std::array<simd::TonePairParts, simd::PhasorSeries::most> tones_from(const ToneFit& fit, std::int64_t first) {
    const double samples = (static_cast<double>(first) + 0.5) * sub_block_size - 0.5 - fit.origin;
    std::array<simd::TonePairParts, simd::PhasorSeries::most> parts;
    for (std::size_t k = 0; k < 2; ++k) {
        const FittedTone& tone = fit.tones[k];
        simd::PhasorSeries series;
        simd::kernels().spread(tone.phasor.real(), tone.phasor.imag(),
                               short_phase_of_turns(tone.frequency.value * samples / bank_rate_hz),
                               sub_block_step(tone.frequency.value), series);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            parts[i].cos[k] = series.re[i];
            parts[i].sin[k] = -series.im[i];
        }
    }
    return parts;
}

// Measures what the tones leave over: its power and its prediction gain.
void measure_residual(ToneFit& fit, const ToneTracker& tracker, const Stretch& stretch) {
    constexpr std::size_t before = 8; // room for the two samples before the first, and for alignment
    alignas(32) std::array<float, before + max_fit_sub_blocks * sub_block_size> left;
    std::fill_n(left.begin(), before, 0.0F);
    const simd::Kernels& kernels = simd::kernels();
    const std::int64_t first = stretch.size > 0 ? stretch.index[0] : 0;
    const auto parts = tones_from(fit, first);
    const double hum_step = simd::hum_hz * sub_block_seconds;
    simd::PhasorSeries wave;
    kernels.spread(1.0F, 0.0F, short_phase_of_turns(-hum_step * stretch.middle()),
                   short_phase_of_turns(hum_step), wave);
    float tones = 0.0F;
    std::array<double, 3> r{};
    Hum hum;
    for (std::size_t i = 0; i < stretch.size; ++i) {
        const auto place = static_cast<std::size_t>(stretch.place(i));
        float* const out = left.data() + before + i * sub_block_size;
        tones +=
            kernels.take_off(fit.basis, parts[place], tracker.samples(stretch.index[i]).data(), out).tones;
        simd::ResidualSums sums;
        kernels.sum_residual(out, sums);
        r[0] += static_cast<double>(sums.square);
        r[1] += static_cast<double>(sums.lag1);
        r[2] += static_cast<double>(sums.lag2);
        hum.add(static_cast<double>(wave.re[place]), static_cast<double>(wave.im[place]), sums);
    }
    const auto samples = static_cast<double>(std::max<std::size_t>(1, stretch.size) * sub_block_size);
    const double hum_energy = stretch.size > 0 ? std::min(hum.energy(), r[0]) : 0.0;
    for (double& product : r) {
        product -= hum_energy; // it hardly changes over two samples
    }
    fit.tone_power = static_cast<double>(tones) / samples;
    fit.residual_power = r[0] / samples;
    fit.residual_prediction_gain =
        r[0] > 0.0 ? prediction_gain(r[1] / r[0], r[2] / r[0], least_prediction_error) : Decibels{0.0};
}

// How many samples the tones go on, from sub-block `start` to before sub-block `stop` in `direction`: up to
// where the accumulated evidence for them and against silence is greatest. Each sample contributes x² -
// left²; lost samples contribute nothing. Searches in groups of eight samples first, then sample by sample in
// the two groups on either side of the maximum.
class Sounding {
  public:
    Sounding(const ToneFit& fit, const ToneTracker& tracker, std::int64_t start, std::int64_t stop,
             int direction)
        : fit_(fit),
          tracker_(tracker),
          start_(start),
          direction_(direction),
          sub_blocks_((stop - start) * direction) {}

    std::int64_t length() {
        float evidence = 0.0F;
        float most = 0.0F;
        float before_border = 0.0F; // evidence before the group at the maximum
        std::int64_t border = 0;
        for (std::int64_t i = 0; i < sub_blocks_; ++i) {
            if (!take_off(i)) {
                continue;
            }
            for (std::int64_t g = 0; g < groups; ++g) {
                const float before = evidence;
                evidence += groups_.evidence[direction_ > 0 ? g : groups - 1 - g];
                if (evidence > most) {
                    most = evidence;
                    before_border = before;
                    border = i * groups + g + 1;
                }
            }
        }
        evidence = before_border;
        most = 0.0F;
        std::int64_t longest = 0;
        for (std::int64_t g = std::max<std::int64_t>(0, border - 1);
             g < std::min(border + 1, sub_blocks_ * groups); ++g) {
            if (!take_off(g / groups)) {
                continue;
            }
            const SubBlock samples = tracker_.samples(sub_block(g / groups));
            for (std::int64_t n = g % groups * group; n < (g % groups + 1) * group; ++n) {
                const auto place = static_cast<std::size_t>(direction_ > 0 ? n : sub_block_samples - 1 - n);
                const auto x = static_cast<float>(samples[place]);
                evidence += (x - left_[place]) * (x + left_[place]);
                if (evidence > most) {
                    most = evidence;
                    longest = g / groups * sub_block_samples + n + 1;
                }
            }
        }
        return longest;
    }

  private:
    static constexpr std::int64_t groups = simd::TakenOff::groups;
    static constexpr std::int64_t group = sub_block_samples / groups;
    static constexpr std::int64_t eight = simd::PhasorSeries::most;

    [[nodiscard]] std::int64_t sub_block(std::int64_t i) const { return start_ + direction_ * i; }

    /// Subtracts the tones from the `i`th sub-block on the way; false if that is lost.
    bool take_off(std::int64_t i) {
        if (tracker_.lost(sub_block(i))) {
            return false;
        }
        if (i / eight != parts_of_) {
            // Eight sub-blocks in the order of time: on the way back, the first of them comes last.
            parts_of_ = i / eight;
            const std::int64_t first = parts_of_ * eight;
            parts_ = tones_from(fit_, direction_ > 0 ? sub_block(first) : sub_block(first + eight - 1));
        }
        const std::int64_t place = direction_ > 0 ? i % eight : eight - 1 - i % eight;
        groups_ = simd::kernels().take_off(fit_.basis, parts_[static_cast<std::size_t>(place)],
                                           tracker_.samples(sub_block(i)).data(), left_.data());
        return true;
    }

    const ToneFit& fit_;
    const ToneTracker& tracker_;
    std::int64_t start_;
    int direction_;
    std::int64_t sub_blocks_;
    std::int64_t parts_of_ = -1;
    std::array<simd::TonePairParts, simd::PhasorSeries::most> parts_;
    simd::TakenOff groups_;
    alignas(32) std::array<float, sub_block_size> left_;
};

} // namespace

ToneFit fit_tones(const ToneTracker& tracker, std::int64_t first, std::int64_t end,
                  const TonePair& guess) noexcept {
    const Stretch stretch = arrived(tracker, first, end);
    std::array<double, 2> hertz{guess.low.value, guess.high.value};
    ToneFit fit;
    fit.arrived = static_cast<std::int64_t>(stretch.size);
    fit.origin =
        (static_cast<double>(stretch.size > 0 ? stretch.index[0] : first) + 0.5) * sub_block_size - 0.5;
    for (int round = 0; round < max_rounds; ++round) {
        const SubBlockModel model(hertz, fit.basis);
        std::array<simd::PhasorSeries, 2> series{};
        for (std::size_t i = 0; i < stretch.size; ++i) {
            model.solve(tracker.samples(stretch.index[i]), series, i);
        }
        double largest_hz = 0.0;
        float wavering = 0.0F;
        float power = 0.0F;
        for (std::size_t k = 0; k < 2; ++k) {
            simd::Turning found;
            simd::kernels().find_turning(series[k], stretch.places, sub_block_step(hertz[k]), found);
            const double moved_hz = static_cast<double>(found.step) / (2.0 * pi * sub_block_seconds);
            const bool moves = std::abs(moved_hz) <= max_refinement_hz;
            fit.tones[k] = {{hertz[k] + (moves ? moved_hz : 0.0)}, {found.re, found.im}};
            largest_hz = std::max(largest_hz, moves ? std::abs(moved_hz) : 0.0);
            wavering += found.wavering;
            power += (found.re * found.re + found.im * found.im) * static_cast<float>(stretch.size);
            hertz[k] = fit.tones[k].frequency.value;
        }
        fit.wavering = power > 0.0F ? static_cast<double>(wavering / power) : 0.0;
        if (largest_hz < refined_hz) {
            break;
        }
    }
    measure_residual(fit, tracker, stretch);
    return fit;
}

SampleIndex likeliest_onset(const ToneFit& fit, const ToneTracker& tracker, std::int64_t oldest,
                            std::int64_t within) noexcept {
    return (within + 1) * sub_block_samples - Sounding(fit, tracker, within, oldest - 1, -1).length();
}

SampleIndex likeliest_end(const ToneFit& fit, const ToneTracker& tracker, std::int64_t within) noexcept {
    return within * sub_block_samples + Sounding(fit, tracker, within, tracker.count(), 1).length();
}

SampleIndex likeliest_stop(const ToneFit& fit, const ToneTracker& tracker, std::int64_t within,
                           std::int64_t end) noexcept {
    constexpr std::int64_t looked_at = 8; // sub-blocks
    // The noise, under the tones and after them, counts as at least this share of their power: the edges that
    // a codec or a room leaves are not sharper.
    constexpr double least_noise = 0.03;
    const auto parts = tones_from(fit, within);
    end = std::min({end, within + looked_at, tracker.count()});
    alignas(32) std::array<std::array<float, sub_block_size>, looked_at> left;
    float behind = 0.0F; // energy of the last sub-block, in which the tones are over
    std::int64_t behind_samples = 0;
    for (std::int64_t b = within; b < end; ++b) {
        const auto place = static_cast<std::size_t>(b - within);
        const std::int16_t* const heard = tracker.samples(b).data();
        simd::kernels().take_off(fit.basis, parts[place], heard, left[place].data());
        if (b == end - 1 && !tracker.lost(b)) {
            behind += simd::kernels().energy(heard);
            behind_samples += sub_block_samples;
        }
    }
    const double least = std::max(1.0, least_noise * fit.tone_power);
    const double noise = std::max(least, fit.residual_power);
    const double behind_power =
        std::max(least, static_cast<double>(behind) /
                            static_cast<double>(std::max(sub_block_samples, behind_samples)));
    // The evidence of each sample: the logarithm of how much likelier the tones are than what follows them.
    const auto per_left = static_cast<float>(1.0 / noise);
    const auto per_heard = static_cast<float>(1.0 / behind_power);
    const auto beforehand = static_cast<float>(std::log(behind_power / noise));
    float evidence = 0.0F;
    float most = 0.0F;
    SampleIndex stop = within * sub_block_samples;
    for (std::int64_t b = within; b < end; ++b) {
        if (tracker.lost(b)) {
            continue;
        }
        const SubBlock samples = tracker.samples(b);
        auto& says = left[static_cast<std::size_t>(b - within)]; // overwritten by each sample's evidence
        for (std::size_t n = 0; n < sub_block_size; ++n) {
            const auto x = static_cast<float>(samples[n]);
            says[n] = x * x * per_heard - says[n] * says[n] * per_left + beforehand;
        }
        for (std::size_t n = 0; n < sub_block_size; ++n) {
            evidence += says[n];
            if (evidence > most) {
                most = evidence;
                stop = b * sub_block_samples + static_cast<std::int64_t>(n) + 1;
            }
        }
    }
    return stop;
}

} // namespace keytone
