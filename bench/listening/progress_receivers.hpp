// SPDX-License-Identifier: MIT
//
// What keytone's progress listener and SpanDSP's receivers report in samples at 8 kHz.
#pragma once

#include "bench/accuracy/sound.hpp"
#include "bench/listening/tones.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::listening {

/// A tone that a receiver reported, by keytone's names.
struct HeardTone {
    std::string tone;
    std::string information; ///< Which special information tone; "none" for others.
    double at_s;             ///< Its first sample.
    double known_s;          ///< When it was reported.
};

/// `country` is a code, or "any".
std::vector<HeardTone> progress_by_keytone(std::span<const std::int16_t> samples, std::string_view country);

/// The ends of the beeps that keytone reports, in seconds.
std::vector<double> beeps_by_keytone(std::span<const std::int16_t> samples);

/// SpanDSP's super-tone receiver, told that country's tones with 15 % of tolerance in time. It has no cadence
/// that begins and then goes on without a pause.
std::vector<HeardTone> progress_by_spandsp(std::span<const std::int16_t> samples, std::string_view country);

/// SpanDSP's receivers of modem connect tones: CNG, ANS with its variants, and the preamble.
std::vector<HeardTone> fax_by_spandsp(std::span<const std::int16_t> samples);

} // namespace keytone::listening
