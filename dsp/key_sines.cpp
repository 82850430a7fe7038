// SPDX-License-Identifier: MIT
#include "dsp/key_sines.hpp"

#include "dsp/sine.hpp"

#include <algorithm>
#include <array>

namespace keytone {

namespace {

constexpr std::uint64_t quarter_turn = std::uint64_t{1} << 62U;

// One frequency's first samples at one rate.
struct SineTable {
    std::uint64_t step;
    simd::SineBlock block;
};

consteval SineTable make_table(Hertz frequency, int rate_hz) {
    // Rounding to double leaves at most 2^-55 turn, which 24 h at 48 kHz make 7e-7 rad.
    SineTable table{static_cast<std::uint64_t>(frequency.value / rate_hz * 0x1p64), {}};
    for (std::uint64_t n = 0; n < simd::SineBlock::size; ++n) {
        table.block.cos[n] = sine_of_phase(n * table.step + quarter_turn);
        table.block.sin[n] = sine_of_phase(n * table.step);
    }
    return table;
}

using RateTables = std::array<std::array<SineTable, 4>, 2>; // low group, high group

consteval std::array<RateTables, SampleRate::offered_hz.size()> make_tables() {
    std::array<RateTables, SampleRate::offered_hz.size()> tables{};
    for (std::size_t rate = 0; rate < tables.size(); ++rate) {
        for (std::size_t k = 0; k < 4; ++k) {
            tables[rate][0][k] = make_table(low_group[k], SampleRate::offered_hz[rate]);
            tables[rate][1][k] = make_table(high_group[k], SampleRate::offered_hz[rate]);
        }
    }
    return tables;
}

constexpr auto tables = make_tables();

const RateTables& tables_of(SampleRate rate) {
    const auto found = std::find(SampleRate::offered_hz.begin(), SampleRate::offered_hz.end(), rate.hz());
    return tables[static_cast<std::size_t>(found - SampleRate::offered_hz.begin())];
}

} // namespace

KeySines::KeySines(Key key, SampleRate rate, float low_peak, float high_peak) noexcept {
    const RateTables& of_rate = tables_of(rate);
    const SineTable& low = of_rate[0][key.row()];
    const SineTable& high = of_rate[1][key.column()];
    sines_ = {&low.block, &high.block, low.step, high.step, low_peak, high_peak};
}

void KeySines::generate(SampleIndex first, std::span<float> out) const noexcept {
    simd::stream_kernels().add_sines(sines_, static_cast<std::uint64_t>(first), static_cast<int>(out.size()),
                                     out.data());
}

void KeySines::generate(SampleIndex first, std::span<std::int16_t> out) const noexcept {
    simd::stream_kernels().add_sines_pcm16(sines_, static_cast<std::uint64_t>(first),
                                           static_cast<int>(out.size()), out.data());
}

} // namespace keytone
