// SPDX-License-Identifier: MIT
#include "dsp/generator/key_sines.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace keytone {

namespace {

// The first samples of one frequency at one rate.
struct SineTable {
    std::uint64_t step;
    simd::SineBlock block;
};

consteval SineTable make_table(Hertz frequency, int rate_hz) {
    SineTable table{phase_step(frequency.value, rate_hz), {}};
    for (std::uint64_t n = 0; n < simd::SineBlock::size; ++n) {
        table.block.cos[n] = sine_of_phase(n * table.step + quarter_turn);
        table.block.sin[n] = sine_of_phase(n * table.step);
    }
    return table;
}

using RateTables = std::array<std::array<SineTable, 4>, 2>; // low group, high group

consteval RateTables make_tables(int rate_hz) {
    RateTables tables{};
    for (std::size_t k = 0; k < 4; ++k) {
        tables[0][k] = make_table(low_group[k], rate_hz);
        tables[1][k] = make_table(high_group[k], rate_hz);
    }
    return tables;
}

template <std::size_t place>
constexpr RateTables tables_at = make_tables(std::get<place>(offered_rates_hz));

// One constant for each rate: all of them in one exceed what compilers evaluate.
constexpr auto tables = []<std::size_t... places>(std::index_sequence<places...>) {
    return std::array{&tables_at<places>...};
}
(std::make_index_sequence<SampleRate::offered_hz.size()>{});

} // namespace

KeySines::KeySines(Key key, SampleRate rate, float low_peak, float high_peak) noexcept {
    const RateTables& of_rate = *tables[rate.place()];
    const SineTable& low = of_rate[0][key.row()];
    const SineTable& high = of_rate[1][key.column()];
    sines_ = {&low.block, &high.block, low.step, high.step, low_peak, high_peak};
}

} // namespace keytone
