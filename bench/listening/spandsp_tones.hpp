// SPDX-License-Identifier: MIT
//
// The tones of tones.hpp as SpanDSP's generators make them. No limit was found with these.
#pragma once

#include "bench/listening/tones.hpp"

#include <vector>

namespace keytone::listening {

/// These frequencies for `ms`, without a fade.
std::vector<float> steady_tone_by_spandsp(const ToneFrequencies& hz, double ms, double dbm0);
std::vector<float> network_tone_by_spandsp(const NetworkTone& tone, double seconds, const ToneForm& form);
std::vector<float> information_tone_by_spandsp(const InformationTone& tone, const ToneForm& form);

/// The modem connect tones, and flags from its V.21 modem.
enum class ModemTone { fax_calling, answering, answering_reversed, modulated, modulated_reversed, flags };
std::vector<float> modem_tone_by_spandsp(ModemTone tone, double seconds, const ToneForm& form);

} // namespace keytone::listening
