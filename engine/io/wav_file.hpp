// SPDX-License-Identifier: MIT
//
// Audio files in and out, streamed. Reads whatever libsndfile opens (WAV, FLAC, Ogg, MP3, AU, …) and files
// without a header by their names' endings, or as it is told; writes WAV.
#pragma once

#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "engine/io/raw_format.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace keytone::io {

/// What stood in the way of a file, in one line that names the file and the remedy.
struct FileError {
    std::string message;
    bool reader_is_gone = false; ///< Whoever read what was written has left: the end of a pipe, not a fault.
};

/// Reads a file's samples as 16-bit frames, front to back.
class WavReader {
  public:
    /// How to open a file.
    struct Options {
        std::optional<RawFormat> raw = std::nullopt; ///< There is no header: the samples are these.
        int stop = -1; ///< A descriptor; once it can be read, a pipe ends. None when negative.
    };

    /// Opens `path`; `-` is standard input. Errors: missing, unreadable, a directory, empty, not audio, no
    /// channels, a rate or a number of channels out of bounds. `[control]`
    static Result<WavReader, FileError> open(const std::string& path) { return open(path, Options{}); }
    static Result<WavReader, FileError> open(const std::string& path, const Options& options);

    WavReader(WavReader&&) noexcept;
    WavReader& operator=(WavReader&&) noexcept;
    ~WavReader();

    [[nodiscard]] int rate_hz() const;
    [[nodiscard]] int channels() const;
    /// Frames that the header promises; 0 where it does not say (a pipe).
    [[nodiscard]] SampleCount frames() const;

    /// Reads frames of interleaved samples into `interleaved`, whose size is a multiple of channels(), and
    /// returns how many frames there were: 0 at the end. Floating-point files are scaled to full scale 32768
    /// and clamped. Errors: a sample that is not a number, a file that ends before what its header promises,
    /// a failing device.
    Result<SampleCount, FileError> read(std::span<std::int16_t> interleaved);

  private:
    struct State;
    explicit WavReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

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
