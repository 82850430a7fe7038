// SPDX-License-Identifier: MIT
//
// WAV files out, streamed.
#pragma once

#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "engine/io/file_error.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace keytone::io {

/// How a WAV file stores samples.
enum class WavEncoding { pcm16, ulaw, alaw, float32 };

/// Writes a WAV file. It appears under its name when close() succeeds, whole; until then, and when anything
/// fails, there is nothing (and what was there before stays).
class WavWriter {
  public:
    /// Opens `path`; `-` is standard output; a symbolic link is followed. `frames` is the length, where it is
    /// known: it puts the right header into a pipe, close() fails unless as many were written. Without it the
    /// header in a pipe says, as SoX does, that the samples go on to the end. Errors: a directory, no such
    /// folder, no permission, a rate, a number of channels or a length that WAV cannot hold. `[control]`
    static Result<WavWriter, FileError> create(const std::string& path, int rate_hz, int channels,
                                               WavEncoding encoding,
                                               std::optional<SampleCount> frames = std::nullopt);

    WavWriter(WavWriter&&) noexcept;
    WavWriter& operator=(WavWriter&&) noexcept;
    /// Without a close() before, removes what was written.
    ~WavWriter();

    /// Appends frames of interleaved samples, full scale 32768 and 1 (clamped where the encoding cannot
    /// exceed it), and returns their number. Errors: a full disk, a closed pipe, a sample that is not a
    /// number, more than 4 GiB or than the length given; a writer that failed once stays failed. The library
    /// leaves SIGPIPE alone: a program that writes into pipes ignores it.
    Result<SampleCount, FileError> write(std::span<const std::int16_t> interleaved);
    Result<SampleCount, FileError> write(std::span<const float> interleaved);
    /// Completes the file, gives it its name, and returns the frames in it. Errors: those of write(), fewer
    /// frames than the length given.
    Result<SampleCount, FileError> close();

  private:
    struct State;
    explicit WavWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace keytone::io
