// SPDX-License-Identifier: MIT
//
// Eigen is used with fixed sizes only, so that nothing is allocated, and without its assertions: a library
// never aborts.
#define EIGEN_NO_DEBUG
#define EIGEN_NO_MALLOC
#include "dsp/tone_fit.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace keytone {

namespace {

constexpr std::size_t max_fit_sub_blocks = 8;
constexpr std::size_t max_fit_samples = max_fit_sub_blocks * sub_block_size;
constexpr double radians_per_hertz = 2.0 * std::numbers::pi / bank_rate_hz;
// Gauss-Newton steps: two are enough from 10 Hz off, four from 25.
constexpr int max_refinements = 4;
constexpr double refined_hz = 0.05;
// A step wider than this has left the main lobe of the shortest window.
constexpr double max_refinement_hz = 20.0;

// The samples of a fit, and their distance from its origin.
struct Stretch {
    std::array<double, max_fit_samples> x;
    std::array<double, max_fit_samples> t;
    std::size_t size = 0;
    double origin = 0.0;
};

Stretch collect(const ToneTracker& tracker, std::int64_t first, std::int64_t end) {
    Stretch stretch;
    constexpr auto block = static_cast<double>(sub_block_size);
    stretch.origin = 0.5 * (block * static_cast<double>(first + end) - 1.0);
    for (std::int64_t b = first; b < end; ++b) {
        if (tracker.lost(b)) {
            continue;
        }
        double t = block * static_cast<double>(b) - stretch.origin;
        for (const std::int16_t sample : tracker.samples(b)) {
            stretch.x[stretch.size] = sample;
            stretch.t[stretch.size++] = t++;
        }
    }
    return stretch;
}

// exp(j w t) over a stretch's samples.
class PhasorWalk {
  public:
    PhasorWalk(const Stretch& stretch, double w) : stretch_(stretch), w_(w), turn_(std::polar(1.0, w)) {}

    std::complex<double> next() {
        // A sub-block's start, or a hole before it, sets the phase anew.
        phasor_ = n_ % sub_block_size == 0 ? std::polar(1.0, w_ * stretch_.t[n_]) : phasor_ * turn_;
        ++n_;
        return phasor_;
    }

  private:
    const Stretch& stretch_;
    double w_;
    std::complex<double> turn_;
    std::complex<double> phasor_;
    std::size_t n_ = 0;
};

// Columns: cos and -sin of the low tone, then of the high tone, so that coefficients are the phasor's parts.
using Columns = std::array<std::array<double, 4>, max_fit_samples>;

void fill_columns(Columns& columns, const Stretch& stretch, const std::array<double, 2>& frequency) {
    // Side by side: neither tone's next sample waits for the other's.
    PhasorWalk low(stretch, radians_per_hertz * frequency[0]);
    PhasorWalk high(stretch, radians_per_hertz * frequency[1]);
    for (std::size_t n = 0; n < stretch.size; ++n) {
        const std::complex<double> l = low.next();
        const std::complex<double> h = high.next();
        columns[n] = {l.real(), -l.imag(), h.real(), -h.imag()};
    }
}

using Amplitudes = Eigen::Matrix<double, 4, 1>;

double modelled(const std::array<double, 4>& row, const Amplitudes& a) {
    return row[0] * a[0] + row[1] * a[1] + row[2] * a[2] + row[3] * a[3];
}

// The linear half of the fit: amplitudes and phases at given frequencies.
struct LinearFit {
    Eigen::LDLT<Eigen::Matrix4d> normal;
    Amplitudes amplitudes;
};

LinearFit solve_amplitudes(const Columns& columns, const Stretch& stretch) {
    Eigen::Matrix4d normal = Eigen::Matrix4d::Zero();
    Amplitudes right = Amplitudes::Zero();
    for (std::size_t n = 0; n < stretch.size; ++n) {
        const Eigen::Map<const Amplitudes> row(columns[n].data());
        normal.noalias() += row * row.transpose();
        right.noalias() += stretch.x[n] * row;
    }
    LinearFit fit;
    fit.normal.compute(normal);
    fit.amplitudes = fit.normal.solve(right);
    return fit;
}

// A Gauss-Newton step in both frequencies, the amplitudes following them: what the amplitudes could explain
// of a change in frequency is taken off first (the Schur complement). Returns the larger step in hertz.
double refine_frequencies(const Columns& columns, const Stretch& stretch, const LinearFit& linear,
                          std::array<double, 2>& frequency) {
    const Amplitudes& a = linear.amplitudes;
    Eigen::Matrix<double, 4, 2> cross = Eigen::Matrix<double, 4, 2>::Zero();
    Eigen::Matrix2d normal = Eigen::Matrix2d::Zero();
    Eigen::Vector2d right = Eigen::Vector2d::Zero();
    for (std::size_t n = 0; n < stretch.size; ++n) {
        const auto& row = columns[n];
        const Eigen::Map<const Amplitudes> column(row.data());
        const Eigen::Vector2d gradient(stretch.t[n] * (row[1] * a[0] - row[0] * a[1]),
                                       stretch.t[n] * (row[3] * a[2] - row[2] * a[3]));
        cross.noalias() += column * gradient.transpose();
        normal.noalias() += gradient * gradient.transpose();
        right.noalias() += (stretch.x[n] - modelled(row, a)) * gradient;
    }
    const Eigen::Matrix2d schur = normal - cross.transpose() * linear.normal.solve(cross);
    const Eigen::Vector2d step = schur.inverse() * right;
    double largest = 0.0;
    for (std::size_t k = 0; k < 2; ++k) {
        const double hertz = step[static_cast<Eigen::Index>(k)] / radians_per_hertz;
        if (std::abs(hertz) <= max_refinement_hz) {
            frequency[k] += hertz;
            largest = std::max(largest, std::abs(hertz));
        }
    }
    return largest;
}

// Takes a constant and a slow wave off, which over 25-40 ms stand for anything below some 80 Hz: an offset
// and mains hum say nothing for or against a key. Returns what is left, as a mean square.
double remove_hum(std::span<double> x, const Stretch& stretch) {
    constexpr double hum_hz = 55.0; // between 50 and 60
    std::array<Eigen::Vector2d, max_fit_samples> waves;
    Eigen::Vector2d wave_sum = Eigen::Vector2d::Zero();
    Eigen::Matrix2d wave_normal = Eigen::Matrix2d::Zero();
    Eigen::Vector2d wave_right = Eigen::Vector2d::Zero();
    double sum = 0.0;
    PhasorWalk walk(stretch, radians_per_hertz * hum_hz);
    for (std::size_t n = 0; n < x.size(); ++n) {
        const std::complex<double> phasor = walk.next();
        waves[n] = {phasor.real(), phasor.imag()};
        wave_sum += waves[n];
        wave_normal.noalias() += waves[n] * waves[n].transpose();
        wave_right.noalias() += x[n] * waves[n];
        sum += x[n];
    }
    Eigen::Matrix3d normal;
    normal << static_cast<double>(x.size()), wave_sum.transpose(), wave_sum, wave_normal;
    const Eigen::Vector3d right(sum, wave_right[0], wave_right[1]);
    const Eigen::Vector3d hum = normal.ldlt().solve(right);
    double power = 0.0;
    for (std::size_t n = 0; n < x.size(); ++n) {
        x[n] -= hum[0] + (hum[1] * waves[n][0] + hum[2] * waves[n][1]);
        power += x[n] * x[n];
    }
    return x.empty() ? 0.0 : power / static_cast<double>(x.size());
}

// Power over the error of order-2 linear prediction, by the autocorrelation method.
Decibels prediction_gain(std::span<const double> x) {
    std::array<double, 3> r{};
    double before = 0.0;
    double before_that = 0.0;
    for (const double sample : x) {
        r[0] += sample * sample;
        r[1] += sample * before;
        r[2] += sample * before_that;
        before_that = std::exchange(before, sample);
    }
    if (r[0] <= 0.0) {
        return {0.0};
    }
    const double k1 = r[1] / r[0];
    const double error1 = 1.0 - k1 * k1;
    const double k2 = error1 > 0.0 ? (r[2] / r[0] - k1 * k1) / error1 : 0.0;
    return {-10.0 * std::log10(std::max(1e-6, error1 * (1.0 - k2 * k2)))};
}

// A fitted tone, sample by sample from `start`, forwards (1) or backwards (-1).
class Playback {
  public:
    Playback(const FittedTone& tone, double origin, std::int64_t start, int direction)
        : phasor_(tone.phasor * std::polar(1.0, radians_per_hertz * tone.frequency.value *
                                                    (static_cast<double>(start) - origin))),
          turn_(std::polar(1.0, radians_per_hertz * tone.frequency.value * direction)) {}

    double next() {
        const double value = phasor_.real();
        phasor_ *= turn_;
        return value;
    }

  private:
    std::complex<double> phasor_;
    std::complex<double> turn_;
};

// Walks from sample `start` to before `stop` in `direction` and returns how many samples long the tones
// sounded on: where the evidence for them against silence, summed on the way, is greatest. Lost samples are
// no evidence.
std::int64_t sounded_on(const ToneFit& fit, const ToneTracker& tracker, std::int64_t start, std::int64_t stop,
                        int direction) {
    constexpr auto block = static_cast<std::int64_t>(sub_block_size);
    Playback low(fit.tones[0], fit.origin, start, direction);
    Playback high(fit.tones[1], fit.origin, start, direction);
    double evidence = 0.0;
    double most = 0.0;
    std::int64_t longest = 0;
    for (std::int64_t t = start; t != stop; t += direction) {
        const double tones = low.next() + high.next();
        if (!tracker.lost(t / block)) {
            const double sample = tracker.samples(t / block)[static_cast<std::size_t>(t % block)];
            evidence += tones * (2.0 * sample - tones);
        }
        if (evidence > most) {
            most = evidence;
            longest = (t - start) * direction + 1;
        }
    }
    return longest;
}

} // namespace

ToneFit fit_tones(const ToneTracker& tracker, std::int64_t first, std::int64_t end,
                  const TonePair& guess) noexcept {
    const Stretch stretch = collect(tracker, first, end);
    std::array<double, 2> frequency{guess.low.value, guess.high.value};
    Columns columns;
    fill_columns(columns, stretch, frequency);
    LinearFit linear = solve_amplitudes(columns, stretch);
    for (int i = 0; i < max_refinements; ++i) {
        const double step_hz = refine_frequencies(columns, stretch, linear, frequency);
        fill_columns(columns, stretch, frequency);
        linear = solve_amplitudes(columns, stretch);
        if (step_hz < refined_hz) {
            break;
        }
    }

    const Amplitudes& a = linear.amplitudes;
    ToneFit fit{};
    fit.origin = stretch.origin;
    fit.tones[0] = {{frequency[0]}, {a[0], a[1]}};
    fit.tones[1] = {{frequency[1]}, {a[2], a[3]}};
    std::array<double, max_fit_samples> residual;
    for (std::size_t n = 0; n < stretch.size; ++n) {
        const double tones = modelled(columns[n], a);
        residual[n] = stretch.x[n] - tones;
        fit.tone_power += tones * tones;
    }
    fit.tone_power /= static_cast<double>(std::max<std::size_t>(1, stretch.size));
    const std::span<double> left = std::span(residual).first(stretch.size);
    fit.residual_power = remove_hum(left, stretch);
    fit.residual_prediction_gain = prediction_gain(left);
    return fit;
}

std::array<double, 2> tone_shares(const ToneFit& fit, SubBlock samples, std::int64_t index) noexcept {
    std::array<double, 2> shares{};
    const std::int64_t start = index * static_cast<std::int64_t>(sub_block_size);
    for (std::size_t k = 0; k < 2; ++k) {
        Playback tone(fit.tones[k], fit.origin, start, 1);
        double projection = 0.0;
        for (const std::int16_t sample : samples) {
            projection += tone.next() * sample;
        }
        const double own = 0.5 * sub_block_size * std::norm(fit.tones[k].phasor);
        shares[k] = own > 0.0 ? projection / own : 0.0;
    }
    return shares;
}

SampleIndex likeliest_onset(const ToneFit& fit, const ToneTracker& tracker, std::int64_t oldest,
                            std::int64_t within) noexcept {
    constexpr auto block = static_cast<std::int64_t>(sub_block_size);
    const std::int64_t last = (within + 1) * block - 1;
    return last + 1 - sounded_on(fit, tracker, last, oldest * block - 1, -1);
}

SampleIndex likeliest_end(const ToneFit& fit, const ToneTracker& tracker, std::int64_t within) noexcept {
    constexpr auto block = static_cast<std::int64_t>(sub_block_size);
    return within * block + sounded_on(fit, tracker, within * block, tracker.count() * block, 1);
}

} // namespace keytone
