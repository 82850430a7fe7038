// SPDX-License-Identifier: MIT
//
// Where the samples of a file lie, where each takes up bytes of its own: then some can be changed, and all
// other bytes of the file stay as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone::io {

/// The layout of interleaved samples.
struct SampleLayout {
    enum class Encoding : std::uint8_t {
        unsigned_8, ///< 128 is silence
        signed_8,
        signed_16,
        signed_24,
        signed_32,
        float_32,
        float_64,
        ulaw, ///< ITU-T G.711
        alaw, ///< ITU-T G.711
    };

    Encoding encoding;
    bool big_endian;          ///< The high byte first.
    std::int64_t data_offset; ///< Bytes before the first sample.

    /// Bytes of one sample.
    [[nodiscard]] std::size_t sample_bytes() const;
    /// The sample that these bytes hold, full scale being 1.
    [[nodiscard]] double value(std::span<const std::uint8_t> bytes) const;
    /// Makes the sample that these bytes hold `left` / `all` of what it is.
    void scale(std::span<std::uint8_t> bytes, std::int32_t left, std::int32_t all) const;
};

} // namespace keytone::io
