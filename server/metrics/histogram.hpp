// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace keytone::server {

/// How often values lay between bounds, of any threads: each value is two relaxed additions. `[any]`
template <std::size_t bounds>
class Histogram {
  public:
    /// Upper bounds in seconds, ascending; values beyond the last one are counted, too.
    constexpr explicit Histogram(const std::array<double, bounds>& upper) noexcept : upper_(upper) {}

    void add(double seconds) noexcept {
        const auto* const at = std::ranges::lower_bound(upper_, seconds);
        counts_[static_cast<std::size_t>(at - upper_.begin())].fetch_add(1, std::memory_order_relaxed);
        sum_ns_.fetch_add(static_cast<std::int64_t>(seconds * ns_a_second), std::memory_order_relaxed);
    }

    [[nodiscard]] const std::array<double, bounds>& upper() const noexcept { return upper_; }
    /// Of the values up to the bound `at`, and above the one before; at `bounds`: of those beyond the last.
    [[nodiscard]] std::uint64_t count(std::size_t at) const noexcept {
        return counts_[at].load(std::memory_order_relaxed);
    }
    [[nodiscard]] double sum() const noexcept {
        return static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) / ns_a_second;
    }

  private:
    static constexpr double ns_a_second = 1e9;

    std::array<double, bounds> upper_;
    std::array<std::atomic<std::uint64_t>, bounds + 1> counts_{};
    std::atomic<std::int64_t> sum_ns_{0};
};

} // namespace keytone::server
