// SPDX-License-Identifier: MIT
//
// The bytes that libsndfile sees of a file or a pipe. A pipe can go back as far as its beginning while a
// header is being parsed (what was read is kept), and only forward after that. A header's mistakes are mended
// on the way by patches.
#pragma once

#include "engine/io/file_descriptor.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace keytone::io {

class ByteInput {
  public:
    /// What a pipe keeps while a header is parsed, in bytes: the longest header that can come through one.
    static constexpr std::size_t max_kept = std::size_t{4} << 20;
    /// What a pipe whose length nobody knows says of its length, in bytes.
    static constexpr std::int64_t endless = std::int64_t{1} << 62;
    /// What become_file() takes in, in bytes: days of MP3.
    static constexpr std::int64_t max_taken_in = std::int64_t{1} << 30;

    /// `file_size`: bytes of a regular file from its current position on; a negative one marks a pipe.
    /// `[control]`
    ByteInput(FileDescriptor file, std::int64_t file_size);

    [[nodiscard]] bool is_pipe() const { return is_pipe_; }
    /// Bytes that the reader is to believe there are.
    [[nodiscard]] std::int64_t length() const { return length_; }
    void set_length(std::int64_t bytes) { length_ = bytes; }
    /// Shows `bytes` at `offset` instead of what is there.
    void patch(std::int64_t offset, std::array<std::uint8_t, 4> bytes) {
        patches_.push_back({offset, bytes});
    }
    /// A pipe ends, as if its writer had closed it, once the descriptor `stop` can be read.
    void end_when_readable(int stop) { stop_ = stop; }
    /// Takes all of a pipe in, in memory, so that the reader may go anywhere: for formats that are read from
    /// the back too. False where there is more than max_taken_in, or on failure. `[control]`
    bool become_file();
    /// The header is parsed: a pipe goes forward only from here on, and drops what it kept on leaving it.
    void stop_keeping() { keeping_ = false; }

    [[nodiscard]] std::int64_t position() const { return position_; }
    void seek(std::int64_t position) { position_ = position; }
    /// Reads at the position and moves it. Less than asked for: the end, or a failure (see below).
    /// `[control]`
    std::size_t read(std::span<std::uint8_t> bytes);

    /// The bytes ended before length().
    [[nodiscard]] bool ended_early() const { return ended_early_; }
    /// A pipe was asked for bytes that have gone by.
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
    /// Waits until the pipe has something, or its end; false when it is to end here.
    [[nodiscard]] bool await_pipe() const;
    void apply_patches(std::span<std::uint8_t> bytes, std::int64_t offset) const;

    FileDescriptor file_;
    bool is_pipe_;
    std::int64_t base_ = 0; // where a regular file stood when it was handed over
    std::int64_t length_;
    std::int64_t position_ = 0;
    std::vector<Patch> patches_;

    int stop_ = -1;                  // what ends a pipe before its time; none when negative
    std::int64_t pipe_position_ = 0; // bytes taken out of the pipe
    std::vector<std::uint8_t> kept_; // the first of them
    bool keeping_ = true;

    bool ended_early_ = false;
    bool went_back_ = false;
    int error_number_ = 0;
};

} // namespace keytone::io
