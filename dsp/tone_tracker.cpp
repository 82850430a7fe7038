// SPDX-License-Identifier: MIT
#include "dsp/tone_tracker.hpp"

#include "dsp/levels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace keytone {

namespace {

using Phasor = std::complex<float>;

constexpr double pi = std::numbers::pi;

// Turns a filter's output in a sub-block `age` sub-blocks after the first onto the first one's phase.
using Rotations = std::array<std::array<Phasor, ToneTracker::integration>, 8>;

Rotations make_rotations() {
    Rotations rotations;
    for (std::size_t k = 0; k < 8; ++k) {
        for (std::size_t age = 0; age < rotations[k].size(); ++age) {
            const double turns = bank_frequency(k).value * sub_block_seconds * static_cast<double>(age);
            rotations[k][age] = Phasor(std::polar(1.0, -2.0 * pi * turns));
        }
    }
    return rotations;
}

const Rotations rotations = make_rotations();

struct Line {
    float power = -1.0F;
    Hertz frequency{};
};

// Coherent power of one filter over the sub-blocks, after its frequency error is taken off: 1.5 % of 1633 Hz
// would cost 12 dB over 30 ms. The phase's mean advance gives the error, unambiguous to 100 Hz.
Line integrate(std::span<const Phasor> outputs, std::size_t filter) {
    Phasor advance{};
    for (std::size_t b = 1; b < outputs.size(); ++b) {
        advance += outputs[b] * std::conj(outputs[b - 1]);
    }
    const float step = std::arg(advance);
    const Phasor turn = std::polar(1.0F, -step);
    Phasor sum{};
    for (std::size_t b = outputs.size(); b-- > 0;) {
        sum = sum * turn + outputs[b];
    }
    return {std::norm(sum),
            bank_frequency(filter) + Hertz{static_cast<double>(step) / (2.0 * pi * sub_block_seconds)}};
}

// The group's frequency nearest to the one measured; nothing when even that is further than 5 % away. The
// strongest filter need not be the nearest one: at 40 samples their main lobes overlap.
std::optional<unsigned> nearest(Hertz measured, const std::array<Hertz, 4>& group) {
    unsigned best = 0;
    for (unsigned i = 1; i < group.size(); ++i) {
        if (std::abs(measured.value - group[i].value) < std::abs(measured.value - group[best].value)) {
            best = i;
        }
    }
    if (std::abs(measured.value - group[best].value) > 0.05 * group[best].value) {
        return std::nullopt;
    }
    return best;
}

} // namespace

ToneTracker::ToneTracker(const ScreenLimits& limits)
    : min_tone_share_(limits.min_tone_share),
      max_power_ratio_(power_ratio(limits.max_level_difference)),
      min_tone_energy_(0.5 * sub_block_size * std::pow(full_scale_pcm16 * sine_peak(limits.min_level), 2.0)) {
}

bool ToneTracker::passes(const BankOutput& output) const noexcept {
    float low = 0.0F;
    float high = 0.0F;
    for (std::size_t k = 0; k < 4; ++k) {
        low = std::max(low, std::norm(output.tone[k]));
        high = std::max(high, std::norm(output.tone[k + 4]));
    }
    constexpr double energy_of_norm = 2.0 / sub_block_size;
    const double low_energy = energy_of_norm * static_cast<double>(low);
    const double high_energy = energy_of_norm * static_cast<double>(high);
    return low_energy + high_energy >= min_tone_share_ * static_cast<double>(output.energy) &&
           std::max(low_energy, high_energy) <= max_power_ratio_ * std::min(low_energy, high_energy) &&
           low_energy >= min_tone_energy_ && high_energy >= min_tone_energy_;
}

void ToneTracker::push(SubBlock samples, bool lost) noexcept {
    const std::int64_t index = count_++;
    std::copy(samples.begin(), samples.end(), samples_[slot(index)].begin());
    recent_losses_ = static_cast<std::uint16_t>(recent_losses_ << 1 | (lost ? 1 : 0));
    BankOutput& output = bank_[bank_slot(index)];
    output = run_goertzel_bank(samples);
    if (!lost) {
        recent_passes_ = static_cast<std::uint8_t>(recent_passes_ << 1 | (passes(output) ? 1 : 0));
    }
}

void ToneTracker::reset() noexcept {
    count_ = 0;
    recent_passes_ = 0;
    recent_losses_ = 0;
}

bool ToneTracker::key_may_begin() const noexcept {
    return (recent_losses_ & 0b11U) == 0 && (recent_passes_ & 0b11U) == 0b11U;
}

bool ToneTracker::key_may_sound() const noexcept {
    return (recent_losses_ & 1U) == 0 && std::popcount(static_cast<unsigned>(recent_passes_ & 0b11111U)) >= 4;
}

std::optional<TonePair> ToneTracker::strongest_pair(std::int64_t sub_blocks) const noexcept {
    const std::int64_t first = std::max<std::int64_t>(0, count_ - std::min(sub_blocks, integration));
    Line low;
    Line high;
    std::optional<unsigned> row;
    std::optional<unsigned> column;
    double energy = 0.0;
    std::int64_t arrived = 0;
    for (std::int64_t b = first; b < count_; ++b) {
        if (!lost(b)) {
            energy += static_cast<double>(bank_[bank_slot(b)].energy);
            ++arrived;
        }
    }
    if (2 * arrived <= sub_blocks) {
        return std::nullopt; // too little to tell frequencies by
    }
    for (std::size_t k = 0; k < 8; ++k) {
        std::array<Phasor, integration> outputs{};
        for (std::int64_t b = first; b < count_; ++b) {
            const auto age = static_cast<std::size_t>(b - first);
            outputs[age] = lost(b) ? Phasor{} : bank_[bank_slot(b)].tone[k] * rotations[k][age];
        }
        const Line line = integrate({outputs.data(), static_cast<std::size_t>(count_ - first)}, k);
        // The outermost filter may hold more of the other group's tone than its own neighbour holds of a weak
        // one. Such a line is near no key's frequency.
        const auto index = nearest(line.frequency, k < 4 ? low_group : high_group);
        if (index && k < 4 && line.power > low.power) {
            low = line;
            row = index;
        } else if (index && k >= 4 && line.power > high.power) {
            high = line;
            column = index;
        }
    }
    if (!row || !column) {
        return std::nullopt;
    }
    const double tones = static_cast<double>(low.power + high.power) * 2.0 /
                         static_cast<double>(arrived * std::int64_t{sub_block_size});
    return TonePair{*row, *column, low.frequency, high.frequency, tones / std::max(1.0, energy)};
}

SubBlock ToneTracker::samples(std::int64_t index) const noexcept {
    return samples_[slot(index)];
}

bool ToneTracker::lost(std::int64_t index) const noexcept {
    return (recent_losses_ >> (count_ - 1 - index) & 1U) != 0;
}

std::int64_t ToneTracker::oldest() const noexcept {
    return std::max<std::int64_t>(0, count_ - history);
}

} // namespace keytone
