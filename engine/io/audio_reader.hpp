// SPDX-License-Identifier: MIT
//
// Reads audio files, streamed: whatever libsndfile opens (WAV, FLAC, Ogg, MP3, AU, …), and files without a
// header, whose format follows from the name's ending or is given.
#pragma once

#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/raw_format.hpp"
#include "engine/io/sample_layout.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace keytone::io {

/// What is needed to write another file of the same kind.
struct AudioShape {
    int format; ///< libsndfile's number for container and encoding.
    int rate_hz;
    int channels;
    std::vector<std::pair<int, std::string>>
        tags{}; ///< Title, comment and the like, by libsndfile's numbers.
};

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

    /// Where the samples lie; nothing where they are coded otherwise, or come through a pipe.
    [[nodiscard]] std::optional<SampleLayout> layout() const;
    /// Whether the file is FLAC, whose samples AudioWriter::create_like() can write without loss.
    [[nodiscard]] bool is_flac() const;
    /// The same for a file of every format.
    [[nodiscard]] AudioShape shape() const;

    /// Reads frames of interleaved samples into `interleaved`, whose size is a multiple of channels(), and
    /// returns how many frames there were: 0 at the end. Floating-point files are scaled to full scale 32768
    /// and clipped. Errors: a sample that is not a number, a file that ends before its header says, a failing
    /// device.
    Result<SampleCount, FileError> read(std::span<std::int16_t> interleaved);
    /// The same with all bits of integer samples, from the highest bit down.
    Result<SampleCount, FileError> read(std::span<std::int32_t> interleaved);

  private:
    struct State;
    explicit AudioReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace keytone::io
