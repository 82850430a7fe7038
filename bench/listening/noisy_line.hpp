// SPDX-License-Identifier: MIT
//
// What a line does to a tone before a receiver hears it, and how rows state what was heard of it.
#pragma once

#include "bench/accuracy/codecs/codecs.hpp"
#include "bench/accuracy/outcome.hpp"
#include "bench/accuracy/random.hpp"
#include "bench/accuracy/sound.hpp"
#include "bench/listening/tones.hpp"

#include <vector>

namespace keytone::listening {

/// The share of tones that has to be heard as they are.
inline constexpr double asked_percent = 99.5;
/// Noise alone before the tone, and behind it.
inline constexpr double lead_s = 0.5;
inline constexpr double snr_db = 20.0;

/// -30 to 0 dBm0, frequencies off by up to 1 %, times by up to 10 %.
ToneForm random_form(accuracy::Random& random);
/// The tone in noise, through a codec. At 8 kHz.
accuracy::Pcm on_line(const std::vector<float>& tone, const ToneForm& form, accuracy::Pass codec,
                      accuracy::Random& random);
/// As it is, and through each codec of G.711, GSM-FR and G.729 that was built.
std::vector<accuracy::Codec> line_ways();

accuracy::Figure percent_figure(int right, int pieces);

} // namespace keytone::listening
