// SPDX-License-Identifier: MIT
//
// Three ways to write a recording again so that its samples stay what they are, but for those that are
// silenced:
//
//     ByteCopy     each sample has bytes of its own: all other bytes of the file are copied, headers included
//     FlacCopy     FLAC: coded again, without loss
//     DecodedCopy  coded with loss: what it decodes to, as a WAV file
//
// Each has: Unit, of which its frames consist; units_per_frame(); begin(); read() more frames, as 16 bits for
// hearing and as units for writing; scale() a sample; write() units; end().
#pragma once

#include "dsp/result.hpp"
#include "dsp/units.hpp"
#include "engine/io/audio_reader.hpp"
#include "engine/io/audio_writer.hpp"
#include "engine/io/byte_input.hpp"
#include "engine/io/byte_output.hpp"
#include "engine/io/wav_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone::tools {

/// Nothing where all is well.
using Problem = std::optional<io::FileError>;

class ByteCopy {
  public:
    using Unit = std::uint8_t;
    /// `bytes` is the file that `reader` reads, once more.
    ByteCopy(io::AudioReader& reader, const io::SampleLayout& layout, io::ByteInput bytes,
             io::ByteOutput output, std::string name);

    [[nodiscard]] std::size_t units_per_frame() const { return frame_bytes_; }
    Problem begin();
    Result<SampleCount, io::FileError> read(std::span<std::int16_t> heard, std::vector<Unit>& units);
    void scale(std::span<Unit> frame, std::size_t channel, std::int32_t left, std::int32_t all) const;
    Problem write(std::span<const Unit> units);
    Problem end();

  private:
    Problem copy(std::int64_t most);
    [[nodiscard]] Problem differs(std::span<const std::int16_t> heard, std::span<const Unit> units) const;

    io::AudioReader& reader_;
    io::SampleLayout layout_;
    io::ByteInput bytes_;
    io::ByteOutput output_;
    std::string name_;
    std::size_t frame_bytes_;
};

class FlacCopy {
  public:
    using Unit = std::int32_t;
    FlacCopy(io::AudioReader& reader, io::AudioWriter writer);

    [[nodiscard]] std::size_t units_per_frame() const { return channels_; }
    Problem begin() { return std::nullopt; }
    Result<SampleCount, io::FileError> read(std::span<std::int16_t> heard, std::vector<Unit>& units);
    void scale(std::span<Unit> frame, std::size_t channel, std::int32_t left, std::int32_t all) const;
    Problem write(std::span<const Unit> units);
    Problem end();

  private:
    io::AudioReader& reader_;
    io::AudioWriter writer_;
    std::size_t channels_;
};

class DecodedCopy {
  public:
    using Unit = std::int16_t;
    DecodedCopy(io::AudioReader& reader, io::WavWriter writer);

    [[nodiscard]] std::size_t units_per_frame() const { return channels_; }
    Problem begin() { return std::nullopt; }
    Result<SampleCount, io::FileError> read(std::span<std::int16_t> heard, std::vector<Unit>& units);
    void scale(std::span<Unit> frame, std::size_t channel, std::int32_t left, std::int32_t all) const;
    Problem write(std::span<const Unit> units);
    Problem end();

  private:
    io::AudioReader& reader_;
    io::WavWriter writer_;
    std::size_t channels_;
};

} // namespace keytone::tools
