// SPDX-License-Identifier: MIT
//
// Tones of networks and machines as sound. Their figures stand here a second time, and they are computed by
// plain arithmetic, without anything of dsp/.
#pragma once

#include "bench/accuracy/sound.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace keytone::listening {

/// A country's tone: `hz` is "425", "350+440" (a pair) or "400*16" (modulated), and `ms` is sound, pause,
/// sound, pause …; empty without a pause.
struct NetworkTone {
    std::string_view country;
    std::string_view tone;
    std::string_view hz;
    std::vector<double> ms;
    int bursts_before = 0; ///< So many bursts with pauses, each of the length `ms[0]`, and then no pause.
    /// Also right: a kind that has the same cadence in this country or, without one, elsewhere.
    std::string_view also{};
};

const std::vector<NetworkTone>& network_tones();

/// What `hz` means.
struct ToneFrequencies {
    double first = 0.0;
    double second = 0.0; ///< The other one of a pair, or the modulation's; 0: none.
    bool modulated = false;
};
ToneFrequencies frequencies_of(std::string_view hz);

/// One of the eight special information tones, or the one that has no meaning ("none").
struct InformationTone {
    std::string_view name;
    double hz[3];
    double ms[3];
};
std::span<const InformationTone> information_tones();

/// How a line changes a tone: its level, by how much its frequencies and times are off.
struct ToneForm {
    double dbm0 = -10.0;
    double frequency_factor = 1.0;
    double time_factor = 1.0;
};

/// `seconds` of it from its first sample on, at 8 kHz.
std::vector<float> network_tone(const NetworkTone& tone, double seconds, const ToneForm& form);
std::vector<float> information_tone(const InformationTone& tone, const ToneForm& form);
/// 1100 Hz, 0.5 s on, 3 s off.
std::vector<float> calling_tone(double seconds, const ToneForm& form);
/// 2100 Hz; by choice with 15 Hz in its level, and reversed every 450 ms.
std::vector<float> answering_tone(double seconds, const ToneForm& form, bool modulated, bool reversed);
/// Flags of V.21's channel 2.
std::vector<float> fax_preamble(double seconds, const ToneForm& form);

} // namespace keytone::listening
