// SPDX-License-Identifier: MIT
//
// Compiled once for each instruction set, KEYTONE_SIMD_SET being its name.
#include "dsp/simd/detector_kernels.hpp"

#include "dsp/simd/bank.hpp"
#include "dsp/simd/fit.hpp"
#include "dsp/simd/follow.hpp"
#include "dsp/simd/rough.hpp"
#include "dsp/simd/screen.hpp"
#include "dsp/simd/skim.hpp"
#include "dsp/simd/sounding.hpp"
#include "dsp/simd/tables.hpp"
#include "dsp/simd/vectors.hpp"

#include <cstddef>
#include <utility>

namespace keytone::simd {

namespace {

float energy(const std::int16_t* x) {
    return energy_of(x);
}

void bank(const std::int16_t* x, BankSums& sums) {
    run_bank(x, sums);
}

void follow_dial_tone(const std::int16_t* x, bool is_loud, float least_energy, std::uint8_t& alike) {
    alike = static_cast<std::uint8_t>(is_loud && may_be_dial_tone(x, least_energy) ? alike + 1 : 0);
}

int follow(const std::int16_t* x, int sub_blocks, unsigned index, const ScreenDemands& demands,
           const int* filter, FollowedTones& tones, FollowedSubBlocks& found) {
    for (int i = static_cast<int>(-index % dial_period); i < sub_blocks; i += static_cast<int>(dial_period)) {
        sub_blocks =
            may_be_dial_tone(x + static_cast<std::ptrdiff_t>(i) * block_size, demands.least_dial_energy)
                ? i
                : sub_blocks;
    }
    int taken = 0;
    while (taken < sub_blocks) {
        const int left = sub_blocks - taken;
        const int asked = left < followed_at_once ? left : followed_at_once;
        const int more = follow_four(x + static_cast<std::ptrdiff_t>(taken) * block_size, asked, demands,
                                     filter, tones, found, taken);
        taken += more;
        if (more < asked) {
            break;
        }
    }
    return taken;
}

int follow_silence(const std::int16_t* x, int sub_blocks, float least_energy, FollowedSubBlocks& found) {
    int taken = 0;
    for (; taken < sub_blocks; ++taken, x += block_size) {
        const float energy = energy_of(x);
        if (energy >= least_energy) {
            break;
        }
        found.tones[taken] = 0.0F;
        found.residual[taken] = energy;
        found.energy[taken] = energy;
    }
    return taken;
}

// The energies of the last `count` sub-blocks, at their places; -1 where there is none.
KEYTONE_INLINE Float8 energies_of(const ScreenedSubBlocks& screened, std::uint32_t last, unsigned count,
                                  bool with_residual) {
    const Phase8 places{0, 1, 2, 3, 4, 5, 6, 7};
    const Phase8 age = (last - places) & (ScreenedSubBlocks::most - 1);
    const Int8 is_known = (load<Phase8>(screened.index) == last - age) & (age < count);
    Float8 energy = load<Float8>(screened.tones);
    if (with_residual) {
        energy += load<Float8>(screened.residual);
    }
    return is_known ? energy : all(-1.0F);
}
KEYTONE_INLINE float greatest_of(Float8 x) {
    const Float8 halves = max(x, __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3));
    const Float8 quarters = max(halves, __builtin_shufflevector(halves, halves, 2, 3, 0, 1, 6, 7, 4, 5));
    return max(quarters, __builtin_shufflevector(quarters, quarters, 1, 0, 3, 2, 5, 4, 7, 6))[0];
}

float sum_roots(const ScreenedSubBlocks& screened, std::uint32_t last, unsigned count) {
    constexpr unsigned most = ScreenedSubBlocks::most;
    const Float8 roots = root(max(energies_of(screened, last, count, false), Float8{}));
    float twice[2 * most];
    store(roots, twice);
    store(roots, twice + most);
    const float* const oldest = twice + (last + 1) % most;
    float sum = 0.0F;
    for (unsigned i = 0; i < most; ++i) {
        sum += oldest[i];
    }
    const float greatest = greatest_of(roots);
    return greatest > 0.0F ? sum / greatest : 0.0F;
}

EnergyRun find_run(const ScreenedSubBlocks& screened, std::uint32_t last, unsigned count, bool with_residual,
                   float least_share) {
    constexpr unsigned most = ScreenedSubBlocks::most;
    const Float8 energy = energies_of(screened, last, count, with_residual);
    const float greatest = max(greatest_of(energy), 0.0F);
    const Int8 belongs = energy >= least_share * greatest;
    const Int8 later_first = __builtin_shufflevector(belongs, belongs, 7, 6, 5, 4, 3, 2, 1, 0);
    const unsigned bits = lane_bits(__builtin_shufflevector(later_first, later_first, 0, 1, 2, 3)) |
                          lane_bits(__builtin_shufflevector(later_first, later_first, 4, 5, 6, 7)) << 4;
    const unsigned turned = most - 1 - last % most; // that is where the last one's bit is
    return {greatest, (bits | bits << most) >> turned & ((1U << most) - 1)};
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
    const Float8 power = is_near_a_key(advance) ? sum_re * sum_re + sum_im * sum_im : all(-1.0F);
    const Float8 of_two = greater(power, __builtin_shufflevector(power, power, 2, 3, 0, 1, 6, 7, 4, 5));
    const Float8 of_four = greater(of_two, __builtin_shufflevector(of_two, of_two, 1, 0, 3, 2, 5, 4, 7, 6));
    const Int8 is_most = power == of_four;
    lines.strongest[0] = __builtin_ctz(lane_bits(half_of<Int4>(is_most, 0)) | 0b1000U);
    lines.strongest[1] = 4 + __builtin_ctz(lane_bits(half_of<Int4>(is_most, 1)) | 0b1000U);
    store(power, lines.power);
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

void rough_recurrences(const std::int16_t* history, const std::int16_t* x, std::size_t count, std::size_t lag,
                       OneToneSums& by_one, RecurrenceSums& by_lag) {
    // Without any loop, and without what a loop saves.
    if (count == UsualFrame::count && lag == UsualFrame::lag) {
        if constexpr (processor::takes_from_two) {
            constexpr std::make_index_sequence<UsualFrame::count / 16> pieces;
            rough_recurrences_of_usual(history, x, by_one, by_lag, pieces);
        } else {
            add_rough_recurrences(history, x, UsualFrame::count, UsualFrame::lag, by_one, by_lag);
        }
    } else {
        rough_recurrences_of_any(history, x, count, lag, by_one, by_lag);
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
    const auto halves = halves_added(sums);
    return static_cast<std::int64_t>(halves[0] + halves[1]);
}

std::int64_t square_sum(const std::int16_t* x, std::size_t count) {
    return count == 80 ? sum_squares(x, 80) : sum_squares(x, count);
}

} // namespace

extern const Kernels KEYTONE_SIMD_SET;
const Kernels KEYTONE_SIMD_SET{bank,
                               screen,
                               follow_dial_tone,
                               skim_any,
                               skim_frame,
                               follow,
                               follow_silence,
                               energy,
                               residual_products,
                               sum_roots,
                               find_run,
                               put,
                               hear,
                               find_lines,
                               take_tone_out,
                               make_basis,
                               project,
                               products,
                               spread,
                               fit,
                               sum_left_over,
                               sum_power_left_over,
                               find_sounding,
                               find_stop,
                               recurrence,
                               rough_recurrences,
                               square_sum};

} // namespace keytone::simd
