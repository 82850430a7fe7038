// SPDX-License-Identifier: MIT
//
// Three places for one value: the writer has one, the reader has one, and one lies between them.
//
//     write      | new | … | … |     its place and the one between change hands
//     read       | … | … | old |     if something newer lies there, so do the reader's and the one between
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <type_traits>

namespace keytone::server {

/// The latest of a series of plain values, from one thread to one other. Neither thread waits; older values
/// are skipped.
template <class T>
requires std::is_trivially_copyable_v<T>
class LatestValue {
  public:
    /// The writing thread only.
    void write(const T& value) noexcept {
        places_[written_] = value;
        written_ = between_.exchange(written_ | fresh, std::memory_order_acq_rel) & place;
    }
    /// The value written last, or a default one. The reading thread only.
    [[nodiscard]] const T& read() noexcept {
        if ((between_.load(std::memory_order_relaxed) & fresh) != 0) {
            read_ = between_.exchange(read_, std::memory_order_acq_rel) & place;
        }
        return places_[read_];
    }

  private:
    static constexpr std::uint8_t fresh = 4;
    static constexpr std::uint8_t place = 3;

    std::array<T, 3> places_{};
    std::uint8_t written_ = 0;
    std::uint8_t read_ = 1;
    std::atomic<std::uint8_t> between_{2};
};

} // namespace keytone::server
