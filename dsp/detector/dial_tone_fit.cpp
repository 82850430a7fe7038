// SPDX-License-Identifier: MIT
#define EIGEN_NO_DEBUG
#define EIGEN_NO_MALLOC
#include "dsp/detector/dial_tone_fit.hpp"

#include "dsp/detector/sub_block.hpp"
#include "dsp/detector/tone_recurrence.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace keytone {

namespace {

constexpr double radians_per_hertz = 2.0 * std::numbers::pi / bank_rate_hz;

constexpr int refinements = 4;
// A fit that leaves over more than this share of the power is given up: the first for the guess, the second
// for every later round.
constexpr std::array<double, 2> hopeless_left_over{0.2, 0.05};
constexpr std::array<double, 2> pair_hz{350.0, 440.0};
constexpr double pair_tolerance = 0.02;
constexpr double least_single_hz = 390.0;
constexpr double most_single_hz = 460.0;
constexpr double most_level_ratio = 4.0; // of the pair's powers
// The lag, in samples: a quarter turn of 400 Hz, where frequencies are easiest to tell apart.
constexpr std::size_t lag = 5;
constexpr float promising_noise_share = 0.05F;
constexpr double frequency_margin = 1.1;

template <std::size_t tones>
struct Fit {
    static constexpr int amplitudes = 2 * static_cast<int>(tones);

    std::array<double, tones> radians{};
    Eigen::Matrix<double, amplitudes, 1> amplitude; // of cos and -sin, tone by tone
    double left_over = 1.0;                         // share of the power
};

using Samples = std::span<const std::int16_t>;

template <std::size_t tones>
Fit<tones> at_frequencies(const std::array<double, tones>& hz) {
    Fit<tones> guess;
    for (std::size_t k = 0; k < tones; ++k) {
        guess.radians[k] = hz[k] * radians_per_hertz;
    }
    guess.amplitude.setZero();
    return guess;
}

// One round of Gauss-Newton least squares for amplitudes and phases and, where amplitudes are known,
// frequencies at once, on every `stride`th sample; returns how far each frequency is to move. Time 0 is the
// middle.
template <bool with_frequencies, std::size_t tones>
std::array<double, tones> improve(Fit<tones>& fitted, Samples samples, std::size_t stride) {
    const double middle = 0.5 * (static_cast<double>(samples.size()) - 1.0);
    constexpr int count = static_cast<int>(tones);
    constexpr int unknowns = with_frequencies ? 3 * count : 2 * count;
    Eigen::Matrix<double, unknowns, unknowns> normal = Eigen::Matrix<double, unknowns, unknowns>::Zero();
    Eigen::Matrix<double, unknowns, 1> right = Eigen::Matrix<double, unknowns, 1>::Zero();
    double power = 0.0;
    std::array<std::complex<double>, tones> walk;
    std::array<std::complex<double>, tones> turn;
    for (std::size_t k = 0; k < tones; ++k) {
        walk[k] = std::polar(1.0, -fitted.radians[k] * middle);
        turn[k] = std::polar(1.0, fitted.radians[k] * static_cast<double>(stride));
    }
    for (std::size_t n = 0; n < samples.size(); n += stride) {
        const double sample = samples[n];
        Eigen::Matrix<double, unknowns, 1> row;
        for (int k = 0; k < count; ++k) {
            const auto tone = static_cast<std::size_t>(k);
            const double c = walk[tone].real();
            const double s = walk[tone].imag();
            walk[tone] *= turn[tone];
            row[2 * k] = c;
            row[2 * k + 1] = -s;
            if constexpr (with_frequencies) {
                // The derivative of the sum by the frequency, scaled to be about as large as the others.
                row[2 * count + k] = (static_cast<double>(n) - middle) / middle *
                                     (-fitted.amplitude[2 * k] * s - fitted.amplitude[2 * k + 1] * c);
            }
        }
        normal.noalias() += row * row.transpose();
        right.noalias() += sample * row;
        power += sample * sample;
    }
    normal.diagonal().array() += 1e-9 * normal(0, 0);
    const Eigen::Matrix<double, unknowns, 1> solution = normal.ldlt().solve(right);
    fitted.amplitude = solution.template head<2 * count>();
    fitted.left_over = power > 0.0 ? 1.0 - right.dot(solution) / power : 1.0;
    std::array<double, tones> move{};
    if constexpr (with_frequencies) {
        for (std::size_t k = 0; k < tones; ++k) {
            move[k] = solution[2 * count + static_cast<int>(k)] / middle;
        }
    }
    return move;
}

// Most of what looks like a dial tone is none: a quarter of the samples shows it.
template <std::size_t tones>
Fit<tones> fit(Samples samples, const std::array<double, tones>& guess_hz) {
    Fit<tones> fitted = at_frequencies(guess_hz);
    for (int round = 0; round <= refinements; ++round) {
        const auto move = round == 0 ? improve<false>(fitted, samples, 4) : improve<true>(fitted, samples, 1);
        for (std::size_t k = 0; k < tones && round < refinements; ++k) {
            fitted.radians[k] += move[k];
        }
        if (fitted.left_over > hopeless_left_over[round == 0 ? 0 : 1]) {
            break;
        }
    }
    return fitted;
}

double hertz(double radians) {
    return radians / radians_per_hertz;
}

bool is_the_pair(const Fit<2>& fit, double most_left_over) {
    for (std::size_t k = 0; k < 2; ++k) {
        if (!(std::abs(hertz(fit.radians[k]) - pair_hz[k]) <= pair_tolerance * pair_hz[k])) {
            return false;
        }
    }
    const double low = fit.amplitude.head<2>().squaredNorm();
    const double high = fit.amplitude.tail<2>().squaredNorm();
    return fit.left_over <= most_left_over && std::max(low, high) <= most_level_ratio * std::min(low, high);
}

bool is_single(const Fit<1>& fit, double most_left_over) {
    const double frequency = hertz(fit.radians[0]);
    return fit.left_over <= most_left_over && frequency >= least_single_hz && frequency <= most_single_hz;
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

template <std::size_t tones>
DialToneFit as_dial_tone(const Fit<tones>& fit, std::size_t samples) {
    const double to_next = 0.5 * (static_cast<double>(samples) + 1.0); // from the middle
    DialToneFit dial_tone{.tones = tones, .left_over = fit.left_over};
    for (std::size_t k = 0; k < tones; ++k) {
        const auto first = static_cast<Eigen::Index>(2 * k);
        dial_tone.tone[k] = {fit.radians[k], std::complex(fit.amplitude[first], fit.amplitude[first + 1]) *
                                                 std::polar(1.0, fit.radians[k] * to_next)};
    }
    return dial_tone;
}

} // namespace

std::optional<DialToneFit> find_dial_tone(std::span<const std::int16_t> samples,
                                          double most_left_over) noexcept {
    ToneRecurrence recurrence;
    recurrence.add(samples, lag);
    if (const auto guess_hz = promising_single(recurrence)) {
        const Fit<1> single = fit<1>(samples, *guess_hz);
        if (is_single(single, most_left_over)) {
            return as_dial_tone(single, samples.size());
        }
    }
    if (const auto guess_hz = promising_pair(recurrence)) {
        const Fit<2> pair = fit<2>(samples, *guess_hz);
        if (is_the_pair(pair, most_left_over)) {
            return as_dial_tone(pair, samples.size());
        }
    }
    return std::nullopt;
}

DialToneFit fit_known_dial_tone(std::span<const std::int16_t> samples, const DialToneFit& known) noexcept {
    const auto fit_at = [&]<std::size_t tones>(std::array<double, tones> hz) {
        for (std::size_t k = 0; k < tones; ++k) {
            hz[k] = hertz(known.tone[k].radians_per_sample);
        }
        Fit<tones> fitted = at_frequencies(hz);
        improve<false>(fitted, samples, 1);
        return as_dial_tone(fitted, samples.size());
    };
    return known.tones == 1 ? fit_at(std::array<double, 1>{}) : fit_at(std::array<double, 2>{});
}

} // namespace keytone
