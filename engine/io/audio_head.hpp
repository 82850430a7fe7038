// SPDX-License-Identifier: MIT
//
// What the first bytes of an audio file say about its length. libsndfile reduces the length in a header to
// the bytes that are there, so that a truncated file looks whole; and it trusts the sizes that a program
// writing into a pipe has to make up.
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
    /// Whether there is not a single byte.
    bool is_empty = false;
    /// Whether the file ends inside its header.
    bool cut_off = false;
    /// A WAV header in which no samples were found: damaged, or of a form that this does not read.
    bool no_data = false;
    /// Ogg or MPEG by its first bytes: libsndfile reads it from the end, too.
    bool is_read_from_both_ends = false;
    std::optional<std::uint32_t> channels;
    std::optional<std::uint32_t> rate_hz;
    /// Bytes before the samples.
    std::int64_t data_offset = 0;
    /// Bytes of samples; nothing where the writer could not know.
    std::optional<std::int64_t> data_size;
    /// Bytes of the whole file, where only its outermost chunk says so: AIFF, W64.
    std::optional<std::int64_t> file_size;
    /// RF64, or a size that a program writing into a pipe made up: the header's sizes cannot be trusted.
    bool sizes_mislead = false;
};

/// Reads the head of `input` from its first byte. `[control]`
AudioHead scan_audio_head(ByteInput& input);

/// Makes `input` show libsndfile exactly the samples that `head` says there are. `[control]`
void show_promised_data(ByteInput& input, const AudioHead& head);

} // namespace keytone::io
