// SPDX-License-Identifier: MIT
//
// The bytes of a file or a pipe as libsndfile sees them. While a header is parsed, a pipe can seek back to
// its beginning (what was read is kept); after that, it only goes forward. Mistakes in a header are corrected
// by patches.
#pragma once

#include "engine/io/file_descriptor.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace keytone::io {

class ByteInput {
  public:
    /// Bytes that a pipe keeps while a header is parsed: the longest header that can be read from one.
    static constexpr std::size_t max_kept = std::size_t{4} << 20;
    /// The length, in bytes, that a pipe of unknown length reports.
    static constexpr std::int64_t endless = std::int64_t{1} << 62;
    /// Bytes that become_file() reads at most: days of MP3.
    static constexpr std::int64_t max_taken_in = std::int64_t{1} << 30;

    /// `file_size`: bytes of a regular file from its current position on; a negative one marks a pipe.
    /// `[control]`
    ByteInput(FileDescriptor file, std::int64_t file_size);

    [[nodiscard]] bool is_pipe() const { return is_pipe_; }
    /// The length, in bytes, that the reader is shown.
    [[nodiscard]] std::int64_t length() const { return length_; }
    void set_length(std::int64_t bytes) { length_ = bytes; }
    /// Shows `bytes` at `offset` instead of those in the file.
    void patch(std::int64_t offset, std::array<std::uint8_t, 4> bytes) {
        patches_.push_back({offset, bytes});
    }
    /// A pipe ends, as if its writer had closed it, when the descriptor `stop` becomes readable.
    void end_when_readable(int stop) { stop_ = stop; }
    /// Reads a whole pipe into memory, so that the reader may seek anywhere: for formats that are also read
    /// from the end. False where there is more than max_taken_in, or on failure. `[control]`
    bool become_file();
    /// The header is parsed: from here on a pipe only goes forward, and drops what it kept once that has been
    /// read.
    void stop_keeping() { keeping_ = false; }

    [[nodiscard]] std::int64_t position() const { return position_; }
    void seek(std::int64_t position) { position_ = position; }
    /// Reads at the position and advances it. Fewer bytes than asked for: the end, or a failure (see below).
    /// `[control]`
    std::size_t read(std::span<std::uint8_t> bytes);

    /// Whether the bytes ended before length().
    [[nodiscard]] bool ended_early() const { return ended_early_; }
    /// Whether a pipe was asked for bytes that are no longer kept.
    [[nodiscard]] bool went_back() const { return went_back_; }
    /// `errno` of the read that failed, or 0.
    [[nodiscard]] int error_number() const { return error_number_; }

  private:
    struct Patch {
        std::int64_t offset;
        std::array<std::uint8_t, 4> bytes;
    };

    std::size_t read_file(std::span<std::uint8_t> bytes);
    std::size_t read_pipe(std::span<std::uint8_t> bytes);
    std::size_t read_pipe_forward(std::span<std::uint8_t> bytes);
    std::size_t read_system(std::span<std::uint8_t> bytes, std::int64_t offset);
    /// Waits until the pipe has bytes, or has ended; false when it is to end here.
    [[nodiscard]] bool await_pipe() const;
    void apply_patches(std::span<std::uint8_t> bytes, std::int64_t offset) const;

    FileDescriptor file_;
    bool is_pipe_;
    std::int64_t base_ = 0; // the position of a regular file when it was passed in
    std::int64_t length_;
    std::int64_t position_ = 0;
    std::vector<Patch> patches_;

    int stop_ = -1;                  // the descriptor that ends a pipe early; none when negative
    std::int64_t pipe_position_ = 0; // bytes taken out of the pipe
    std::vector<std::uint8_t> kept_; // the first of them
    bool keeping_ = true;

    bool ended_early_ = false;
    bool went_back_ = false;
    int error_number_ = 0;
};

} // namespace keytone::io
