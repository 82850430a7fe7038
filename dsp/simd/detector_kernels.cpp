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

template <class Vector>
KEYTONE_INLINE auto halves_added(Vector x) {
    return __builtin_shufflevector(x, x, 0, 1, 2, 3) + __builtin_shufflevector(x, x, 4, 5, 6, 7);
}

// The four vectors' sums.
template <class Vector>
KEYTONE_INLINE auto sums_of(Vector a, Vector b, Vector c, Vector d) {
    const auto pairs = [](auto x, auto y) {
        return __builtin_shufflevector(x, y, 0, 4, 1, 5) + __builtin_shufflevector(x, y, 2, 6, 3, 7);
    };
    const auto first = pairs(halves_added(a), halves_added(b));
    const auto last = pairs(halves_added(c), halves_added(d));
    return __builtin_shufflevector(first, last, 0, 1, 4, 5) +
           __builtin_shufflevector(first, last, 2, 3, 6, 7);
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

// Both phases, one after the other in all lanes.
KEYTONE_INLINE Phase8 both_phases(const Phase* phases) {
    std::uint64_t both = 0;
    __builtin_memcpy(&both, phases, sizeof both);
    return reinterpret_cast<Phase8>(Wide4{} + both);
}

// The middle eight samples of both tones are computed; the others follow by turning these on and back by
// eight samples and by sixteen.
void make_basis(const Phase* half_steps, TonePairBasis& basis) {
    const Phase8 both = both_phases(half_steps);
    const Phase8 halves = __builtin_shufflevector(both, both, 0, 0, 0, 0, 1, 1, 1, 1);
    const Phase8 phases = halves * Phase8{1, 3, 5, 7, 1, 3, 5, 7};
    const Float8 c = cosine(phases);
    const Float8 s = sine(phases);
    const Float8 minus_s = -s;
    const Float8 middle_cos[2]{__builtin_shufflevector(c, c, 3, 2, 1, 0, 0, 1, 2, 3),
                               __builtin_shufflevector(c, c, 7, 6, 5, 4, 4, 5, 6, 7)};
    const Float8 middle_sin[2]{__builtin_shufflevector(minus_s, s, 3, 2, 1, 0, 8, 9, 10, 11),
                               __builtin_shufflevector(minus_s, s, 7, 6, 5, 4, 12, 13, 14, 15)};
    constexpr Phase quarter = 0x4000'0000U;
    const Float8 turns = sine(halves * Phase8{16, 32, 16, 32, 16, 32, 16, 32} +
                              Phase8{0, 0, quarter, quarter, 0, 0, quarter, quarter});
    constexpr std::ptrdiff_t middle = vectors / 2;
    for (std::ptrdiff_t k = 0; k < 2; ++k) {
        store(middle_cos[k], basis.cos[k] + 8 * middle);
        store(middle_sin[k], basis.sin[k] + 8 * middle);
        for (std::ptrdiff_t v = 1; v <= middle; ++v) {
            const float turn_sin = turns[4 * k + v - 1];
            const float turn_cos = turns[4 * k + v + 1];
            const Float8 cos_cos = middle_cos[k] * turn_cos;
            const Float8 sin_sin = middle_sin[k] * turn_sin;
            const Float8 sin_cos = middle_sin[k] * turn_cos;
            const Float8 cos_sin = middle_cos[k] * turn_sin;
            store(cos_cos - sin_sin, basis.cos[k] + 8 * (middle + v));
            store(sin_cos + cos_sin, basis.sin[k] + 8 * (middle + v));
            store(cos_cos + sin_sin, basis.cos[k] + 8 * (middle - v));
            store(sin_cos - cos_sin, basis.sin[k] + 8 * (middle - v));
        }
    }
}

// Of the low tone's cosine and sine, and the high tone's.
KEYTONE_INLINE Float4 projections(const TonePairBasis& basis, const std::int16_t* x) {
    Float8 cos[2]{};
    Float8 sin[2]{};
    for (std::ptrdiff_t v = 0; v < vectors; ++v) {
        const Float8 sample = samples(x + 8 * v);
        for (int k = 0; k < 2; ++k) {
            cos[k] += sample * load<Float8>(basis.cos[k] + 8 * v);
            sin[k] += sample * load<Float8>(basis.sin[k] + 8 * v);
        }
    }
    return sums_of(cos[0], sin[0], cos[1], sin[1]);
}

void project(const TonePairBasis& basis, const std::int16_t* x, TonePairParts& sums) {
    const Float4 found = projections(basis, x);
    sums = {{found[0], found[2]}, {found[1], found[3]}};
}

// Two tones in the sub-block at `place`, as the coefficients of their basis.
struct TonesAt {
    float cos[2];
    float sin[2];

    [[gnu::always_inline]] TonesAt(const TonePairSeries& tones, int place)
        : cos{tones.tone[0].re[place], tones.tone[1].re[place]},
          sin{-tones.tone[0].im[place], -tones.tone[1].im[place]} {}

    [[nodiscard, gnu::always_inline]] Float8 samples(const TonePairBasis& basis, std::ptrdiff_t n) const {
        return cos[0] * load<Float8>(basis.cos[0] + n) + sin[0] * load<Float8>(basis.sin[0] + n) +
               (cos[1] * load<Float8>(basis.cos[1] + n) + sin[1] * load<Float8>(basis.sin[1] + n));
    }
};

void take_off(const TonePairBasis& basis, const TonePairSeries& tones, int place, const std::int16_t* x,
              float* left) {
    const TonesAt at(tones, place);
    for (std::ptrdiff_t n = 0; n < block_size; n += 8) {
        store(samples(x + n) - at.samples(basis, n), left + n);
    }
}

void weigh(const TonePairBasis& basis, const TonePairSeries& tones, int place, const std::int16_t* x,
           float* evidence) {
    const TonesAt at(tones, place);
    Float8 says[groups];
    for (std::ptrdiff_t g = 0; g < groups; ++g) {
        const Float8 both = at.samples(basis, 8 * g);
        const Float8 sample = samples(x + 8 * g);
        says[g] = both * (sample + sample - both);
    }
    store(sums_of(says[0], says[1], says[2], says[3]), evidence);
    evidence[4] = sum(says[4]);
}

void sum_left_over(const TonePairBasis& basis, const TonePairSeries& tones, const PhasorSeries& hum,
                   const HeardSubBlocks& heard, LeftOverSums& sums) {
    Float8 tone_square{};
    Float8 square{};
    Float8 lag1{};
    Float8 lag2{};
    Float8 mean{};
    Float8 hum_cos{};
    Float8 hum_sin{};
    Float8 before{};
    for (int i = 0; i < heard.size; ++i) {
        const int place = heard.place[i];
        const TonesAt at(tones, place);
        Float8 cos{};
        Float8 sin{};
        for (std::ptrdiff_t n = 0; n < block_size; n += 8) {
            const Float8 both = at.samples(basis, n);
            const Float8 left = samples(heard.samples[i] + n) - both;
            tone_square += both * both;
            square += left * left;
            lag1 += left * __builtin_shufflevector(before, left, 7, 8, 9, 10, 11, 12, 13, 14);
            lag2 += left * __builtin_shufflevector(before, left, 6, 7, 8, 9, 10, 11, 12, 13);
            mean += left;
            cos += left * load<Float8>(hum_table.cos + n);
            sin += left * load<Float8>(hum_table.sin + n);
            before = left;
        }
        hum_cos += cos * hum.re[place] - sin * hum.im[place];
        hum_sin += cos * hum.im[place] + sin * hum.re[place];
    }
    const Float4 first = sums_of(tone_square, square, lag1, lag2);
    const Float4 last = sums_of(mean, hum_cos, hum_sin, mean);
    sums = {first[0], first[1], first[2], first[3], last[0], last[1], last[2]};
}

// In each lane the greatest sum so far, and the number of samples up to it. Sums run from lane to lane.
int find_stop(const TonePairBasis& basis, const TonePairSeries& tones, const HeardSubBlocks& heard,
              const StopEvidence& says) {
    const Float8 zero{};
    Float8 before{};
    Float8 most{};
    Int8 found{};
    for (int i = 0; i < heard.size; ++i) {
        const TonesAt at(tones, heard.place[i]);
        Int8 count = Int8{1, 2, 3, 4, 5, 6, 7, 8} + heard.place[i] * block_size;
        for (std::ptrdiff_t n = 0; n < block_size; n += 8) {
            const Float8 sample = samples(heard.samples[i] + n);
            const Float8 left = sample - at.samples(basis, n);
            Float8 x = sample * sample * says.per_heard - left * left * says.per_left + says.beforehand;
            x += __builtin_shufflevector(zero, x, 7, 8, 9, 10, 11, 12, 13, 14);
            x += __builtin_shufflevector(zero, x, 6, 7, 8, 9, 10, 11, 12, 13);
            x += __builtin_shufflevector(zero, x, 4, 5, 6, 7, 8, 9, 10, 11);
            x += before;
            before = __builtin_shufflevector(x, x, 7, 7, 7, 7, 7, 7, 7, 7);
            const Int8 is_more = x > most;
            most = is_more ? x : most;
            found = is_more ? count : found;
            count += 8;
        }
    }
    int first = found[0];
    float greatest = most[0];
    for (int lane = 1; lane < 8; ++lane) {
        const bool is_more = most[lane] > greatest || (most[lane] == greatest && found[lane] < first);
        first = is_more ? found[lane] : first;
        greatest = is_more ? most[lane] : greatest;
    }
    return first;
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
    const Float8 above = __builtin_shufflevector(sines, sines, 4, 5, 6, 7, 4, 5, 6, 7);
    const Float8 cosines = absolute(sines) < 1e-6F ? all(block_size) : above / sines;
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

// How both tones' phasors turn. The mean advance from one sub-block to the next gives a close estimate of the
// step; one Newton step towards the greatest sum does the rest.
KEYTONE_INLINE void find_turnings(Phasors z[2], const HeardSubBlocks& heard, Phase8 steps, Turning* found) {
    const auto place = load<Int8>(heard.place);
    const auto next = [](auto x) { return __builtin_shufflevector(x, x, 1, 2, 3, 4, 5, 6, 7, 7); };
    const Float8 adjacent = next(place) == place + 1 ? all(1.0F) : Float8{};
    const auto advance = [&](const Phasors& now) {
        const Phasors later{next(now.re) * adjacent, next(now.im) * adjacent};
        return Phasors{later.re * now.re + later.im * now.im, later.im * now.re - later.re * now.im};
    };
    const Phasors low = advance(z[0]);
    const Phasors high = advance(z[1]);
    const Float4 advances = sums_of(low.re, low.im, high.re, high.im);
    // From here on, lane 0 is the low tone, and lane 1 the high one.
    const Phasors beyond = times({__builtin_shufflevector(advances, advances, 0, 2, 0, 2, 0, 2, 0, 2),
                                  __builtin_shufflevector(advances, advances, 1, 3, 1, 3, 1, 3, 1, 3)},
                                 unit(-steps));
    const Float8 first = angle(beyond.im, beyond.re);
    const Phase8 turns = steps + phase_of(first);

    const Float8 places = to_float(place);
    const Float8 from_middle = places - all(heard.middle);
    const auto size = static_cast<float>(heard.size);
    for (int k = 0; k < 2; ++k) {
        z[k] = times(z[k], unit(reinterpret_cast<Phase8>(-place) * turns[k]));
        const Float4 sums = sums_of(z[k].re, z[k].im, from_middle * z[k].re, from_middle * z[k].im);
        const float power = sums[0] * sums[0] + sums[1] * sums[1];
        const float quadrature = sums[0] * sums[3] - sums[1] * sums[2];
        const float more =
            power > 0.0F && heard.square > 0.0F ? quadrature / power * size / heard.square : 0.0F;
        // The small remaining turn, limited to half a turn.
        const Float8 turned = more * places;
        const Float8 limited = turned > 3.0F ? all(3.0F) : (turned < -3.0F ? all(-3.0F) : turned);
        z[k] = times(z[k], unit(-phase_of(limited)));
        found[k].step = first[k] + more;
    }
    const Float4 total = sums_of(z[0].re, z[0].im, z[1].re, z[1].im);
    const Float4 mean = size > 0.0F ? total / size : Float4{};
    const auto weight = load<Float8>(heard.weight);
    Float8 squares[2];
    for (int k = 0; k < 2; ++k) {
        const float re = mean[2 * k];
        const float im = mean[2 * k + 1];
        const float tone = re * re + im * im;
        const Float8 off = (z[k].re * re + z[k].im * im) / (tone > 0.0F ? tone : 1.0F) - weight;
        squares[k] = off * off * tone;
        found[k].re = re;
        found[k].im = im;
    }
    const Float4 wavering = sums_of(squares[0], squares[1], squares[0], squares[1]);
    found[0].wavering = wavering[0];
    found[1].wavering = wavering[1];
}

// Each sub-block's phasors solve 2 x 2 equations for both tones' cosines, and as many for their sines.
void fit_round(const Phase* half_steps, const HeardSubBlocks& heard, TonePairBasis& basis, Turning* found) {
    make_basis(half_steps, basis);
    TonePairProducts p;
    products(half_steps, p);
    alignas(32) float sums[4][HeardSubBlocks::most]{}; // low cosine, low sine, high ones
    for (int i = 0; i < heard.size; ++i) {
        const Float4 found_here = projections(basis, heard.samples[i]);
        for (int part = 0; part < 4; ++part) {
            sums[part][i] = found_here[part];
        }
    }
    const float cos_scale = 1.0F / (p.own_cos[0] * p.own_cos[1] - p.cross_cos * p.cross_cos);
    const float sin_scale = 1.0F / (p.own_sin[0] * p.own_sin[1] - p.cross_sin * p.cross_sin);
    Phasors z[2];
    for (std::size_t k = 0; k < 2; ++k) {
        const std::size_t other = 1 - k;
        const auto cos = load<Float8>(sums[2 * k]);
        const auto sin = load<Float8>(sums[2 * k + 1]);
        z[k].re = cos_scale * (p.own_cos[other] * cos - p.cross_cos * load<Float8>(sums[2 * other]));
        z[k].im = sin_scale * (p.cross_sin * load<Float8>(sums[2 * other + 1]) - p.own_sin[other] * sin);
    }
    find_turnings(z, heard, both_phases(half_steps) * (2U * static_cast<Phase>(block_size)), found);
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

// How many bits samples have, without their sign.
KEYTONE_INLINE int bits_of(const std::int16_t* x, std::size_t count) {
    Short16 seen{};
    const auto see = [&seen](const std::int16_t* from) {
        const auto now = load<Short16>(from);
        seen |= now ^ (now >> 15);
    };
    for (std::size_t n = 0; n + 16 <= count; n += 16) {
        see(x + n);
    }
    if (count >= 16) {
        see(x + count - 16); // some of them once more
    }
    const auto halves = reinterpret_cast<Wide4>(seen);
    std::uint64_t bits = (halves[0] | halves[1]) | (halves[2] | halves[3]);
    bits |= bits >> 32;
    bits |= bits >> 16;
    std::uint32_t all_bits = bits & 0xffffU;
    for (std::size_t n = 0; count < 16 && n < count; ++n) {
        all_bits |= static_cast<std::uint16_t>(x[n] ^ (x[n] >> 15));
    }
    return 32 - __builtin_clz(all_bits | 1U);
}

// Integers hold the products of 256 samples of eleven bits, their sign included: the square of the sum of two
// samples fits 22 bits.
constexpr std::size_t most_rough = 256;
constexpr int kept_bits = 10;

// Of samples that are shifted right by `shift`.
KEYTONE_INLINE void add_rough_sums(const std::int16_t* x, std::size_t count, std::size_t lag, int shift,
                                   RecurrenceSums& sums) {
    Int8 yy{};
    Int8 sy{};
    Int8 ss{};
    Int8 ty{};
    Int8 ts{};
    Int8 tt{};
    const auto add = [&](auto sample) {
        const Short16 y = sample(2 * lag) >> shift;
        const Short16 s = (sample(lag) >> shift) + (sample(3 * lag) >> shift);
        const Short16 t = (sample(0) >> shift) + (sample(4 * lag) >> shift);
        yy += pair_products(y, y);
        sy += pair_products(s, y);
        ss += pair_products(s, s);
        ty += pair_products(t, y);
        ts += pair_products(t, s);
        tt += pair_products(t, t);
    };
    std::size_t n = 0;
    for (; n + 16 <= count; n += 16) {
        add([&](std::size_t place) { return load<Short16>(x + n + place); });
    }
    if (n < count) {
        add([&](std::size_t place) {
            std::int16_t rest[16]{};
            for (std::size_t i = 0; n + i < count; ++i) {
                rest[i] = x[n + place + i];
            }
            return load<Short16>(rest);
        });
    }
    const auto scale = static_cast<float>(1U << (2 * shift));
    const Float4 four = scale * __builtin_convertvector(sums_of(yy, sy, ss, ty), Float4);
    const Float4 two = scale * __builtin_convertvector(sums_of(ts, tt, Int8{}, Int8{}), Float4);
    sums.yy += four[0];
    sums.sy += four[1];
    sums.ss += four[2];
    sums.ty += four[3];
    sums.ts += two[0];
    sums.tt += two[1];
}

void rough_recurrences(const std::int16_t* x, std::size_t count, std::size_t lag, RecurrenceSums& by_one,
                       RecurrenceSums& by_lag) {
    by_one = {};
    by_lag = {};
    for (std::size_t left = count; left > 0;) {
        const std::size_t part = left < most_rough ? left : most_rough;
        const int bits = bits_of(x, part + 4 * lag);
        const int shift = bits > kept_bits ? bits - kept_bits : 0;
        add_rough_sums(x, part, lag, shift, by_lag);
        add_rough_sums(x + 4 * lag - 4, part, 1, shift, by_one);
        left -= part;
        x += part;
    }
}

std::int64_t square_sum(const std::int16_t* x, std::size_t count) {
    Wide4 sums{};
    const auto add = [&sums](const std::int16_t* from) {
        const auto now = load<Short16>(from);
        // Two squares of -32768 fit without a sign.
        const auto pairs = reinterpret_cast<Wide4>(pair_products(now, now));
        sums += (pairs & 0xffff'ffffU) + (pairs >> 32);
    };
    for (; count >= 16; count -= 16, x += 16) {
        add(x);
    }
    if (count > 0) {
        std::int16_t rest[16]{};
        for (std::size_t n = 0; n < count; ++n) {
            rest[n] = x[n];
        }
        add(rest);
    }
    return static_cast<std::int64_t>((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

} // namespace

extern const Kernels KEYTONE_SIMD_SET;
const Kernels KEYTONE_SIMD_SET{
    bank,         screen,     follow_dial_tone,  skim,          energy,     lag1_product,
    lag2_product, put,        find_lines,        take_tone_out, make_basis, project,
    products,     spread,     fit_round,         sum_left_over, take_off,   weigh,
    find_stop,    recurrence, rough_recurrences, square_sum};

} // namespace keytone::simd
