// SPDX-License-Identifier: MIT
//
// Independent programs that process the same files: multimon-ng (detects keys) and sox (makes tones, converts
// formats). If a program is missing or fails, the running test fails.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace keytone::test {

/// The digits that multimon-ng prints for a file of any rate: sox converts it to multimon-ng's 22 050 Hz,
/// with all channels mixed.
std::string multimon_digits(const std::string& path);

/// The file as sox reads it, converted to 8 kHz, mono, 16 bits.
std::vector<std::int16_t> sox_samples_8khz(const std::string& path);

/// Writes `path` by `sox -n FORMAT… PATH EFFECTS…`: it contains only what the effects synthesise.
void sox_synthesise(const std::vector<std::string>& format, const std::string& path,
                    const std::vector<std::string>& effects);

} // namespace keytone::test
