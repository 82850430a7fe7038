// SPDX-License-Identifier: MIT
//
// What libsndfile writes a WAV file to: a header, held in memory so that it can be put right before it goes
// into a pipe, and samples, which go straight on.
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

    /// Puts the sizes of what is to come into the header: libsndfile counts only what was written.
    void announce(std::int64_t data_bytes, std::int64_t frames);
    /// The header is as it is to be and goes first; samples follow. False on failure. `[control]`
    bool send_head();
    /// No more samples: what libsndfile still writes behind them is not to go out.
    void stop_data() { takes_data_ = false; }
    /// Puts the header in its place once more, where there is a way back to it. False on failure. `[control]`
    bool put_head_right();

    [[nodiscard]] std::int64_t length() const { return head_is_sent_ ? end_ : head_size_; }
    [[nodiscard]] std::int64_t position() const { return position_; }
    void seek(std::int64_t position) { position_ = position; }
    /// Writes at the position and moves it: into the header, or on at the end. False on failure. `[control]`
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
