// SPDX-License-Identifier: MIT
//
// Compiled once for each instruction set, KEYTONE_SIMD_SET being its name.
#include "dsp/simd/detector_kernels.hpp"

#include "dsp/simd/bank.hpp"
#include "dsp/simd/tables.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>

namespace keytone::simd {

namespace {

constexpr int vectors = block_size / 8;

KEYTONE_INLINE float total_of(Int4 x) {
    // Forty products, divided by 32, stay inside 32 bits.
    const Int4 halves = x + __builtin_shufflevector(x, x, 2, 3, 0, 1);
    return static_cast<float>(halves[0] + halves[1]);
}

KEYTONE_INLINE Int4 halves_added(Int8 x) {
    return __builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7);
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

void make_basis(const Phase* half_steps, TonePairBasis& basis) {
    for (int k = 0; k < 2; ++k) {
        for (std::ptrdiff_t v = 0; v < vectors; ++v) {
            constexpr Int8 places{-39, -37, -35, -33, -31, -29, -27, -25};
            const Phase8 phase =
                reinterpret_cast<Phase8>(places + static_cast<std::int32_t>(16 * v)) * half_steps[k];
            store(cosine(phase), basis.cos[k] + 8 * v);
            store(sine(phase), basis.sin[k] + 8 * v);
        }
    }
}

void project(const TonePairBasis& basis, const std::int16_t* x, TonePairParts& sums) {
    Float8 cos[2]{};
    Float8 sin[2]{};
    for (std::ptrdiff_t v = 0; v < vectors; ++v) {
        const Float8 sample = samples(x + 8 * v);
        for (int k = 0; k < 2; ++k) {
            cos[k] += sample * load<Float8>(basis.cos[k] + 8 * v);
            sin[k] += sample * load<Float8>(basis.sin[k] + 8 * v);
        }
    }
    for (int k = 0; k < 2; ++k) {
        sums.cos[k] = sum(cos[k]);
        sums.sin[k] = sum(sin[k]);
    }
}

TakenOff take_off(const TonePairBasis& basis, const TonePairParts& tones, const std::int16_t* x,
                  float* left) {
    TakenOff taken;
    Float8 squares{};
    for (std::ptrdiff_t v = 0; v < vectors; ++v) {
        const Float8 both = tones.cos[0] * load<Float8>(basis.cos[0] + 8 * v) +
                            tones.sin[0] * load<Float8>(basis.sin[0] + 8 * v) +
                            (tones.cos[1] * load<Float8>(basis.cos[1] + 8 * v) +
                             tones.sin[1] * load<Float8>(basis.sin[1] + 8 * v));
        const Float8 sample = samples(x + 8 * v);
        squares += both * both;
        taken.evidence[v] = sum(both * (sample + sample - both));
        store(sample - both, left + 8 * v);
    }
    taken.tones = sum(squares);
    return taken;
}

// The sum of cos(w (n - 19.5)) over a sub-block is sin(20 w) / sin(w / 2).
void products(const Phase* half_steps, TonePairProducts& products) {
    const Phase half[4] = {half_steps[0] - half_steps[1], half_steps[0] + half_steps[1], 2 * half_steps[0],
                           2 * half_steps[1]};
    const Phase8 angles{half[0],
                        half[1],
                        half[2],
                        half[3],
                        half[0] * block_size,
                        half[1] * block_size,
                        half[2] * block_size,
                        half[3] * block_size};
    const Float8 sines = sine(angles);
    float cosines[4];
    for (int i = 0; i < 4; ++i) {
        const float below = sines[i];
        cosines[i] = below < 1e-6F && below > -1e-6F ? float{block_size} : sines[4 + i] / below;
    }
    products.cross_cos = 0.5F * (cosines[0] + cosines[1]);
    products.cross_sin = 0.5F * (cosines[0] - cosines[1]);
    for (int k = 0; k < 2; ++k) {
        products.own_cos[k] = 0.5F * (block_size + cosines[2 + k]);
        products.own_sin[k] = 0.5F * (block_size - cosines[2 + k]);
    }
}

struct Phasors {
    Float8 re;
    Float8 im;
};
KEYTONE_INLINE Phasors times(const Phasors& a, const Phasors& b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
KEYTONE_INLINE Phasors unit(Phase8 phase) {
    return {cosine(phase), sine(phase)};
}
// Phase of an angle in radians, at most half a turn.
KEYTONE_INLINE Phase8 phase_of(Float8 radians) {
    constexpr float turns_of_radian = 0.159154943F;
    return reinterpret_cast<Phase8>(
        __builtin_convertvector(radians * turns_of_radian * 0x1.fffffep31F, Int8));
}

void spread(float re, float im, Phase start, Phase step, PhasorSeries& series) {
    const Phasors all_of_them =
        times({all(re), all(im)}, unit(Phase8{0, 1, 2, 3, 4, 5, 6, 7} * step + start));
    store(all_of_them.re, series.re);
    store(all_of_them.im, series.im);
}

// The mean advance from one sub-block to the next gives a close estimate of the step; one Newton step towards
// the greatest sum does the rest.
void find_turning(const PhasorSeries& series, const SeriesPlaces& places, Phase step, Turning& turning) {
    const auto place = load<Int8>(places.place);
    const auto weight = load<Float8>(places.weight);
    Phasors z = times({load<Float8>(series.re), load<Float8>(series.im)},
                      unit(reinterpret_cast<Phase8>(-place) * step));
    z = {z.re * weight, z.im * weight};
    const Phasors later{__builtin_shufflevector(z.re, z.re, 1, 2, 3, 4, 5, 6, 7, 7),
                        __builtin_shufflevector(z.im, z.im, 1, 2, 3, 4, 5, 6, 7, 7)};
    const Float8 adjacent =
        __builtin_shufflevector(place, place, 1, 2, 3, 4, 5, 6, 7, 7) == place + 1 ? all(1.0F) : Float8{};
    const Phasors advance{adjacent * (later.re * z.re + later.im * z.im),
                          adjacent * (later.im * z.re - later.re * z.im)};
    const Float8 first = angle(all(sum(advance.im)), all(sum(advance.re)));
    z = times(z, unit(reinterpret_cast<Phase8>(-place) * phase_of(first)));

    const float size = sum(weight);
    const Float8 places_in_float = to_float(place);
    const Float8 from_middle =
        places_in_float - all(size > 0.0F ? sum(places_in_float * weight) / size : 0.0F);
    const float square = sum(from_middle * from_middle * weight);
    const float re = sum(z.re);
    const float im = sum(z.im);
    const float power = re * re + im * im;
    const float quadrature = re * sum(from_middle * z.im) - im * sum(from_middle * z.re);
    const Float8 more = all(power > 0.0F && square > 0.0F ? quadrature / power * size / square : 0.0F);
    // The small remaining turn, limited to half a turn.
    const Float8 turned = more * places_in_float;
    const Float8 limited = turned > 3.0F ? all(3.0F) : (turned < -3.0F ? all(-3.0F) : turned);
    z = times(z, unit(-phase_of(limited)));
    turning.step = first[0] + more[0];
    turning.re = size > 0.0F ? sum(z.re) / size : 0.0F;
    turning.im = size > 0.0F ? sum(z.im) / size : 0.0F;
    const float tone = turning.re * turning.re + turning.im * turning.im;
    const Float8 off = (z.re * turning.re + z.im * turning.im) / (tone > 0.0F ? tone : 1.0F) - weight;
    turning.wavering = sum(off * off) * tone;
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
    std::int16_t rest[5][8]{};
    for (std::size_t n = 0; n < count; ++n) {
        for (std::size_t tap = 0; tap < 5; ++tap) {
            rest[tap][n] = x[n + tap * lag];
        }
    }
    add(rest[0], rest[1], rest[2], rest[3], rest[4]);
    sums = {lanes_added(yy), lanes_added(sy), lanes_added(ss),
            lanes_added(ty), lanes_added(ts), lanes_added(tt)};
}

void sum_residual(const float* left, ResidualSums& sums) {
    Float8 square{};
    Float8 lag1{};
    Float8 lag2{};
    Float8 mean{};
    Float8 hum_cos{};
    Float8 hum_sin{};
    for (std::ptrdiff_t v = 0; v < vectors; ++v) {
        const auto now = load<Float8>(left + 8 * v);
        square += now * now;
        lag1 += now * load<Float8>(left + 8 * v - 1);
        lag2 += now * load<Float8>(left + 8 * v - 2);
        mean += now;
        hum_cos += now * load<Float8>(hum_table.cos + 8 * v);
        hum_sin += now * load<Float8>(hum_table.sin + 8 * v);
    }
    sums = {sum(square), sum(lag1), sum(lag2), sum(mean), sum(hum_cos), sum(hum_sin)};
}

} // namespace

extern const Kernels KEYTONE_SIMD_SET;
const Kernels KEYTONE_SIMD_SET{
    bank,         screen, follow_dial_tone, skim,          energy,     lag1_product,
    lag2_product, put,    find_lines,       take_tone_out, make_basis, project,
    products,     spread, find_turning,     take_off,      recurrence, sum_residual};

} // namespace keytone::simd
