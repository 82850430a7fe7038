// SPDX-License-Identifier: MIT
//
// The inner loops of those who listen for call progress. Compiled in the same way as
// dsp/simd/detector_kernels.hpp.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace keytone::simd {

/// Averages and bins that are computed at once.
inline constexpr std::size_t fours_at_once = 4;
inline constexpr std::size_t bins_at_once = 8;

inline constexpr std::size_t most_weighed = 600;

/// Sums over a window: of squares, and of products.
struct Weighed {
    float weights;    ///< Of the weights, added one after the other.
    float samples;    ///< Of the weighted samples, to 1e-5.
    float neighbours; ///< Of their products with the next ones.
};

struct ListenerKernels {
    /// Averages of four samples each, rounded down: `count` of them, a multiple of `fours_at_once`.
    void (*average_fours)(const std::int16_t* x, std::size_t count, std::int16_t* averages);
    /// Weights `count` samples, 1 to `most_weighed`, by a Hann window. `weighted` has room for
    /// eight more.
    Weighed (*weigh)(const std::int16_t* x, std::size_t count, float* weighted);
    /// |X|² of a spectrum's bins, by Goertzel's recursion: of `groups` times eight bins of `count` samples,
    /// from bin `first` on.
    void (*bins)(const float* samples, std::size_t count, int first, std::size_t groups, float* energies);
};

/// Those in use: set when the program starts, by use_instruction_set().
extern std::atomic<const ListenerKernels*> listener_kernels_in_use;

/// The kernels of the instruction set in use. `[any]`
inline const ListenerKernels& listener_kernels() noexcept {
    return *listener_kernels_in_use.load(std::memory_order_relaxed);
}

} // namespace keytone::simd
