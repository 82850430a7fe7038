// SPDX-License-Identifier: MIT
#include "engine/io/headed_stream.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace keytone::io {

HeadedStream::HeadedStream(ByteOutput output) : output_(std::move(output)) {}

void HeadedStream::announce(std::int64_t data_bytes, std::int64_t frames) {
    put_in_head(4, head_size_ - 8 + data_bytes + (data_bytes & 1));
    put_in_head(head_size_ - 4, data_bytes);
    const std::string_view text(reinterpret_cast<const char*>(head_.data()), head_.size());
    const auto fact = text.find("fact");
    if (fact != std::string_view::npos) { // all encodings but PCM have this chunk
        put_in_head(static_cast<std::int64_t>(fact) + 8, frames);
    }
}

bool HeadedStream::send_head() {
    head_is_sent_ = true;
    end_ = head_size_;
    return output_.append(head());
}

bool HeadedStream::put_head_right() {
    return !output_.can_rewrite() || output_.rewrite(0, head());
}

bool HeadedStream::write(std::span<const std::uint8_t> bytes) {
    const auto size = static_cast<std::int64_t>(bytes.size());
    const auto head_room = head_is_sent_ ? head_size_ : static_cast<std::int64_t>(head_.size());
    if (position_ + size <= head_room) {
        std::copy(bytes.begin(), bytes.end(), head_.begin() + static_cast<std::ptrdiff_t>(position_));
        if (!head_is_sent_) {
            head_size_ = std::max(head_size_, position_ + size);
        }
    } else if (!head_is_sent_ || position_ != end_) {
        return false;
    } else if (takes_data_) {
        if (!output_.append(bytes)) {
            return false;
        }
        end_ += size;
    }
    position_ += size;
    return true;
}

void HeadedStream::put_in_head(std::int64_t offset, std::int64_t value) {
    for (int i = 0; i < 4; ++i) {
        head_[static_cast<std::size_t>(offset + i)] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

std::span<const std::uint8_t> HeadedStream::head() const {
    return std::span(head_).first(static_cast<std::size_t>(head_size_));
}

} // namespace keytone::io
