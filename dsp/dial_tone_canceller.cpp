// SPDX-License-Identifier: MIT
#define EIGEN_NO_DEBUG
#define EIGEN_NO_MALLOC
#include "dsp/dial_tone_canceller.hpp"

#include "dsp/levels.hpp"
#include "dsp/tone_recurrence.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace keytone {

namespace {

constexpr double radians_per_hertz = 2.0 * std::numbers::pi / bank_rate_hz;

// What is fitted, and what a fit must show. Voices leave more over, and glide.
constexpr std::int64_t fitted_sub_blocks = 8;
constexpr std::size_t fitted_samples = fitted_sub_blocks * sub_block_size;
constexpr int refinements = 4;
constexpr double most_left_over = 0.03;
// At the guess, and with the frequencies that follow from it.
constexpr std::array<double, 2> hopeless_left_over{0.2, 0.05};
constexpr std::array<double, 2> pair_hz{350.0, 440.0};
constexpr double pair_tolerance = 0.02;
constexpr double least_single_hz = 390.0;
constexpr double most_single_hz = 460.0;
constexpr double most_level_ratio = 4.0; // of the pair's peaks
// A fit takes a hundred times as long as to see that there is no use in one. A quarter turn of 400 Hz tells
// frequencies apart best.
constexpr std::size_t lag = 5;
constexpr float promising_noise_share = 0.05F;
constexpr double frequency_margin = 1.1;
// The cosine of 300 to 520 Hz.
constexpr float least_cosine = 0.918F;
constexpr float most_cosine = 0.973F;

// How much of what is left of a tone in one sub-block its phasor takes over; its frequency the square of half
// that.
constexpr double follow = 0.1;
// A dial tone is over when subtracting it adds more than this share of it, twice in a row: a key of about its
// level may look like that for one sub-block.
constexpr double over_share = 0.5;

template <std::size_t tones>
struct Fit {
    static constexpr int amplitudes = 2 * static_cast<int>(tones);

    std::array<double, tones> radians{};
    Eigen::Matrix<double, amplitudes, 1> amplitude; // of cos and -sin, tone by tone
    double left_over = 1.0;                         // share of the power
};

using Samples = std::array<std::int16_t, fitted_samples>;

// Least squares in amplitudes, phases and frequencies at once, by Gauss and Newton. Time 0 is the middle.
template <std::size_t tones>
Fit<tones> fit(const Samples& samples, const std::array<double, tones>& guess_hz) {
    constexpr double middle = 0.5 * (static_cast<double>(fitted_samples) - 1.0);
    constexpr int count = static_cast<int>(tones);
    constexpr int unknowns = 3 * count;
    Fit<tones> fitted;
    for (std::size_t k = 0; k < tones; ++k) {
        fitted.radians[k] = guess_hz[k] * radians_per_hertz;
    }
    fitted.amplitude.setZero();
    for (int round = 0; round <= refinements; ++round) {
        // Most that look like a dial tone are none: a quarter of the samples shows it.
        const std::size_t stride = round == 0 ? 4 : 1;
        Eigen::Matrix<double, unknowns, unknowns> normal = Eigen::Matrix<double, unknowns, unknowns>::Zero();
        Eigen::Matrix<double, unknowns, 1> right = Eigen::Matrix<double, unknowns, 1>::Zero();
        double power = 0.0;
        std::array<std::complex<double>, tones> walk;
        std::array<std::complex<double>, tones> turn;
        for (std::size_t k = 0; k < tones; ++k) {
            walk[k] = std::polar(1.0, -fitted.radians[k] * middle);
            turn[k] = std::polar(1.0, fitted.radians[k] * static_cast<double>(stride));
        }
        for (std::size_t n = 0; n < fitted_samples; n += stride) {
            const double t = static_cast<double>(n) - middle;
            const double sample = samples[n];
            Eigen::Matrix<double, unknowns, 1> row;
            for (int k = 0; k < count; ++k) {
                const auto tone = static_cast<std::size_t>(k);
                const double c = walk[tone].real();
                const double s = walk[tone].imag();
                walk[tone] *= turn[tone];
                row[2 * k] = c;
                row[2 * k + 1] = -s;
                // By how much the sum changes with the frequency, scaled to be about as large as the others.
                row[2 * count + k] =
                    t / middle * (-fitted.amplitude[2 * k] * s - fitted.amplitude[2 * k + 1] * c);
            }
            normal.noalias() += row * row.transpose();
            right.noalias() += sample * row;
            power += sample * sample;
        }
        // Without amplitudes yet, no frequency moves.
        normal.diagonal().array() += 1e-9 * normal(0, 0);
        const Eigen::Matrix<double, unknowns, 1> solution = normal.ldlt().solve(right);
        fitted.amplitude = solution.template head<2 * count>();
        if (round < refinements) {
            for (int k = 0; k < count; ++k) {
                fitted.radians[static_cast<std::size_t>(k)] += solution[2 * count + k] / middle;
            }
        }
        fitted.left_over = power > 0.0 ? 1.0 - right.dot(solution) / power : 1.0;
        if (fitted.left_over > hopeless_left_over[round == 0 ? 0 : 1]) {
            break;
        }
    }
    return fitted;
}

double hertz(double radians) {
    return radians / radians_per_hertz;
}

bool is_the_pair(const Fit<2>& fit) {
    for (std::size_t k = 0; k < 2; ++k) {
        if (!(std::abs(hertz(fit.radians[k]) - pair_hz[k]) <= pair_tolerance * pair_hz[k])) {
            return false;
        }
    }
    const double low = fit.amplitude.head<2>().squaredNorm();
    const double high = fit.amplitude.tail<2>().squaredNorm();
    return fit.left_over <= most_left_over && std::max(low, high) <= most_level_ratio * std::min(low, high);
}

bool is_single(const Fit<1>& fit) {
    const double frequency = hertz(fit.radians[0]);
    return fit.left_over <= most_left_over && frequency >= least_single_hz && frequency <= most_single_hz;
}

Samples recent(const ToneTracker& tracker) {
    Samples samples;
    auto next = samples.begin();
    for (std::int64_t b = tracker.count() - fitted_sub_blocks; b < tracker.count(); ++b) {
        const SubBlock sub_block = tracker.samples(b);
        next = std::copy(sub_block.begin(), sub_block.end(), next);
    }
    return samples;
}

float cosine_of(double frequency_hz) {
    return static_cast<float>(std::cos(frequency_hz * radians_per_hertz * static_cast<double>(lag)));
}

double hertz_of(float cosine) {
    return hertz(std::acos(std::clamp(static_cast<double>(cosine), -1.0, 1.0)) / static_cast<double>(lag));
}

std::optional<std::array<double, 1>> promising_single(const ToneRecurrence& recurrence) {
    static constexpr double lowest_hz = least_single_hz / frequency_margin;
    static constexpr double highest_hz = most_single_hz * frequency_margin;
    const auto tone = recurrence.one_tone();
    if (tone && tone->noise_share <= promising_noise_share && tone->cosine <= cosine_of(lowest_hz) &&
        tone->cosine >= cosine_of(highest_hz)) {
        return std::array{hertz_of(tone->cosine)};
    }
    return std::nullopt;
}

std::optional<std::array<double, 2>> promising_pair(const ToneRecurrence& recurrence) {
    const auto tones = recurrence.two_tones();
    if (tones && tones->noise_share <= promising_noise_share &&
        tones->first_cosine <= cosine_of(pair_hz[0] / frequency_margin) &&
        tones->second_cosine >= cosine_of(pair_hz[1] * frequency_margin)) {
        return std::array{hertz_of(tones->first_cosine), hertz_of(tones->second_cosine)};
    }
    return std::nullopt;
}

// Lost, or not kept.
bool any_missing(const ToneTracker& tracker) {
    if (tracker.oldest() > tracker.count() - fitted_sub_blocks) {
        return true;
    }
    for (std::int64_t b = tracker.count() - fitted_sub_blocks; b < tracker.count(); ++b) {
        if (tracker.lost(b)) {
            return true;
        }
    }
    return false;
}

// Of the phase over one sample, as far as all that is heard is one frequency.
float mean_cosine(const ToneTracker& tracker) {
    const simd::Kernels& kernels = simd::kernels();
    float energy = 0.0F;
    float product = 0.0F;
    for (std::int64_t b = tracker.count() - fitted_sub_blocks; b < tracker.count(); ++b) {
        const SubBlock samples = tracker.samples(b);
        const auto first = static_cast<float>(samples.front());
        const auto last = static_cast<float>(samples.back());
        energy += kernels.energy(samples.data()) - 0.5F * (first * first + last * last);
        product += kernels.lag1_product(samples.data());
    }
    return product / energy;
}

double energy_of(std::span<const std::int16_t, sub_block_size> samples) {
    double energy = 0.0;
    for (const std::int16_t sample : samples) {
        energy += static_cast<double>(sample) * sample;
    }
    return energy;
}

} // namespace

void DialToneCanceller::cancel(std::span<std::int16_t, sub_block_size> samples, bool lost) noexcept {
    if (tones_ == 0) {
        return;
    }
    std::array<std::int16_t, sub_block_size> left{};
    std::array<std::complex<double>, most_tones> error{};
    std::array<std::complex<double>, most_tones> walk{};
    std::array<std::complex<double>, most_tones> turn{};
    for (std::size_t k = 0; k < tones_; ++k) {
        walk[k] = tone_[k].phasor;
        turn[k] = std::polar(1.0, static_cast<double>(tone_[k].radians_per_sample));
    }
    double subtracted = 0.0;
    for (std::size_t n = 0; n < sub_block_size; ++n) {
        double sum = 0.0;
        for (std::size_t k = 0; k < tones_; ++k) {
            sum += walk[k].real();
        }
        const double rest = std::clamp(static_cast<double>(samples[n]) - sum, -32768.0, 32767.0);
        left[n] = static_cast<std::int16_t>(std::lround(rest));
        subtracted += sum * sum;
        for (std::size_t k = 0; k < tones_; ++k) {
            error[k] += rest * walk[k];
            walk[k] *= turn[k];
        }
    }
    for (std::size_t k = 0; k < tones_; ++k) {
        tone_[k].phasor = std::complex<float>(walk[k]);
    }
    if (lost) {
        return;
    }
    const bool is_over = energy_of(left) > energy_of(samples) + over_share * subtracted;
    if (is_over && is_almost_over_) {
        *this = {};
        return;
    }
    is_almost_over_ = is_over;
    for (std::size_t k = 0; k < tones_; ++k) {
        // What is left of the tone, relative to it: real where it is stronger, imaginary where it is ahead.
        const std::complex<double> relative =
            2.0 / sub_block_size * std::conj(error[k]) / std::max(1.0, std::norm(walk[k]));
        tone_[k].phasor = std::complex<float>(walk[k] * (1.0 + follow * relative));
        tone_[k].radians_per_sample +=
            static_cast<float>(0.25 * follow * follow * relative.imag() / sub_block_size);
    }
    std::copy(left.begin(), left.end(), samples.begin());
}

bool DialToneCanceller::look_for(const ToneTracker& tracker) noexcept {
    if (tones_ > 0 || !tracker.dial_tone_may_sound()) {
        return false;
    }
    if (any_missing(tracker)) {
        return false;
    }
    const float cosine = mean_cosine(tracker);
    if (!(cosine >= least_cosine && cosine <= most_cosine)) {
        return false;
    }
    const Samples heard = recent(tracker);
    constexpr double to_next = 0.5 * (static_cast<double>(fitted_samples) + 1.0); // from the middle
    const auto take = [&](const auto& fitted, std::uint8_t tones) {
        for (std::size_t k = 0; k < tones; ++k) {
            const auto first = static_cast<Eigen::Index>(2 * k);
            const auto phasor = std::complex(fitted.amplitude[first], fitted.amplitude[first + 1]) *
                                std::polar(1.0, fitted.radians[k] * to_next);
            tone_[k] = {static_cast<float>(fitted.radians[k]), std::complex<float>(phasor)};
        }
        tones_ = tones;
        return true;
    };
    ToneRecurrence recurrence;
    recurrence.add(heard, lag);
    if (const auto guess_hz = promising_single(recurrence)) {
        const Fit<1> single = fit<1>(heard, *guess_hz);
        if (is_single(single)) {
            return take(single, 1);
        }
    }
    if (const auto guess_hz = promising_pair(recurrence)) {
        const Fit<2> pair = fit<2>(heard, *guess_hz);
        return is_the_pair(pair) && take(pair, 2);
    }
    return false;
}

} // namespace keytone
