// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace keytone::test {

/// How many frames an audio system may ask for at a time: the smallest, odd ones, usual ones, more than a
/// second.
inline std::vector<std::size_t> device_block_sizes() {
    return {1, 2, 3, 7, 16, 63, 64, 128, 160, 255, 417, 480, 1023, 1024, 1025, 4096, 50'000};
}

} // namespace keytone::test
