// SPDX-License-Identifier: MIT
//
// Sound for the measurements, full scale being 1. Computed by plain arithmetic and libsamplerate, without
// anything of dsp/, so that an error there cannot cancel itself out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace keytone::accuracy {

/// 16-bit samples, as both receivers take them.
using Pcm = std::vector<std::int16_t>;

/// A key that was pressed, and when.
struct SentKey {
    char key;
    double onset_s;
    double end_s;
};

/// Samples of a line, and the keys in them, sorted by onset.
struct Sound {
    int rate_hz;
    std::vector<float> samples;
    std::vector<SentKey> keys;

    [[nodiscard]] double seconds() const { return static_cast<double>(samples.size()) / rate_hz; }
};

/// Level of a full-scale sine: the overload point of A-law, ITU-T G.711.
inline constexpr double full_scale_dbm0 = 3.14;

/// Peak of a sine at `dbm0`.
double sine_peak(double dbm0);
/// Mean square of any signal at `dbm0`.
double mean_square(double dbm0);
/// Mean square of these samples; 0 for an empty span.
double mean_square(std::span<const float> samples);
/// The level of a mean square.
double dbm0_of(double mean_square);
/// The ratio of powers that `decibels` stand for.
double power_ratio(double decibels);
/// Mean square of active speech: over frames of 20 ms that are at most 30 dB below the loudest one. 0 for
/// silence.
double active_mean_square(std::span<const float> samples, int rate_hz);

/// Samples in `ms`, to the nearest.
std::size_t sample_count(double ms, int rate_hz);

/// Adds white Gaussian noise. The part of it from 0 to 4 kHz is `snr_db` below `signal_power` (a mean
/// square).
class Random;
void add_noise(Sound& sound, double signal_power, double snr_db, Random& random);
void scale(Sound& sound, double decibels);

/// Rounded to the nearest and clipped, full scale 32768.
Pcm to_pcm(std::span<const float> samples);
std::vector<float> from_pcm(std::span<const std::int16_t> samples);

/// The samples resampled to `ratio` times as many, by libsamplerate. The first sample keeps its time; the
/// length is rounded down.
std::vector<float> resampled(std::span<const float> samples, double ratio);
/// The same sound at another rate.
Sound at_rate(Sound sound, int rate_hz);

} // namespace keytone::accuracy
