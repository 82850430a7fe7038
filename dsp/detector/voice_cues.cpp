// SPDX-License-Identifier: MIT
#include "dsp/detector/voice_cues.hpp"

#include "dsp/levels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <optional>
#include <span>

namespace keytone {

namespace {

using std::numbers::pi;

// Up to nine sub-blocks: those fitted, and that of the onset.
constexpr std::size_t most_samples = 9 * sub_block_size;

// Lags of a voice's pitch, in samples; a correlation needs this many products.
constexpr std::size_t shortest_lag = 20;
constexpr std::size_t longest_lag = 140;
constexpr std::size_t least_products = 40;

// The lines of the spectrum.
constexpr std::size_t lines = 96; // a multiple of those computed at once
constexpr double first_line_hz = 100.0;
constexpr double line_step_hz = 40.0;
constexpr double lowest_flat_hz = 200.0;
constexpr double highest_flat_hz = 3400.0;
constexpr double low_hz = 600.0;
constexpr double highest_hz = 3800.0;
constexpr double nearest_neighbour_hz = 60.0; // nearer lines show the tone itself, through the window's width
constexpr double farthest_neighbour_hz = 320.0;

// Where tones are looked for before their onset: windows of 5 ms that begin so many samples before it, for
// 2-7 and 7-12 ms. What is nearer may be the onset itself, found late.
constexpr std::array<std::int64_t, 2> windows_before{56, 96};
constexpr auto window_before = static_cast<std::size_t>(sub_block_samples);
constexpr Decibels least_before{-25};
// Where nothing is known of what was before, it says little for the key.
constexpr Decibels unknown_before{-5};

using Samples = std::array<float, most_samples>;

double line_hz(std::size_t line) {
    return first_line_hz + line_step_hz * static_cast<double>(line);
}

// Sum of the products of the samples with those `lag` before them, in eight parts, which are added in the
// same order on every machine.
float product(std::span<const float> now, std::span<const float> before) {
    std::array<float, 8> parts{};
    std::size_t n = 0;
    for (; n + 8 <= now.size(); n += 8) {
        for (std::size_t k = 0; k < 8; ++k) {
            parts[k] += now[n + k] * before[n + k];
        }
    }
    for (std::size_t k = 0; n < now.size(); ++n, ++k) {
        parts[k] += now[n] * before[n];
    }
    return ((parts[0] + parts[4]) + (parts[1] + parts[5])) + ((parts[2] + parts[6]) + (parts[3] + parts[7]));
}

// The product of two finite numbers, without the checks for others that operator* makes.
std::complex<double> turned(std::complex<double> a, std::complex<double> b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

// Removes a constant and a slow wave: an offset and mains hum are no voice.
void take_hum_off(std::span<float> x) {
    const std::complex<double> step = std::polar(1.0, 2.0 * pi * simd::hum_hz / bank_rate_hz);
    const auto size = static_cast<double>(x.size());
    double mean = 0.0;
    for (const float sample : x) {
        mean += static_cast<double>(sample);
    }
    mean /= size;
    std::complex<double> wave = 1.0;
    std::complex<double> hum = 0.0;
    for (float& sample : x) {
        sample -= static_cast<float>(mean);
        hum += static_cast<double>(sample) * wave;
        wave = turned(wave, step);
    }
    hum *= 2.0 / size;
    wave = 1.0;
    for (float& sample : x) {
        sample -= static_cast<float>(hum.real() * wave.real() + hum.imag() * wave.imag());
        wave = turned(wave, step);
    }
}

// Writes what the tones leave over, from sample `from` to before `to`, to `left`, without lost samples.
// Returns how many.
std::size_t residual(const ToneFit& fit, const ToneTracker& tracker, SampleIndex from, SampleIndex to,
                     Samples& left) {
    std::array<std::complex<double>, 2> walk{};
    std::array<std::complex<double>, 2> turn{};
    for (std::size_t k = 0; k < 2; ++k) {
        const double radians = 2.0 * pi * fit.tones[k].frequency.value / bank_rate_hz;
        walk[k] = std::complex<double>(fit.tones[k].phasor) *
                  std::polar(1.0, radians * (static_cast<double>(from) - fit.origin));
        turn[k] = std::polar(1.0, radians);
    }
    std::size_t size = 0;
    for (SampleIndex n = from; n < to;) {
        const std::int64_t b = n / sub_block_samples;
        const bool arrived = !tracker.lost(b);
        const SubBlock samples = tracker.samples(b);
        for (const SampleIndex end = std::min(to, (b + 1) * sub_block_samples); n < end; ++n) {
            const double tones = walk[0].real() + walk[1].real();
            walk[0] = turned(walk[0], turn[0]);
            walk[1] = turned(walk[1], turn[1]);
            if (arrived) {
                left[size++] =
                    static_cast<float>(samples[static_cast<std::size_t>(n - b * sub_block_samples)] - tones);
            }
        }
    }
    take_hum_off(std::span(left).first(size));
    return size;
}

double pitch_correlation(std::span<const float> x) {
    // The energies of the two parts that are correlated: all but the first, and all but the last, `lag`
    // samples.
    double now_energy = static_cast<double>(product(x, x));
    double before_energy = now_energy;
    double greatest = 0.0;
    for (std::size_t lag = 1; lag <= longest_lag && lag + least_products < x.size(); ++lag) {
        const auto first = static_cast<double>(x[lag - 1]);
        const auto last = static_cast<double>(x[x.size() - lag]);
        now_energy -= first * first;
        before_energy -= last * last;
        if (lag >= shortest_lag) {
            const auto now = x.subspan(lag);
            const double power = std::max(0.0, now_energy) * std::max(0.0, before_energy);
            greatest = std::max(greatest, static_cast<double>(product(now, x.first(now.size()))) /
                                              std::sqrt(power + 1e-9));
        }
    }
    return greatest;
}

struct Spectrum {
    std::array<float, lines> power;
    double power_of_unit; // of a line at the frequency of a sine of mean square 1
};

const std::array<float, lines> line_coefficients = [] {
    std::array<float, lines> coefficients{};
    for (std::size_t k = 0; k < lines; ++k) {
        coefficients[k] = static_cast<float>(2.0 * std::cos(2.0 * pi * line_hz(k) / bank_rate_hz));
    }
    return coefficients;
}();

// Spectrum through a Hann window, by Goertzel's recurrence, eight lines at a time.
Spectrum spectrum(std::span<const float> x) {
    const std::complex<double> step = std::polar(1.0, 2.0 * pi / static_cast<double>(x.size()));
    std::complex<double> wave = std::polar(1.0, pi / static_cast<double>(x.size()));
    double sum = 0.0;
    Samples weighted;
    for (std::size_t n = 0; n < x.size(); ++n) {
        const double weight = 0.5 - 0.5 * wave.real();
        wave = turned(wave, step);
        sum += weight;
        weighted[n] = static_cast<float>(weight) * x[n];
    }
    Spectrum found{{}, 0.5 * sum * sum};
    constexpr std::size_t at_once = 8;
    for (std::size_t first = 0; first < lines; first += at_once) {
        const float* const coefficients = line_coefficients.data() + first;
        std::array<float, at_once> last{};
        std::array<float, at_once> before{};
        for (std::size_t n = 0; n < x.size(); ++n) {
            for (std::size_t k = 0; k < at_once; ++k) {
                const float next = weighted[n] + coefficients[k] * last[k] - before[k];
                before[k] = last[k];
                last[k] = next;
            }
        }
        for (std::size_t k = 0; k < at_once; ++k) {
            found.power[first + k] =
                last[k] * last[k] + before[k] * before[k] - coefficients[k] * last[k] * before[k];
        }
    }
    return found;
}

// Measures what a spectrum shows of a voice; powers are mean squares of tones.
void measure_spectrum(const ToneFit& fit, std::span<const float> left, VoiceCues& cues) {
    constexpr double least_power = 1e-9; // of silence
    const Spectrum heard = spectrum(left);
    double logarithms = 0.0;
    double sum = 0.0;
    double count = 0.0;
    double low = 0.0;
    double all = least_power;
    double neighbour = 0.0;
    for (std::size_t k = 0; k < lines && line_hz(k) <= highest_hz; ++k) {
        const double hertz = line_hz(k);
        const auto power = std::max(least_power, static_cast<double>(heard.power[k]));
        if (hertz >= lowest_flat_hz && hertz <= highest_flat_hz) {
            logarithms += std::log(power);
            sum += power;
            count += 1.0;
        }
        low += hertz < low_hz ? power : 0.0;
        all += power;
        for (const FittedTone& tone : fit.tones) {
            const double beside = std::abs(hertz - tone.frequency.value);
            if (beside > nearest_neighbour_hz && beside < farthest_neighbour_hz) {
                neighbour = std::max(neighbour, power);
            }
        }
    }
    cues.flatness = power_ratio(std::exp(logarithms / count) / (sum / count));
    cues.share_below_600_hz = power_ratio(std::max(low, least_power) / all);
    const double weaker = std::max(least_power, std::min(fit.tones[0].power(), fit.tones[1].power()));
    cues.neighbour_over_tone = power_ratio(std::max(least_power, neighbour) / heard.power_of_unit / weaker);
}

// A window before the onset. What the tracker has not kept was silence; nothing where samples were lost, or
// lie further back than any that are kept.
using Window = std::array<double, window_before>;
std::optional<Window> window_from(const ToneTracker& tracker, SampleIndex from) {
    const std::int64_t reach = tracker.count() - ToneTracker::history;
    if (from >= 0 && from / sub_block_samples < reach) {
        return std::nullopt;
    }
    Window window{};
    for (std::size_t i = 0; i < window_before; ++i) {
        const SampleIndex n = from + static_cast<SampleIndex>(i);
        const std::int64_t b = n / sub_block_samples;
        if (n < 0 || b < tracker.oldest()) {
            continue;
        }
        if (tracker.lost(b)) {
            return std::nullopt;
        }
        window[i] = tracker.samples(b)[static_cast<std::size_t>(n % sub_block_samples)];
    }
    return window;
}

// Mean square of a tone over a window.
double power_in(const Window& window, Hertz frequency) {
    const std::complex<double> turn = std::polar(1.0, -2.0 * pi * frequency.value / bank_rate_hz);
    std::complex<double> walk = 1.0;
    std::complex<double> sum = 0.0;
    for (const double sample : window) {
        sum += sample * walk;
        walk = turned(walk, turn);
    }
    return 2.0 * std::norm(sum / static_cast<double>(window_before));
}

} // namespace

Decibels before_over_tone(const ToneFit& fit, const ToneTracker& tracker, SampleIndex onset) noexcept {
    Decibels least{0};
    for (const std::int64_t distance : windows_before) {
        const auto window = window_from(tracker, onset - distance);
        Decibels both{0};
        for (const FittedTone& tone : fit.tones) {
            const Decibels level = window ? power_ratio(std::max(1e-3, power_in(*window, tone.frequency)) /
                                                        std::max(1e-3, tone.power()))
                                          : unknown_before;
            both = both + 0.5 * Decibels{std::clamp(level.value, least_before.value, 0.0)};
        }
        least = std::min(least, both);
    }
    return least;
}

VoiceCues measure_voice(const ToneFit& fit, const ToneTracker& tracker, std::int64_t first, std::int64_t end,
                        SampleIndex onset) noexcept {
    Samples samples;
    const SampleIndex from =
        std::max({onset, (first - 1) * sub_block_samples, tracker.oldest() * sub_block_samples});
    const std::span<const float> left(samples.data(),
                                      residual(fit, tracker, from, end * sub_block_samples, samples));
    VoiceCues cues{};
    cues.pitch_correlation = pitch_correlation(left);
    measure_spectrum(fit, left, cues);
    cues.before_over_tone = before_over_tone(fit, tracker, onset);
    return cues;
}

} // namespace keytone
