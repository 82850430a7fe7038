// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace keytone::test {

/// A fuzzer's bytes as choices, one byte each; 0 after the last byte.
class Choices {
  public:
    explicit Choices(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    std::size_t below(std::size_t count) {
        if (bytes_.empty()) {
            return 0;
        }
        const std::size_t choice = bytes_.front() % count;
        bytes_ = bytes_.subspan(1);
        return choice;
    }
    /// The next `most` bytes, or as many as are left.
    std::span<const std::uint8_t> take(std::size_t most) {
        const auto taken = bytes_.first(most < bytes_.size() ? most : bytes_.size());
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }
    /// All that is left, as text.
    std::string_view take_text() {
        const auto rest = take(bytes_.size());
        return {reinterpret_cast<const char*>(rest.data()), rest.size()};
    }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }

  private:
    std::span<const std::uint8_t> bytes_;
};

} // namespace keytone::test
