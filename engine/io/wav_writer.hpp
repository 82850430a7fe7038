// SPDX-License-Identifier: MIT
//
// Writes WAV files, streamed.
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

/// Writes a WAV file. The file appears under its name, complete, when close() succeeds; until then, and when
/// anything fails, there is none, and an earlier file of that name stays.
class WavWriter {
  public:
    /// Opens `path`; `-` is standard output; a symbolic link is followed. `frames` is the length, where it is
    /// known: a pipe then gets the right header, and close() fails unless as many were written. Without it,
    /// the header in a pipe says, as SoX does, that the samples go on to the end. Errors: a directory, no
    /// such folder, no permission, a rate, a number of channels or a length that WAV cannot hold. `[control]`
    static Result<WavWriter, FileError> create(const std::string& path, int rate_hz, int channels,
                                               WavEncoding encoding,
                                               std::optional<SampleCount> frames = std::nullopt);

    WavWriter(WavWriter&&) noexcept;
    WavWriter& operator=(WavWriter&&) noexcept;
    /// Removes what was written, unless close() was called.
    ~WavWriter();

    /// Appends frames of interleaved samples, of full scale 32768 and 1 (clipped where the encoding cannot
    /// exceed it), and returns their number. Errors: a full disk, a closed pipe, a sample that is not a
    /// number, more than 4 GiB, more than the length given; a writer that has failed once stays failed. The
    /// library does not change SIGPIPE: a program that writes into pipes ignores it.
    Result<SampleCount, FileError> write(std::span<const std::int16_t> interleaved);
    Result<SampleCount, FileError> write(std::span<const float> interleaved);
    /// Completes the file, gives it its name, and returns the number of frames in it. Errors: those of
    /// write(), fewer frames than the length given.
    Result<SampleCount, FileError> close();

  private:
    struct State;
    explicit WavWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace keytone::io
