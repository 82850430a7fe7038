// SPDX-License-Identifier: MIT
//
// What libsndfile writes a WAV file to: a header, which is held in memory so that it can be corrected before
// it goes into a pipe, and samples, which are passed on at once.
#pragma once

#include "engine/io/byte_output.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace keytone::io {

class HeadedStream {
  public:
    explicit HeadedStream(ByteOutput output);

    [[nodiscard]] ByteOutput& output() { return output_; }

    /// Sets the final sizes in the header: libsndfile only counts what has been written.
    void announce(std::int64_t data_bytes, std::int64_t frames);
    /// The header is final and is sent; samples follow. False on failure. `[control]`
    bool send_head();
    /// No more samples follow: what libsndfile still writes after them is dropped.
    void stop_data() { takes_data_ = false; }
    /// Writes the header once more in its place, where the output can be overwritten. False on failure.
    /// `[control]`
    bool put_head_right();

    [[nodiscard]] std::int64_t length() const { return head_is_sent_ ? end_ : head_size_; }
    [[nodiscard]] std::int64_t position() const { return position_; }
    void seek(std::int64_t position) { position_ = position; }
    /// Writes at the position and advances it: into the header, or at the end. False on failure. `[control]`
    bool write(std::span<const std::uint8_t> bytes);

  private:
    void put_in_head(std::int64_t offset, std::int64_t value);
    [[nodiscard]] std::span<const std::uint8_t> head() const;

    ByteOutput output_;
    std::array<std::uint8_t, 512> head_{};
    std::int64_t head_size_ = 0;
    bool head_is_sent_ = false;
    bool takes_data_ = true;
    std::int64_t end_ = 0;
    std::int64_t position_ = 0;
};

} // namespace keytone::io
