// SPDX-License-Identifier: MIT
//
// Walks over sub-blocks up to the first that passes the screen, or may be a dial tone. Compiled once for each
// instruction set, like everything that is inlined into the kernels.
#pragma once

#if defined(KEYTONE_WIDE_REGISTERS)
#include "dsp/simd/two_at_once.hpp"
#else
#include "dsp/simd/one_by_one.hpp"
#endif
#include "dsp/simd/screen.hpp"

#include <cstddef>
#include <cstdint>

namespace keytone::simd {

// Copies samples by the widest registers; the last pieces may overlap.
template <int count>
KEYTONE_INLINE void copy(const std::int16_t* from, std::int16_t* to) {
    constexpr int at_once = sizeof(Widest) / sizeof(std::int16_t);
    for (int n = 0; n + at_once <= count; n += at_once) {
        store(load<Widest>(from + n), to + n);
    }
    if constexpr (count % at_once > 8) {
        store(load<Widest>(from + count - at_once), to + count - at_once);
    } else if constexpr (count % at_once > 0) {
        store(load<Short8>(from + count - 8), to + count - 8);
    }
}

// Copies the last sub-blocks of `taken`, all of which are skimmed, where a line keeps them.
KEYTONE_INLINE void keep_skimmed(const std::int16_t* x, std::size_t taken, unsigned loud_run,
                                 ScreenedLine& line) {
    if (taken <= before_last) {
        return;
    }
    const std::int16_t* const from = x + (taken - 1 - before_last) * block_size;
    if (loud_run > 0) {
        copy<before_last * block_size>(from, line.earlier);
    }
    copy<block_size>(from + std::ptrdiff_t{before_last} * block_size, line.last);
}

// What two sub-blocks' sums tell, in bits 0 and 1.
struct QuickLook {
    Float4 energies; // in lanes 0 and 1
    unsigned loud;
    unsigned may_hold_tones;
};

KEYTONE_INLINE QuickLook look_quickly(TwoSubBlocks heard, float least_energy) {
    const QuickSums a = quick_sums(heard.first);
    const QuickSums b = quick_sums(heard.second);
    const Int4 sums = lane_sums(a.energy, b.energy, a.lag3, b.lag3);
    const Int4 energies = __builtin_shufflevector(sums, sums, 0, 1, 0, 1);
    // Where tones of both groups hold 30 % of the energy, or 45 % over coloured noise, the products of
    // samples 3 apart, about a quarter turn of the low group, sum up to at most 3/8 of the energy. In three
    // of five loud sub-blocks of speech, they sum up to more.
    const unsigned is_like = ~negative_bits((energies >> 2) + (energies >> 3) - sums) >> 2U;
    const Float4 energy = 32.0F * __builtin_convertvector(sums, Float4);
    const unsigned loud = at_least_bits(energy, Float4{} + least_energy) & 3U;
    return {energy, loud, loud & is_like};
}

// How many loud ones there are in a row, after one more.
KEYTONE_INLINE std::uint8_t run_on(std::uint8_t run, bool is_loud) {
    return static_cast<std::uint8_t>(is_loud ? run + (run < most_loud_run) : 0);
}

// Walks over sub-blocks; of every second one in turn, one is examined for a dial tone.
[[gnu::noinline]] static Skimmed skim_any(const std::int16_t* x, std::size_t sub_blocks, unsigned index,
                                          std::uint8_t& loud_run, ScreenedLine& line, Screened& next) {
    for (std::size_t i = index % 2; i < sub_blocks; i += 4) {
        const bool has_second = i + 2 < sub_blocks;
        const std::int16_t* const first = x + i * block_size;
        const TwoSubBlocks heard{first, has_second ? first + std::ptrdiff_t{2} * block_size : first};
        const QuickLook look = look_quickly(heard, line.demands.least_energy);
        const unsigned arrived = has_second ? 3 : 1;
        const unsigned loud = look.loud & arrived;
        const std::uint8_t run_between = run_on(loud_run, (loud & 1U) != 0);
        const unsigned dialled = (index + i) % dial_period == 0 ? 0 : 1;
        const bool is_dial_tone =
            (loud >> dialled & 1U) != 0 &&
            may_be_dial_tone(dialled == 0 ? heard.first : heard.second, line.demands.least_dial_energy);
        const unsigned last = is_dial_tone ? dialled : 2; // none behind a dial tone matters
        const unsigned passing =
            screen_two(heard, look.energies, look.may_hold_tones & arrived & ((2U << last) - 1), line, next);
        const unsigned stop = passing < last ? passing : last;
        if (stop < 2) {
            const std::size_t taken = i + std::size_t{2} * stop;
            loud_run = stop == 0 ? loud_run : run_between;
            keep_skimmed(x, taken, loud_run, line);
            return {static_cast<std::uint32_t>(taken), passing < 2 ? 1U : 0U};
        }
        loud_run = has_second ? run_on(run_between, (loud & 2U) != 0) : run_between;
    }
    keep_skimmed(x, sub_blocks, loud_run, line);
    return {static_cast<std::uint32_t>(sub_blocks), 0};
}

// Four sub-blocks of which none stops the walk.
KEYTONE_INLINE Skimmed skim_whole_frame(const std::int16_t* x, unsigned loud, std::uint8_t& loud_run,
                                        ScreenedLine& line) {
    // Whatever was before: of the two that are examined, those in a row up to the last.
    const unsigned run = (loud >> 1U) << (loud & 1U);
    loud_run = static_cast<std::uint8_t>(run);
    keep_skimmed(x, 4, run, line);
    return {4, 0};
}

// Goes on with a frame of which sub-blocks `left` may hold tones. By itself, as whoever only looks needs no
// room for all that the filters need.
[[gnu::noinline]] static Skimmed screen_frame(const std::int16_t* x, Float4 energies, unsigned left,
                                              unsigned loud, std::uint8_t& loud_run, ScreenedLine& line,
                                              Screened& next) {
    const unsigned passing = screen_two({x, x + std::ptrdiff_t{2} * block_size}, energies, left, line, next);
    if (passing == 2) {
        return skim_whole_frame(x, loud, loud_run, line);
    }
    loud_run = passing == 0 ? loud_run : run_on(loud_run, (loud & 1U) != 0);
    return {2 * passing, 1};
}

// A frame of 20 ms, as most are.
static Skimmed skim_frame(const std::int16_t* x, std::uint8_t& loud_run, ScreenedLine& line, Screened& next) {
    const QuickLook look = look_quickly({x, x + std::ptrdiff_t{2} * block_size}, line.demands.least_energy);
    if ((look.loud & 1U) != 0 && may_be_dial_tone(x, line.demands.least_dial_energy)) {
        return skim_any(x, dial_period, 0, loud_run, line, next);
    }
    if (is_to_be_screened(look.loud, look.may_hold_tones)) {
        return screen_frame(x, look.energies, look.may_hold_tones, look.loud, loud_run, line, next);
    }
    return skim_whole_frame(x, look.loud, loud_run, line);
}

} // namespace keytone::simd
