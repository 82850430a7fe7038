// SPDX-License-Identifier: MIT
//
// The lines that `keytone detect` prints.
#pragma once

#include "tools/detect/file_hearing.hpp"

#include <string>

namespace keytone::tools {

/// `path<TAB>digits`; control characters in the path become `?`.
std::string text_line(const std::string& path, const HeardChannel& channel);

/// One digit: file, channel, digit, start_s, duration_s, low_dbm0, high_dbm0, low_hz, high_hz, snr_db. Times
/// to a microsecond, levels to 0.01 dB, frequencies to 0.01 Hz; bytes of the path that are not UTF-8 become
/// U+FFFD.
std::string json_digit_line(const std::string& path, const HeardDigit& digit);

/// One channel: file, channel, digits, seconds.
std::string json_channel_line(const std::string& path, const HeardChannel& channel, double seconds);

} // namespace keytone::tools
