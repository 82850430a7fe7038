// SPDX-License-Identifier: MIT
//
// Reads audio files, streamed: whatever libsndfile opens (WAV, FLAC, Ogg, MP3, AU, …), and files without a
// header, whose format follows from the name's ending or is given.
#pragma once

#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/raw_format.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace keytone::io {

/// Reads a file's samples as 16-bit frames, front to back.
class AudioReader {
  public:
    /// How to open a file.
    struct Options {
        std::optional<RawFormat> raw = std::nullopt; ///< Given: no header; the samples have this format.
        int stop = -1; ///< A descriptor: when it becomes readable, a pipe ends. None when negative.
    };

    /// Opens `path`; `-` is standard input. Errors: missing, unreadable, a directory, empty, not audio, no
    /// channels, a rate or a number of channels out of bounds. `[control]`
    static Result<AudioReader, FileError> open(const std::string& path) { return open(path, Options{}); }
    static Result<AudioReader, FileError> open(const std::string& path, const Options& options);

    AudioReader(AudioReader&&) noexcept;
    AudioReader& operator=(AudioReader&&) noexcept;
    ~AudioReader();

    [[nodiscard]] int rate_hz() const;
    [[nodiscard]] int channels() const;
    /// Frames by the header; 0 where it does not say (a pipe).
    [[nodiscard]] SampleCount frames() const;

    /// Reads frames of interleaved samples into `interleaved`, whose size is a multiple of channels(), and
    /// returns how many frames there were: 0 at the end. Floating-point files are scaled to full scale 32768
    /// and clipped. Errors: a sample that is not a number, a file that ends before its header says, a failing
    /// device.
    Result<SampleCount, FileError> read(std::span<std::int16_t> interleaved);

  private:
    struct State;
    explicit AudioReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace keytone::io
