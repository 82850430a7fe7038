// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone::test {

/// A fuzzer's bytes, one choice each; all zero behind the last.
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
    /// The next bytes, as many as there are.
    std::span<const std::uint8_t> take(std::size_t most) {
        const auto taken = bytes_.first(most < bytes_.size() ? most : bytes_.size());
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }

  private:
    std::span<const std::uint8_t> bytes_;
};

} // namespace keytone::test
