// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace keytone {

inline constexpr std::size_t prefetched_at_once = 64; ///< Bytes: a cache line.

/// Asks for the memory from `begin` to before `end`, for writing: of an object, whose size is known, so
/// without a loop. `locality`: as __builtin_prefetch() has it. `[any]`
template <int locality>
[[gnu::always_inline]] inline void prefetch_to(const void* begin, const void* end) noexcept {
    const auto* at = static_cast<const char*>(begin);
    const auto* const last = static_cast<const char*>(end) - 1;
#pragma GCC unroll 32
    for (; at < last; at += prefetched_at_once) {
        __builtin_prefetch(at, 1, locality);
    }
    __builtin_prefetch(last, 1, locality);
    asm volatile(""); // Without an effect, the compiler would drop a call of a function that only does this.
}

/// For what is used soon. `[any]`
[[gnu::always_inline]] inline void prefetch(const void* begin, const void* end) noexcept {
    prefetch_to<3>(begin, end);
}

/// For what is used a little later, and is more: into the second level of the caches. `[any]`
[[gnu::always_inline]] inline void prefetch_early(const void* begin, const void* end) noexcept {
    prefetch_to<2>(begin, end);
}

/// The same for any number of elements, from the first one's cache line on. `[any]`
template <class T>
[[gnu::always_inline]] inline void prefetch_early(std::span<const T> elements) noexcept {
    for (std::size_t at = 0; at < elements.size(); at += prefetched_at_once / sizeof(T)) {
        __builtin_prefetch(elements.data() + at, 1, 2);
    }
    asm volatile("");
}

/// What a thread processes after the current one, of the same kind: what these touch is fetched meanwhile, a
/// few cache lines at a time, as a processor waits where it is asked for many at once. Null for none.
template <class T>
struct Upcoming {
    const T* later = nullptr; ///< Is processed some turns from now: what all of its kind touch.
    const T* soon = nullptr;  ///< Sooner, and was fetched as `later`: what it touches besides, as that shows.
};

} // namespace keytone
