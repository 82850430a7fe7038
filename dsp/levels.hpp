// SPDX-License-Identifier: MIT
//
// Levels of digital audio. Samples are relative to full scale: 1.0 is the 16-bit value 32768.
#pragma once

#include "dsp/units.hpp"

namespace keytone {

/// Level of a sine whose peak is full scale (ITU-T G.711: the A-law overload point; µ-law's is 3.17).
inline constexpr Dbm0 full_scale_sine{3.14};
/// 16-bit value of full scale.
inline constexpr double full_scale_pcm16 = 32768.0;

/// Peak of a sine at `level`, relative to full scale.
double sine_peak(Dbm0 level);
/// Level of a sine with this peak, relative to full scale; minus infinity for 0.
Dbm0 sine_level(double peak);
/// Mean square of the 16-bit samples of a sine at `level`.
double sine_power_pcm16(Dbm0 level);
/// Level of a signal with this mean square, relative to full scale; a full-scale sine's is 0.5. Minus
/// infinity for 0.
Dbm0 mean_square_level(double mean_square);
/// 10 log10 of a ratio of powers; minus infinity for 0.
Decibels power_ratio(double ratio);
/// The ratio of powers that `ratio` stands for.
double power_ratio(Decibels ratio);
/// The ratio of amplitudes that `ratio` stands for.
double amplitude_ratio(Decibels ratio);

} // namespace keytone
