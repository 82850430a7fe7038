// SPDX-License-Identifier: MIT
//
// Compiled once for each instruction set, KEYTONE_LISTENER_SET being its name.
#include "dsp/simd/listener_kernels.hpp"

#include "dsp/arithmetic/sine.hpp"
#include "dsp/simd/vectors.hpp"

#include <type_traits>

namespace keytone::simd {

namespace {

// Four averages of sixteen samples.
KEYTONE_INLINE Int4 four_averages(const std::int16_t* x) {
    const Int8 pairs = pair_products(load<Short16>(x), Short16{} + 1);
    const Int4 first = __builtin_shufflevector(pairs, pairs, 0, 2, 4, 6);
    const Int4 second = __builtin_shufflevector(pairs, pairs, 1, 3, 5, 7);
    return (first + second) >> 2;
}

KEYTONE_INLINE void add_averages(const std::int16_t* x, std::size_t count, std::int16_t* averages) {
    using Short4 [[gnu::vector_size(8)]] = std::int16_t;
    for (std::size_t n = 0; n < count; n += fours_at_once) {
        store(__builtin_convertvector(four_averages(x + 4 * n), Short4), averages + n);
    }
}

void average_fours(const std::int16_t* x, std::size_t count, std::int16_t* averages) {
    // A frame of 10 ms at 8 kHz: without a loop.
    if (count == 20) {
        add_averages(x, 20, averages);
    } else {
        add_averages(x, count, averages);
    }
}

using Double4 [[gnu::vector_size(32)]] = double;

// Whole numbers from 0 to 2^32, rounded down, as the last 32 bits of each lane.
KEYTONE_INLINE Phase8 whole_parts(Double4 x) {
    constexpr double to_whole = 0x1p52; // beside which a fraction is rounded off
    const Double4 nearest = (x + to_whole) - to_whole;
    const Double4 below = nearest > x ? nearest - 1.0 : nearest;
    return reinterpret_cast<Phase8>(below + to_whole);
}

// cosine_of_turns() of eight parts of a whole, less than a turn: `four` of them, and those 4 further.
KEYTONE_INLINE Float8 cosine_of_parts(Double4 four, double whole) {
    const auto phases = [whole](Double4 part) {
        const Double4 later = part / whole + 0.25;
        return whole_parts((later >= 1.0 ? later - 1.0 : later) * 0x1p32);
    };
    const Phase8 first = phases(four);
    const Phase8 second = phases(four + 4.0);
    return sine(__builtin_shufflevector(first, second, 0, 2, 4, 6, 8, 10, 12, 14));
}

// 200 ms at 8 kHz: the window that is weighed most often. Its weights, and the sum of their squares.
struct UsualWindow {
    static constexpr std::size_t count = 400;
    alignas(32) float weights[count]{};
    float squares = 0.0F;

    constexpr UsualWindow() {
        for (std::size_t n = 0; n < count; ++n) {
            const double later = (static_cast<double>(n) + 0.5) / count + 0.25;
            const double part = later >= 1.0 ? later - 1.0 : later;
            const auto phase = static_cast<std::uint64_t>(part * 0x1p32) << 32U;
            weights[n] = 0.5F - 0.5F * sine_of_phase(phase);
            squares += weights[n] * weights[n];
        }
    }
};
constexpr UsualWindow usual_window;

float weigh_usual(const std::int16_t* x, float* weighted) {
    for (std::size_t n = 0; n < UsualWindow::count; n += 8) {
        store(load<Float8>(usual_window.weights + n) * samples(x + n), weighted + n);
    }
    return usual_window.squares;
}

float weigh_any(const std::int16_t* x, std::size_t count, float* weighted) {
    std::int16_t last[8]{};
    __builtin_memcpy(last, x + count / 8 * 8, count % 8 * sizeof *x);
    float squares[8];
    float weights = 0.0F;
    Double4 place{0.5, 1.5, 2.5, 3.5};
    for (std::size_t n = 0; n < count; n += 8) {
        const std::size_t left = count - n;
        const Float8 weight = 0.5F - 0.5F * cosine_of_parts(place, static_cast<double>(count));
        store(weight * samples(left < 8 ? last : x + n), weighted + n);
        store(weight * weight, squares);
        for (std::size_t i = 0; i < (left < 8 ? left : 8); ++i) {
            weights += squares[i];
        }
        place += 8.0;
    }
    return weights;
}

Weighed weigh(const std::int16_t* x, std::size_t count, float* weighted) {
    const float weights =
        count == UsualWindow::count ? weigh_usual(x, weighted) : weigh_any(x, count, weighted);
    weighted[(count + 7) / 8 * 8] = 0.0F;
    Float8 energy{};
    Float8 neighbours{};
    for (std::size_t n = 0; n < count; n += 8) {
        const auto now = load<Float8>(weighted + n);
        energy += now * now;
        neighbours += now * load<Float8>(weighted + n + 1);
    }
    return {weights, sum(energy), sum(neighbours)};
}

// `at_once` groups of bins side by side, so that a sample is loaded once for all of them.
template <std::size_t at_once>
KEYTONE_INLINE void add_bins(const float* samples, std::size_t count, int first, float* energies) {
    Float8 factor[at_once];
    Float8 last[at_once]{};
    Float8 before[at_once]{};
    for (std::size_t i = 0; i < at_once; ++i) {
        const Double4 bin = Double4{0.0, 1.0, 2.0, 3.0} + (first + static_cast<int>(bins_at_once * i));
        factor[i] = 2.0F * cosine_of_parts(bin, static_cast<double>(count));
    }
    for (std::size_t n = 0; n < count; ++n) {
        const Float8 sample = all(samples[n]);
        for (std::size_t i = 0; i < at_once; ++i) {
            const Float8 next = sample + factor[i] * last[i] - before[i];
            before[i] = last[i];
            last[i] = next;
        }
    }
    for (std::size_t i = 0; i < at_once; ++i) {
        store(last[i] * last[i] + before[i] * before[i] - factor[i] * last[i] * before[i],
              energies + bins_at_once * i);
    }
}

void bins(const float* samples, std::size_t count, int first, std::size_t groups, float* energies) {
    // As many as the processor's registers hold, three vectors each: one waits for the one before it, so that
    // several take no longer than one.
    constexpr auto most = static_cast<std::size_t>(processor::registers / processor::sum_vectors / 3);
    std::size_t group = 0;
    const auto add = [&]<std::size_t at_once>(std::integral_constant<std::size_t, at_once> /*groups*/) {
        for (; group + at_once <= groups; group += at_once) {
            add_bins<at_once>(samples, count, first + static_cast<int>(bins_at_once * group),
                              energies + bins_at_once * group);
        }
    };
    add(std::integral_constant<std::size_t, most>{});
    if constexpr (most > 5) {
        add(std::integral_constant<std::size_t, 5>{});
    }
    if constexpr (most > 2) {
        add(std::integral_constant<std::size_t, 2>{});
    }
    add(std::integral_constant<std::size_t, 1>{});
}

} // namespace

extern const ListenerKernels KEYTONE_LISTENER_SET;
const ListenerKernels KEYTONE_LISTENER_SET{average_fours, weigh, bins};

} // namespace keytone::simd
