// SPDX-License-Identifier: MIT
//
// Writes audio files of one channel in the format that their name asks for: FLAC, Ogg, Opus, MP3, AU, and
// samples without a header. WAV has a writer of its own, which can also write into pipes.
#pragma once

#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "engine/io/audio_reader.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/raw_format.hpp"
#include "engine/io/wav_writer.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace keytone::io {

enum class AudioFormat { wav, flac, ogg, opus, mp3, au, raw };

/// What the ending of a name asks for: `.wav .flac .ogg .opus .mp3 .au`, or, for files without a header, `.ul
/// .al .sln` and `.sln16`, …; nothing for all others.
std::optional<AudioFormat> audio_format_of(const std::string& path);

/// The endings that audio_format_of() accepts, as a message lists them.
std::string written_endings();

/// Writes a file of any format but WAV. The file appears under its name, complete, when close() succeeds;
/// until then, and when anything fails, there is none, and an earlier file of that name stays.
class AudioWriter {
  public:
    /// Opens `path`. `encoding` is for AU; a file without a header gets the format that its name says.
    /// Errors: those of WavWriter::create(), a rate that the format does not support, a pipe. `[control]`
    static Result<AudioWriter, FileError> create(const std::string& path, AudioFormat format, int rate_hz,
                                                 WavEncoding encoding);

    /// Opens `path` for a file of the same format, channels and tags as the one that `shape` is of. Errors:
    /// as above. `[control]`
    static Result<AudioWriter, FileError> create_like(const std::string& path, const AudioShape& shape);

    AudioWriter(AudioWriter&&) noexcept;
    AudioWriter& operator=(AudioWriter&&) noexcept;
    /// Removes what was written, unless close() was called.
    ~AudioWriter();

    /// Appends samples, of full scale 32768 and 1, and returns their number. Errors: a full disk. `[control]`
    Result<SampleCount, FileError> write(std::span<const std::int16_t> samples);
    Result<SampleCount, FileError> write(std::span<const float> samples);
    /// Full scale 2^31: what the format does not hold of the low bits is left out.
    Result<SampleCount, FileError> write(std::span<const std::int32_t> samples);
    /// Completes the file, gives it its name, and returns the number of samples in it. `[control]`
    Result<SampleCount, FileError> close();

  private:
    struct State;
    static Result<AudioWriter, FileError> open(const std::string& path, const AudioShape& shape);
    explicit AudioWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace keytone::io
