// SPDX-License-Identifier: MIT
//
// What the first bytes of an audio file promise. libsndfile trims a header's promise to the bytes that are
// there, so that a truncated file looks whole; and it believes the sizes that a program writing into a pipe
// has to invent.
#pragma once

#include "engine/io/byte_input.hpp"

#include <cstdint>
#include <optional>

namespace keytone::io {

enum class Container {
    wav,
    au,
    flac,
    other,
};

struct AudioHead {
    Container container = Container::other;
    /// Not a single byte.
    bool is_empty = false;
    /// The file ends inside its header.
    bool cut_off = false;
    /// A WAV header in which no samples were found: damaged, or stranger than this reads.
    bool no_data = false;
    /// Ogg or MPEG, it seems: libsndfile reads it from the back too.
    bool is_read_from_both_ends = false;
    std::optional<std::uint32_t> channels;
    std::optional<std::uint32_t> rate_hz;
    /// Bytes in front of the samples.
    std::int64_t data_offset = 0;
    /// Bytes of samples; none where the writer could not know.
    std::optional<std::int64_t> data_size;
    /// Bytes of the whole file, where only its outermost chunk tells: AIFF, W64.
    std::optional<std::int64_t> file_size;
    /// RF64, or a size that a program writing into a pipe made up: the header's own sizes mislead.
    bool sizes_mislead = false;
};

/// Reads the head of `input` from its first byte on. `[control]`
AudioHead scan_audio_head(ByteInput& input);

/// Makes `input` show libsndfile the samples that `head` promises, no fewer and no more. `[control]`
void show_promised_data(ByteInput& input, const AudioHead& head);

} // namespace keytone::io
