// SPDX-License-Identifier: MIT
//
// Programs that know nothing of keytone and work on the same files: multimon-ng (hears keys) and sox (makes
// tones, changes formats). A program that is missing or fails, fails the test that asked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace keytone::test {

/// The digits that multimon-ng prints for a file of any rate: it has sox convert it to its own 22 050 Hz, all
/// channels mixed.
std::string multimon_digits(const std::string& path);

/// The file as sox reads it, converted to 8 kHz, mono, 16 bits.
std::vector<std::int16_t> sox_samples_8khz(const std::string& path);

/// Writes `path` by `sox -n FORMAT… PATH EFFECTS…`: nothing is in it but what the effects synthesise.
void sox_synthesise(const std::vector<std::string>& format, const std::string& path,
                    const std::vector<std::string>& effects);

} // namespace keytone::test
