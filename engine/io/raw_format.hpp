// SPDX-License-Identifier: MIT
//
// Telephone audio without a header: the format of the samples has to be known from elsewhere, from the file's
// name or from the caller.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::io {

/// The format of the samples in a file without a header, of one channel.
struct RawFormat {
    enum class Encoding {
        ulaw,  ///< ITU-T G.711
        alaw,  ///< ITU-T G.711
        s16le, ///< 16 bits, the low byte first
        s16be, ///< 16 bits, the high byte first
        u8,    ///< 8 bits, 128 is silence
        gsm,   ///< GSM 06.10, frames of 33 bytes
        vox,   ///< Dialogic ADPCM, 4 bits
    };
    Encoding encoding;
    int rate_hz;
};

/// The format that the ending of a name stands for: `.ul` and `.al`, `.gsm`, Asterisk's `.sln` and `.sln16`,
/// …; nothing for all others.
std::optional<RawFormat> raw_format_of_name(const std::string& path);

/// Parses `ulaw@8000`: an encoding's name and a rate in hertz. Nothing for any other text.
std::optional<RawFormat> parse_raw_format(std::string_view text);

/// The names of the encodings.
std::vector<std::string> raw_encoding_names();

} // namespace keytone::io
