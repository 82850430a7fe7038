// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/units.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/picture/picture_format.hpp"
#include "engine/io/picture/spectrogram.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone::io {

/// A key that was heard: both tones, in seconds from the beginning of the sound.
struct SpectrogramKey {
    double begin_s;
    double end_s;
    Hertz low;
    Hertz high;
    char digit;
};

/// Something else that was heard, in seconds from the beginning of the sound.
struct SpectrogramSpan {
    double begin_s;
    double end_s;
    std::string text; ///< UTF-8; left out where it does not fit.
};

/// A picture, 1200 pixels wide, of a sound of any length: its frequencies up to 4 kHz over time, with boxes
/// around the tones of the keys and their digits above, and bars below for whatever else was heard. Takes the
/// sound in blocks, in memory of a fixed size.
class SpectrogramPicture {
  public:
    /// The most keys that are marked; beyond that, the picture states their number.
    static constexpr std::size_t max_keys = 10000;

    /// `rate_hz` as in Spectrogram. `title` is UTF-8; invalid bytes and control characters are drawn as
    /// U+FFFD. `[control]`
    SpectrogramPicture(int rate_hz, std::string title);

    /// Takes the next samples. `[control]`
    void process(std::span<const std::int16_t> samples) { spectrogram_.process(samples); }
    /// Marks a key, in any order; a key with a NaN or an infinity is left out. `[control]`
    void add(const SpectrogramKey& key);

    /// Marks something else; at most max_keys of them, and none with a NaN or an infinity. `[control]`
    void add(const SpectrogramSpan& span);

    /// Ends the sound and writes the picture to `path` (`-` is standard output), where it appears complete or
    /// not at all. Nothing may follow. Errors: those of WavWriter::create(), a full disk. `[control]`
    std::optional<FileError> write(const std::string& path, PictureFormat format);

  private:
    std::string title_;
    int rate_hz_;
    Spectrogram spectrogram_;
    std::vector<SpectrogramKey> keys_;
    std::vector<SpectrogramSpan> spans_;
    std::size_t unmarked_keys_ = 0;
};

} // namespace keytone::io
