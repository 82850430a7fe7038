// SPDX-License-Identifier: MIT
//
// Compiled once for each instruction set, KEYTONE_SIMD_SET being its name.
#include "dsp/simd/detector_kernels.hpp"

#include "dsp/simd/bank.hpp"
#include "dsp/simd/fit.hpp"
#include "dsp/simd/tables.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>

namespace keytone::simd {

namespace {

KEYTONE_INLINE float total_of(Int4 x) {
    // Forty products, divided by 32, stay inside 32 bits.
    const Int4 halves = x + __builtin_shufflevector(x, x, 2, 3, 0, 1);
    return static_cast<float>(halves[0] + halves[1]);
}

// In steps of 32, as the square of -32768, twice, does not fit beside a sign.
KEYTONE_INLINE Int4 energy_in_steps(const std::int16_t* x) {
    const auto squares = [&](std::ptrdiff_t n) {
        const auto samples = load<Short16>(x + n);
        return reinterpret_cast<Phase8>(pair_products(samples, samples)) >> 5;
    };
    const auto last = load<Short8>(x + 32);
    const Unsigned4 last_squares = reinterpret_cast<Unsigned4>(pair_products(last, last)) >> 5;
    return halves_added(reinterpret_cast<Int8>(squares(0) + squares(16))) +
           reinterpret_cast<Int4>(last_squares);
}

KEYTONE_INLINE float energy_of(const std::int16_t* x) {
    return 32.0F * total_of(energy_in_steps(x));
}

// The sums by which a sub-block is dismissed early, in steps of 32.
struct QuickSums {
    std::int32_t energy;
    std::int32_t lag3; // sum of x[n] x[n+3], n from 0 to 31
};
KEYTONE_INLINE QuickSums quick_sums(const std::int16_t* x) {
    const auto products = [&](std::ptrdiff_t n) {
        return pair_products(load<Short16>(x + n), load<Short16>(x + n + 3)) >> 5;
    };
    const Int4 energy = energy_in_steps(x);
    const Int4 lag3 = halves_added(products(0) + products(16));
    const Int4 both =
        __builtin_shufflevector(energy, lag3, 0, 1, 4, 5) + __builtin_shufflevector(energy, lag3, 2, 3, 6, 7);
    const Int4 total = both + __builtin_shufflevector(both, both, 1, 0, 3, 2);
    return {total[0], total[2]};
}

template <int lag>
KEYTONE_INLINE float lag_product(const std::int16_t* x) {
    const auto products = [&](std::ptrdiff_t n) {
        return pair_products(load<Short16>(x + n), load<Short16>(x + n + lag)) >> 5;
    };
    Int4 total = halves_added(products(0) + products(16));
    // After the last sample there are zeros.
    const auto last = load<Short8>(x + block_size - 8);
    const Short8 later = lag == 1 ? __builtin_shufflevector(last, Short8{}, 1, 2, 3, 4, 5, 6, 7, 8)
                                  : __builtin_shufflevector(last, Short8{}, 2, 3, 4, 5, 6, 7, 8, 9);
    total += pair_products(last, later) >> 5;
    return 32.0F * total_of(total);
}

float energy(const std::int16_t* x) {
    return energy_of(x);
}

float lag1_product(const std::int16_t* x) {
    return lag_product<1>(x);
}

float lag2_product(const std::int16_t* x) {
    return lag_product<2>(x);
}

void bank(const std::int16_t* x, BankSums& sums) {
    run_bank(x, sums);
}

// Half a turn before or after a sample, a tone has the opposite sign: x[n] + x[n+20] + 2 x[n+10] vanishes at
// 400 Hz, and almost so from 350 to 460 Hz, for each tone by itself, so that a beat of two does not matter.
// Computed for sixteen n.
KEYTONE_INLINE bool may_be_dial_tone(const std::int16_t* x, float least_energy) {
    // 2 cos(10 w) is -1.85 to -2 for dial tones; -1.875 does for all, and is a sum of powers of two.
    constexpr float factor = -1.875F;
    constexpr float noise_gain = 2.0F + factor * factor; // of white noise
    constexpr float most_noise_share = 0.05F;
    constexpr float sub_blocks_seen = 16.0F / block_size;
    const auto before = load<Short16>(x);
    const auto middle = load<Short16>(x + 10);
    const auto behind = load<Short16>(x + 20);
    // A fourth of it, which fits 16 bits.
    const Short16 misfit = (before >> 2) + (behind >> 2) + (middle >> 1) - (middle >> 5);
    const Int8 misfits = pair_products(misfit, misfit) >> 5;
    const auto squares = [](Short16 samples) {
        return reinterpret_cast<Phase8>(pair_products(samples, samples));
    };
    const Phase8 sum = (squares(middle) >> 6) + (squares(before) >> 7) + (squares(behind) >> 7);
    const float energy = 32.0F * total_of(halves_added(reinterpret_cast<Int8>(sum)));
    return (energy >= sub_blocks_seen * least_energy) &
           (16.0F * 32.0F * total_of(halves_added(misfits)) <= most_noise_share * noise_gain * energy);
}

void follow_dial_tone(const std::int16_t* x, bool is_loud, float least_energy, std::uint8_t& alike) {
    alike = static_cast<std::uint8_t>(is_loud && may_be_dial_tone(x, least_energy) ? alike + 1 : 0);
}

// The bank's part of the screen.
KEYTONE_INLINE void screen_tones(const std::int16_t* x, const ScreenDemands& demands, Screened& seen,
                                 BankSums& sums) {
    // In white noise, the sum of products of neighbouring samples of a sub-block is at most this share of its
    // energy; for the tones of a group it is about the following shares of theirs.
    constexpr float max_white_lag1 = 0.55F;
    constexpr float low_lag1 = 0.78F;
    constexpr float high_lag1 = 0.43F;
    run_bank(x, sums);
    const Float8 re = to_float(load<Int8>(sums.re));
    const Float8 im = to_float(load<Int8>(sums.im));
    const Float8 norm = re * re + im * im;
    const Float8 pairwise = max(norm, __builtin_shufflevector(norm, norm, 2, 3, 0, 1, 6, 7, 4, 5));
    const Float8 strongest =
        max(pairwise, __builtin_shufflevector(pairwise, pairwise, 1, 0, 3, 2, 5, 4, 7, 6));
    constexpr float energy_of_norm = 2.0F / block_size / (bank_scale * bank_scale);
    seen.low = energy_of_norm * strongest[0];
    seen.high = energy_of_norm * strongest[4];
    const float tones = seen.low + seen.high;
    const float weaker = seen.low < seen.high ? seen.low : seen.high;
    const float stronger = seen.low < seen.high ? seen.high : seen.low;
    const float residual_lag1 = seen.lag1 - low_lag1 * seen.low - high_lag1 * seen.high;
    const float magnitude = residual_lag1 < 0.0F ? -residual_lag1 : residual_lag1;
    // Without branches: speech would make the processor mispredict each of them.
    const bool may_be_tones = (tones >= ScreenDemands::min_tone_share * seen.energy) &
                              (stronger <= demands.max_power_ratio * weaker) &
                              (weaker >= demands.least_tone_energy);
    const bool is_clean = (tones >= ScreenDemands::min_tone_share_in_coloured_noise * seen.energy) |
                          (magnitude <= max_white_lag1 * (seen.energy - tones));
    seen.passes = may_be_tones & is_clean;
}

Screened screen(const std::int16_t* x, const ScreenDemands& demands, BankSums& sums) {
    Screened seen{0.0F, 0.0F, energy_of(x), 0.0F, false};
    if (seen.energy >= demands.least_energy) {
        seen.lag1 = lag_product<1>(x);
        screen_tones(x, demands, seen, sums);
    } else {
        sums = {};
    }
    return seen;
}

Skimmed skim(const std::int16_t* x, std::size_t sub_blocks, unsigned index, const ScreenDemands& demands,
             std::uint8_t loud_run, BankSums& sums, std::int16_t* place) {
    const auto keep = [&](std::size_t taken, std::uint8_t run) {
        if (run > 0 && taken > before_last) {
            constexpr int size = before_last * block_size;
            const std::int16_t* const from = x + (taken - 1) * block_size - size;
            for (int n = 0; n + 16 <= size; n += 16) {
                store(load<Short16>(from + n), place + n);
            }
            store(load<Short8>(from + size - 8), place + size - 8);
        }
    };
    // Where tones of both groups hold 30 % of the energy, or 45 % over coloured noise, the products of
    // samples 3 apart, about a quarter turn of the low group, sum up to at most 3/8 of the energy. In three
    // of five loud sub-blocks of speech, they sum up to more.
    const auto may_hold_tones = [](const QuickSums& quick) {
        return quick.lag3 <= (quick.energy >> 2) + (quick.energy >> 3);
    };
    for (std::size_t i = index % 2; i < sub_blocks; i += 2) {
        const std::int16_t* const heard = x + i * block_size;
        const std::uint8_t run_before = loud_run;
        const QuickSums quick = quick_sums(heard);
        const bool is_loud = 32.0F * static_cast<float>(quick.energy) >= demands.least_energy;
        loud_run = static_cast<std::uint8_t>(is_loud ? loud_run + (loud_run < most_loud_run) : 0);
        Screened seen{};
        if (is_loud & may_hold_tones(quick)) {
            seen.energy = 32.0F * static_cast<float>(quick.energy);
            seen.lag1 = lag_product<1>(heard);
            BankSums own;
            screen_tones(heard, demands, seen, own);
            if (seen.passes) {
                sums = own;
            }
        }
        const bool is_dial_tone =
            (index + i) % dial_period == 0 && is_loud && may_be_dial_tone(heard, demands.least_dial_energy);
        if (seen.passes | is_dial_tone) {
            keep(i, run_before);
            return {i, run_before, seen};
        }
    }
    keep(sub_blocks, loud_run);
    return {sub_blocks, loud_run, {}};
}

// Two of the bank's filters: the low and the high one's real parts, and then their imaginary parts.
KEYTONE_INLINE Float4 run_two_filters(const std::int16_t* x, const int* filter) {
    const Folded folded = fold(x);
    Int8 sums[2]{};
    for (int v = 0; v < FilterTable::vectors; ++v) {
        const Short16 both = __builtin_shufflevector(folded.half_sum[v], folded.half_difference[v], 0, 1, 2,
                                                     3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        for (int k = 0; k < 2; ++k) {
            sums[k] += pair_products(both, load<Short16>(filter_table.filter[filter[k]][v][0]));
        }
    }
    const Int8 pairs = __builtin_shufflevector(sums[0], sums[1], 0, 8, 4, 12, 1, 9, 5, 13) +
                       __builtin_shufflevector(sums[0], sums[1], 2, 10, 6, 14, 3, 11, 7, 15);
    return __builtin_convertvector(halves_added(pairs), Float4);
}

// Both tones, one after the other in all lanes.
KEYTONE_INLINE Float4 both_tones(const float* of) {
    return Float4{of[0], of[1], of[0], of[1]};
}
KEYTONE_INLINE void store_tones(Float4 x, float* to) {
    to[0] = x[0];
    to[1] = x[1];
}

int follow(const std::int16_t* x, int sub_blocks, unsigned index, const ScreenDemands& demands,
           const int* filter, FollowedTones& tones, FollowedSubBlock* found) {
    constexpr float energy_of_norm = 2.0F / block_size / (bank_scale * bank_scale);
    const Float4 turn_re = both_tones(tones.turn_re);
    const Float4 turn_im = both_tones(tones.turn_im);
    const Float4 least = both_tones(tones.least_energy);
    Float4 full = both_tones(tones.full_energy);
    Float4 re = both_tones(tones.phasor_re);
    Float4 im = both_tones(tones.phasor_im);
    for (int i = static_cast<int>(-index % dial_period); i < sub_blocks; i += static_cast<int>(dial_period)) {
        sub_blocks =
            may_be_dial_tone(x + static_cast<std::ptrdiff_t>(i) * block_size, demands.least_dial_energy)
                ? i
                : sub_blocks;
    }
    int taken = 0;
    for (; taken < sub_blocks; ++taken, x += block_size) {
        const float energy = energy_of(x);
        const Float4 parts = run_two_filters(x, filter);
        const Float4 now_im = __builtin_shufflevector(parts, parts, 2, 3, 2, 3);
        const Float4 now_re = __builtin_shufflevector(parts, parts, 0, 1, 0, 1);
        const Float4 held = energy_of_norm * (now_re * now_re + now_im * now_im);
        const float low = held[0];
        const float high = held[1];
        const float weaker = low < high ? low : high;
        const float stronger = low < high ? high : low;
        const Int4 passes = Float4{energy, low + high, demands.max_power_ratio * weaker, weaker} >=
                            Float4{demands.least_energy, FollowedTones::all_but * energy, stronger,
                                   demands.least_tone_energy};
        const float rest = energy - low - high;
        const float residual = rest > 0.0F ? rest : 0.0F;
        const float drowned =
            FollowedTones::drowning * (full[0] + full[1] + tones.noise * static_cast<float>(block_size));
        // Of each tone what noise would not explain, and its phase beside the one that was due.
        const Float4 own = held - 2.0F / (block_size - 4) * residual;
        const Float4 share = own / full;
        const Float4 due_re = re * turn_re - im * turn_im;
        const Float4 due_im = re * turn_im + im * turn_re;
        const Float4 along = energy_of_norm * (now_re * due_re + now_im * due_im);
        const Float4 most = held * energy_of_norm * (re * re + im * im);
        const Int4 goes_on = (own >= least) & (share >= FollowedSubBlock::least_share) &
                             (along * (along < 0.0F ? -along : along) >= FollowedTones::same_phase * most);
        const float least_share = share[0] < share[1] ? share[0] : share[1];
        const Int4 is_key = Float4{drowned, FollowedTones::louder_share, 0.0F, 0.0F} >=
                            Float4{residual, least_share, 0.0F, 0.0F};
        // All of it is tested at once, as each test by itself would be mispredicted.
        const Int4 holds = passes & is_key & __builtin_shufflevector(goes_on, goes_on, 0, 1, 0, 1);
        const Int4 pairs = holds & __builtin_shufflevector(holds, holds, 2, 3, 0, 1);
        if ((pairs[0] & pairs[1]) == 0) {
            break;
        }
        found[taken] = {low, high, energy, {share[0], share[1]}};
        const Float4 counted =
            share < FollowedTones::most_share ? share : Float4{} + FollowedTones::most_share;
        const float mean = 0.5F * (counted[0] + counted[1]);
        full *= 1.0F + FollowedTones::follows_level * (mean - 1.0F);
        const float both = full[0] + full[1];
        tones.most_energy = tones.most_energy < both ? both : tones.most_energy;
        re = now_re;
        im = now_im;
    }
    store_tones(full, tones.full_energy);
    store_tones(re, tones.phasor_re);
    store_tones(im, tones.phasor_im);
    return taken;
}

void put(BankSeries& series, int age, const BankSums& sums) {
    constexpr float unscale = 1.0F / bank_scale;
    const Float8 re = unscale * to_float(load<Int8>(sums.re));
    const Float8 im = unscale * to_float(load<Int8>(sums.im));
    const auto turn_re = load<Float8>(bank_turns.re[age]);
    const auto turn_im = load<Float8>(bank_turns.im[age]);
    store(re * turn_re - im * turn_im, series.re[age]);
    store(re * turn_im + im * turn_re, series.im[age]);
}

// Whether each filter's line is near a key's frequency; `advance` is its phase advance over a sub-block, in
// radians, beyond the filter's own.
KEYTONE_INLINE Int8 is_near_a_key(Float8 advance) {
    constexpr float farthest = 0.05F;
    constexpr float hertz_of_radian = 31.8309886F; // 200 sub-blocks a second, over 2 pi
    const Float8 hertz = load<Float8>(bank_frequencies.filter) + hertz_of_radian * advance;
    Int8 is_near{};
    for (const auto& group : bank_frequencies.group) {
        const auto key = load<Float8>(group);
        is_near |= absolute(hertz - key) <= farthest * key;
    }
    return is_near;
}

void find_lines(const BankSeries& series, FilterLines& lines) {
    Float8 advance_re{};
    Float8 advance_im{};
    for (int age = 1; age < series.size; ++age) {
        const auto re = load<Float8>(series.re[age]);
        const auto im = load<Float8>(series.im[age]);
        const auto before_re = load<Float8>(series.re[age - 1]);
        const auto before_im = load<Float8>(series.im[age - 1]);
        advance_re += re * before_re + im * before_im;
        advance_im += im * before_re - re * before_im;
    }
    const Float8 length = max(root(advance_re * advance_re + advance_im * advance_im), all(1e-30F));
    const Float8 turn_re = advance_re / length;
    const Float8 turn_im = -advance_im / length;
    Float8 sum_re{};
    Float8 sum_im{};
    for (int age = series.size - 1; age >= 0; --age) {
        const Float8 re = sum_re * turn_re - sum_im * turn_im + load<Float8>(series.re[age]);
        sum_im = sum_re * turn_im + sum_im * turn_re + load<Float8>(series.im[age]);
        sum_re = re;
    }
    const Float8 advance = angle(advance_im, advance_re);
    store(is_near_a_key(advance) ? sum_re * sum_re + sum_im * sum_im : all(-1.0F), lines.power);
    store(advance, lines.advance);
}

// Sum of exp(j theta (n - 19.5)) over a sub-block; `half` is theta / 2.
KEYTONE_INLINE Float8 window(Phase8 half) {
    const Float8 below = sine(half);
    const Float8 above = sine(half * static_cast<Phase>(block_size));
    return absolute(below) < 1e-6F ? all(block_size) : above / below;
}

void take_tone_out(BankSeries& series, Phase half_step, int filter) {
    const auto filter_steps = load<Phase8>(bank_half_steps.filter);
    const Float8 direct = window(half_step - filter_steps);
    const Float8 image = window(-half_step - filter_steps);
    const Float8 cosines = (direct + image) / direct[filter];
    const Float8 sines = (direct - image) / direct[filter];
    for (int age = 0; age < series.size; ++age) {
        // Each filter's outputs were turned by the phase of its own frequency: turned back, and afterwards
        // turned again.
        const auto turn_re = load<Float8>(bank_turns.re[age]);
        const auto turn_im = load<Float8>(bank_turns.im[age]);
        const float heard_re =
            series.re[age][filter] * turn_re[filter] + series.im[age][filter] * turn_im[filter];
        const float heard_im =
            series.im[age][filter] * turn_re[filter] - series.re[age][filter] * turn_im[filter];
        const Float8 re = heard_re * cosines;
        const Float8 im = heard_im * sines;
        store(load<Float8>(series.re[age]) - (re * turn_re - im * turn_im), series.re[age]);
        store(load<Float8>(series.im[age]) - (re * turn_im + im * turn_re), series.im[age]);
    }
}

// Adds the lanes, in another fixed order than sum().
KEYTONE_INLINE float lanes_added(Float8 x) {
    const Float8 halves = x + __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3);
    return (halves[0] + halves[1]) + (halves[2] + halves[3]);
}

void recurrence(const std::int16_t* x, std::size_t count, std::size_t lag, RecurrenceSums& sums) {
    Float8 yy{};
    Float8 sy{};
    Float8 ss{};
    Float8 ty{};
    Float8 ts{};
    Float8 tt{};
    const auto add = [&](const std::int16_t* first, const std::int16_t* second, const std::int16_t* middle,
                         const std::int16_t* fourth, const std::int16_t* last) {
        const Float8 y = samples(middle);
        const Float8 s = samples(second) + samples(fourth);
        const Float8 t = samples(first) + samples(last);
        yy += y * y;
        sy += s * y;
        ss += s * s;
        ty += t * y;
        ts += t * s;
        tt += t * t;
    };
    for (; count >= 8; count -= 8, x += 8) {
        add(x, x + lag, x + 2 * lag, x + 3 * lag, x + 4 * lag);
    }
    if (count > 0) {
        std::int16_t rest[5][8]{};
        for (std::size_t n = 0; n < count; ++n) {
            for (std::size_t tap = 0; tap < 5; ++tap) {
                rest[tap][n] = x[n + tap * lag];
            }
        }
        add(rest[0], rest[1], rest[2], rest[3], rest[4]);
    }
    sums = {lanes_added(yy), lanes_added(sy), lanes_added(ss),
            lanes_added(ty), lanes_added(ts), lanes_added(tt)};
}

// How many bits samples have, without their sign: the last 4 `lag` of the history, and all others.
KEYTONE_INLINE int bits_of(const std::int16_t* history, const std::int16_t* x, std::size_t count,
                           std::size_t lag) {
    Short16 least = Short16{} - 1; // of which no bit is seen
    Short16 greatest{};
    const auto see = [&](const std::int16_t* from) {
        const auto now = load<Short16>(from);
        least = now < least ? now : least;
        greatest = max(greatest, now);
    };
    see(history + rough_history - 4 * lag);
    see(history + rough_history - 16);
    for (std::size_t n = 0; n + 16 < count; n += 16) {
        see(x + n);
    }
    see(x + count - 16); // some of them once more
    return 32 - __builtin_clz(static_cast<std::uint32_t>(greatest_lane(max(greatest, ~least))) | 1U);
}

// Integers hold the products of 256 samples of eleven bits, their sign included: the square of the sum of two
// samples fits 22 bits.
constexpr int kept_bits = 10;

// The sums of both recurrences, by lanes.
struct OneToneLanes {
    Int8 yy{};
    Int8 sy{};
    Int8 ss{};
};
struct TwoToneLanes {
    Int8 yy{};
    Int8 sy{};
    Int8 ss{};
    Int8 ty{};
    Int8 ts{};
    Int8 tt{};
};

KEYTONE_INLINE void add_sums(Short16 s, Short16 y, OneToneLanes& sums) {
    sums.yy += pair_products(y, y);
    sums.sy += pair_products(s, y);
    sums.ss += pair_products(s, s);
}
KEYTONE_INLINE void add_sums(Short16 t, Short16 s, Short16 y, TwoToneLanes& sums) {
    sums.yy += pair_products(y, y);
    sums.sy += pair_products(s, y);
    sums.ss += pair_products(s, s);
    sums.ty += pair_products(t, y);
    sums.ts += pair_products(t, s);
    sums.tt += pair_products(t, t);
}

KEYTONE_INLINE void add_rough_recurrences(const std::int16_t* history, const std::int16_t* x,
                                          std::size_t count, std::size_t lag, OneToneSums& by_one,
                                          RecurrenceSums& by_lag) {
    const int bits = bits_of(history, x, count, lag);
    const int shift = bits > kept_bits ? bits - kept_bits : 0;
    std::int16_t kept[rough_history + most_rough + 16];
    const auto keep = [&](const std::int16_t* from, std::size_t place) {
        store(load<Short16>(from) >> shift, kept + place);
    };
    keep(history, 0);
    keep(history + 16, 16);
    for (std::size_t n = 0; n + 16 < count; n += 16) {
        keep(x + n, rough_history + n);
    }
    keep(x + count - 16, rough_history + count - 16);
    store(Short16{}, kept + rough_history + count);

    const std::int16_t* const first = kept + rough_history - 4 * lag; // of the taps at the long lag
    const std::int16_t* const near = kept + rough_history - 3;        // of those at a lag of 1
    const std::size_t rest = count % 16;
    const auto tap = [](const std::int16_t* from) { return load<Short16>(from); };
    TwoToneLanes two;
    OneToneLanes one;
    std::size_t n = 0;
    for (; n + 16 <= count; n += 16) {
        const std::int16_t* const at = first + n;
        add_sums(tap(at) + tap(at + 4 * lag), tap(at + lag) + tap(at + 3 * lag), tap(at + 2 * lag), two);
    }
    for (n = 0; n + 16 <= count; n += 16) {
        add_sums(tap(near + n) + tap(near + n + 2), tap(near + n + 1), one);
    }
    if (rest > 0) {
        constexpr std::int16_t masks[32]{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
        const Short16 mask = tap(masks + 16 - rest);
        const std::int16_t* const at = first + n;
        add_sums((tap(at) + tap(at + 4 * lag)) & mask, (tap(at + lag) + tap(at + 3 * lag)) & mask,
                 tap(at + 2 * lag) & mask, two);
        add_sums((tap(near + n) + tap(near + n + 2)) & mask, tap(near + n + 1) & mask, one);
    }

    const auto scale = static_cast<float>(1U << (2 * shift));
    const auto scaled = [&](Int4 sums) { return scale * __builtin_convertvector(sums, Float4); };
    const Float4 begin = scaled(lane_sums(two.yy, two.sy, two.ss, two.ty));
    const Float4 middle = scaled(lane_sums(two.ts, two.tt, one.yy, one.sy));
    const Float4 end = scaled(lane_sums(one.ss, one.ss, one.ss, one.ss));
    by_lag = {begin[0], begin[1], begin[2], begin[3], middle[0], middle[1]};
    by_one = {middle[2], middle[3], end[0]};
}

void rough_recurrences(const std::int16_t* history, const std::int16_t* x, std::size_t count, std::size_t lag,
                       OneToneSums& by_one, RecurrenceSums& by_lag) {
    // A frame of 10 ms at 8 kHz: without any loop.
    if (count == 80 && lag == 5) {
        add_rough_recurrences(history, x, 80, 5, by_one, by_lag);
    } else {
        add_rough_recurrences(history, x, count, lag, by_one, by_lag);
    }
}

KEYTONE_INLINE std::int64_t sum_squares(const std::int16_t* x, std::size_t count) {
    Wide4 sums{};
    const auto add_widened = [&sums](Phase8 pairs) {
        const auto both = reinterpret_cast<Wide4>(pairs);
        sums += (both & 0xffff'ffffU) + (both >> 32);
    };
    // Two squares of -32768 fit without a sign, and so do seven pairs of 14 bits.
    constexpr std::size_t at_once = std::size_t{7} * 16;
    const auto pairs = [](const std::int16_t* from) {
        const auto now = load<Short16>(from);
        return reinterpret_cast<Phase8>(pair_products(now, now));
    };
    while (count >= 16) {
        const std::size_t whole = count < at_once ? count / 16 * 16 : at_once;
        Phase8 sum{};
        Phase8 seen{};
        for (std::size_t n = 0; n < whole; n += 16) {
            const Phase8 squares = pairs(x + n);
            sum += squares;
            seen |= squares;
        }
        if (!any(seen >> 29)) {
            add_widened(sum);
        } else {
            for (std::size_t n = 0; n < whole; n += 16) {
                add_widened(pairs(x + n));
            }
        }
        x += whole;
        count -= whole;
    }
    if (count > 0) {
        std::int16_t rest[16]{};
        for (std::size_t n = 0; n < count; ++n) {
            rest[n] = x[n];
        }
        add_widened(pairs(rest));
    }
    return static_cast<std::int64_t>((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

std::int64_t square_sum(const std::int16_t* x, std::size_t count) {
    return count == 80 ? sum_squares(x, 80) : sum_squares(x, count);
}

} // namespace

extern const Kernels KEYTONE_SIMD_SET;
const Kernels KEYTONE_SIMD_SET{bank,
                               screen,
                               follow_dial_tone,
                               skim,
                               follow,
                               energy,
                               lag1_product,
                               lag2_product,
                               put,
                               find_lines,
                               take_tone_out,
                               make_basis,
                               project,
                               products,
                               spread,
                               fit_round,
                               sum_left_over,
                               take_off,
                               weigh,
                               find_stop,
                               recurrence,
                               rough_recurrences,
                               square_sum};

} // namespace keytone::simd
