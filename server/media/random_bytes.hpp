// SPDX-License-Identifier: MIT
#pragma once

#include <sys/random.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace keytone::server {

/// Fills `bytes`, at most 256, with random numbers that nobody can foretell: getrandom(2) gives so few all at
/// once, and fails only if a signal comes before the system has any. `[control]`
inline void fill_randomly(std::span<std::byte> bytes) {
    while (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    }
}

/// `[control]`
template <class Number>
Number random_number() {
    static_assert(std::is_unsigned_v<Number>);
    Number number = 0;
    fill_randomly(std::as_writable_bytes(std::span(&number, 1)));
    return number;
}

} // namespace keytone::server
