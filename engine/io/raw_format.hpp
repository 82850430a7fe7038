// SPDX-License-Identifier: MIT
//
// Telephone audio without a header: what its samples are has to be known from elsewhere, from the file's name
// or from whoever opens it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::io {

/// What the samples of a file without a header are: of one channel.
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

/// What the ending of a name says: `.ul` and `.al`, `.gsm`, Asterisk's `.sln` and `.sln16`, …; nothing for
/// all others.
std::optional<RawFormat> raw_format_of_name(const std::string& path);

/// `ulaw@8000`: an encoding's name and a rate in hertz. Nothing for what is neither.
std::optional<RawFormat> parse_raw_format(std::string_view text);

/// The names of the encodings.
std::vector<std::string> raw_encoding_names();

} // namespace keytone::io
