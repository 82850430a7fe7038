// SPDX-License-Identifier: MIT
//
// Constants of the inner loops, computed at compile time.
#pragma once

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"
#include "dsp/keys.hpp"
#include "dsp/simd/detector_kernels.hpp"

namespace keytone::simd {

/// The phase advance of a frequency over one sample at 8 kHz; 2^64 is a turn.
consteval std::uint64_t advance_of(double hz) {
    return phase_step(hz, 8000.0);
}
consteval std::uint64_t bank_advance(int filter) {
    return advance_of(filter < 4 ? low_group[static_cast<unsigned>(filter)].value
                                 : high_group[static_cast<unsigned>(filter - 4)].value);
}

/// A filter's coefficient for one of a sub-block's first samples and its counterpart at the same distance
/// from the middle: the cosine (part 0) or negative sine (part 1) of w (n - 19.5).
consteval std::int16_t bank_coefficient(int filter, int part, int n) {
    const std::uint64_t phase =
        static_cast<std::uint64_t>(2 * n - (block_size - 1)) * (bank_advance(filter) / 2);
    const float value = part == 0 ? sine_of_phase(phase + quarter_turn) : -sine_of_phase(phase);
    const float scaled = static_cast<float>(2 * bank_scale) * value;
    return static_cast<std::int16_t>(scaled < 0.0F ? scaled - 0.5F : scaled + 0.5F);
}

/// The bank's coefficients, in the order in which they are used. Four lanes hold four pairs of samples, and
/// are multiplied four times, each pair by another filter's coefficients: in turn t, the lane of pair j
/// belongs to filter j + t of a group of four. The last two pairs are there twice, and need two turns.
struct alignas(64) BankTable {
    static constexpr int turns[3]{4, 4, 2};

    std::int16_t turn[10][2][filters][2];
};

consteval BankTable make_bank_table() {
    BankTable table{};
    int row = 0;
    for (int v = 0; v < 3; ++v) {
        for (int t = 0; t < BankTable::turns[v]; ++t, ++row) {
            for (int lane = 0; lane < filters; ++lane) {
                const int pair = 4 * v + lane % BankTable::turns[v];
                const int filter = lane / 4 * 4 + (lane + t) % 4;
                for (int part = 0; part < 2; ++part) {
                    for (int n = 0; n < 2; ++n) {
                        table.turn[row][part][lane][n] = bank_coefficient(filter, part, 2 * pair + n);
                    }
                }
            }
        }
    }
    return table;
}
inline constexpr BankTable bank_table = make_bank_table();

/// The same of each filter by itself, for eight samples at a time: eight cosines, and eight negative sines; 0
/// from the sub-block's middle on.
struct alignas(64) FilterTable {
    static constexpr int vectors = 3;
    std::int16_t filter[filters][vectors][2][8];
};

consteval FilterTable make_filter_table() {
    FilterTable table{};
    for (int k = 0; k < filters; ++k) {
        for (int n = 0; n < block_size / 2; ++n) {
            for (int part = 0; part < 2; ++part) {
                table.filter[k][n / 8][part][n % 8] = bank_coefficient(k, part, n);
            }
        }
    }
    return table;
}
inline constexpr FilterTable filter_table = make_filter_table();

/// exp(-j w 40 age) of each filter.
struct alignas(64) BankTurns {
    float re[BankSeries::most][filters];
    float im[BankSeries::most][filters];
};

consteval BankTurns make_bank_turns() {
    BankTurns turns{};
    for (int age = 0; age < BankSeries::most; ++age) {
        for (int k = 0; k < filters; ++k) {
            const std::uint64_t phase = static_cast<std::uint64_t>(age * block_size) * bank_advance(k);
            turns.re[age][k] = sine_of_phase(phase + quarter_turn);
            turns.im[age][k] = -sine_of_phase(phase);
        }
    }
    return turns;
}
inline constexpr BankTurns bank_turns = make_bank_turns();

/// Each filter's phase advance over half a sample.
struct alignas(32) BankHalfSteps {
    Phase filter[filters];
};

consteval BankHalfSteps make_bank_half_steps() {
    BankHalfSteps steps{};
    for (int k = 0; k < filters; ++k) {
        steps.filter[k] = static_cast<Phase>(bank_advance(k) >> 33U);
    }
    return steps;
}
inline constexpr BankHalfSteps bank_half_steps = make_bank_half_steps();

/// In Hz: each filter's frequency, and the four of its group.
struct alignas(64) BankFrequencies {
    float filter[filters];
    float group[4][filters];
};

consteval BankFrequencies make_bank_frequencies() {
    BankFrequencies hertz{};
    for (unsigned k = 0; k < filters; ++k) {
        const auto& group = k < 4 ? low_group : high_group;
        hertz.filter[k] = static_cast<float>(group[k % 4].value);
        for (unsigned i = 0; i < 4; ++i) {
            hertz.group[i][k] = static_cast<float>(group[i].value);
        }
    }
    return hertz;
}
inline constexpr BankFrequencies bank_frequencies = make_bank_frequencies();

/// The hum over a sub-block: cosines and sines of w (n - 19.5).
struct alignas(64) HumTable {
    float cos[block_size];
    float sin[block_size];
};

consteval HumTable make_hum_table() {
    HumTable table{};
    for (int n = 0; n < block_size; ++n) {
        const std::uint64_t phase =
            static_cast<std::uint64_t>(2 * n - (block_size - 1)) * advance_of(0.5 * hum_hz);
        table.cos[n] = sine_of_phase(phase + quarter_turn);
        table.sin[n] = sine_of_phase(phase);
    }
    return table;
}
inline constexpr HumTable hum_table = make_hum_table();

} // namespace keytone::simd
