// SPDX-License-Identifier: MIT
#include "dsp/goertzel_bank.hpp"

#include <cmath>
#include <numbers>

namespace keytone {

namespace {

// With 10 bits, forty full-scale samples stay inside 32 bits: 40 * 32768 * 511 < 2^31.
constexpr double basis_scale = 511.0;

// A row each: cos(w n) of the eight filters, then -sin(w n). Sums of products of 16 bits, which every
// compiler makes multiply-add instructions of.
using Basis = std::array<std::array<std::int16_t, sub_block_size>, 16>;

Basis make_basis() {
    Basis basis{};
    for (std::size_t n = 0; n < sub_block_size; ++n) {
        for (std::size_t k = 0; k < 8; ++k) {
            const double phase =
                2.0 * std::numbers::pi * bank_frequency(k).value * static_cast<double>(n) / bank_rate_hz;
            basis[k][n] = static_cast<std::int16_t>(std::lround(basis_scale * std::cos(phase)));
            basis[k + 8][n] = static_cast<std::int16_t>(std::lround(-basis_scale * std::sin(phase)));
        }
    }
    return basis;
}

const Basis basis = make_basis();

} // namespace

BankOutput run_goertzel_bank(SubBlock samples) noexcept {
    std::array<std::int32_t, 16> sums;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        std::int32_t sum = 0;
        for (std::size_t n = 0; n < sub_block_size; ++n) {
            sum += std::int32_t{samples[n]} * basis[i][n];
        }
        sums[i] = sum;
    }
    std::int64_t energy = 0;
    for (const std::int32_t x : samples) {
        energy += std::int64_t{x} * x;
    }
    BankOutput out;
    for (std::size_t k = 0; k < 8; ++k) {
        constexpr float unscale = 1.0F / static_cast<float>(basis_scale);
        out.tone[k] = {unscale * static_cast<float>(sums[k]), unscale * static_cast<float>(sums[k + 8])};
    }
    out.energy = static_cast<float>(energy);
    return out;
}

} // namespace keytone
