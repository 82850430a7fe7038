// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace keytone::bench {

/// Bytes that this program has allocated by `new` and not freed, including the allocator's rounding.
std::size_t allocated_bytes();

} // namespace keytone::bench
