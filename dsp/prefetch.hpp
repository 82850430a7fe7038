// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace keytone {

/// Asks for the memory from `begin` to before `end`, which is used soon, for writing. `[any]`
[[gnu::always_inline]] inline void prefetch(const void* begin, const void* end) noexcept {
    constexpr std::size_t cache_line = 64;
    const auto* at = static_cast<const char*>(begin);
    const auto* const last = static_cast<const char*>(end) - 1;
    // Of an object, whose size is known, without a loop.
#pragma GCC unroll 32
    for (; at < last; at += cache_line) {
        __builtin_prefetch(at, 1);
    }
    __builtin_prefetch(last, 1);
    asm volatile(""); // Without an effect, the compiler would drop a call of a function that only does this.
}

} // namespace keytone
