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

// One filter's outputs over the sub-blocks that are looked at.
using Outputs = std::array<Phasor, ToneTracker::integration>;

struct Line {
    float power;
    Hertz frequency;
    std::size_t filter;
    unsigned nearest; // of the group's frequencies
};

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

// The group's strongest tone that lies near one of its frequencies. Its power is the coherent one over the
// sub-blocks, after the frequency error is taken off: 1.5 % of 1633 Hz would cost 12 dB over 30 ms. The
// phase's mean advance gives the error, unambiguous to 100 Hz.
std::optional<Line> strongest_line(const std::array<Outputs, 8>& heard, std::size_t group,
                                   std::size_t recent) {
    std::optional<Line> strongest;
    for (std::size_t k = group; k < group + 4; ++k) {
        Outputs outputs{};
        Phasor advance{};
        for (std::size_t age = 0; age < recent; ++age) {
            outputs[age] = heard[k][age] * rotations[k][age];
            if (age > 0) {
                advance += outputs[age] * std::conj(outputs[age - 1]);
            }
        }
        const float step = std::arg(advance);
        const Phasor turn = std::polar(1.0F, -step);
        Phasor sum{};
        for (std::size_t age = recent; age-- > 0;) {
            sum = sum * turn + outputs[age];
        }
        const float power = std::norm(sum);
        const Hertz frequency =
            bank_frequency(k) + Hertz{static_cast<double>(step) / (2.0 * pi * sub_block_seconds)};
        // The outermost filter may hold more of the other group's tone than its own neighbour holds of a weak
        // one. Such a line is near no key's frequency.
        const auto index = nearest(frequency, group == 0 ? low_group : high_group);
        if (index && (!strongest || power > strongest->power)) {
            strongest = Line{power, frequency, k, *index};
        }
    }
    return strongest;
}

// Sum of exp(j w n) over a sub-block.
Phasor window(double w) {
    const double half = 0.5 * w;
    const double size = sub_block_size;
    const double magnitude = std::abs(std::sin(half)) < 1e-9 ? size : std::sin(half * size) / std::sin(half);
    return Phasor(std::polar(1.0, half * (size - 1.0)) * magnitude);
}

// A tone that fills a sub-block shows in every filter, as much as its window lets through.
void take_leakage_off(std::array<Outputs, 8>& heard, const Line& line, std::size_t group,
                      std::size_t recent) {
    const auto radians = [](Hertz frequency) { return 2.0 * pi * frequency.value / bank_rate_hz; };
    const double w = radians(line.frequency);
    const Phasor own = window(w - radians(bank_frequency(line.filter)));
    for (std::size_t k = group; k < group + 4; ++k) {
        const double filter = radians(bank_frequency(k));
        const Phasor direct = window(w - filter);
        const Phasor image = window(-w - filter);
        for (std::size_t age = 0; age < recent; ++age) {
            const Phasor tone = heard[line.filter][age] / own;
            heard[k][age] -= tone * direct + std::conj(tone) * image;
        }
    }
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
    const auto recent = static_cast<std::size_t>(count_ - first);
    std::array<Outputs, 8> heard{}; // lost sub-blocks stay nothing
    double energy = 0.0;
    std::int64_t arrived = 0;
    for (std::size_t age = 0; age < recent; ++age) {
        const std::int64_t b = first + static_cast<std::int64_t>(age);
        if (lost(b)) {
            continue;
        }
        const BankOutput& output = bank_[bank_slot(b)];
        energy += static_cast<double>(output.energy);
        ++arrived;
        for (std::size_t k = 0; k < 8; ++k) {
            heard[k][age] = output.tone[k];
        }
    }
    if (2 * arrived <= sub_blocks) {
        return std::nullopt; // too little to tell frequencies by
    }
    // The stronger tone first: what leaks of it into the other group's filters may look like a tone there,
    // and hides a weak one.
    auto low = strongest_line(heard, 0, recent);
    auto high = strongest_line(heard, 4, recent);
    if (low && (!high || low->power >= high->power)) {
        take_leakage_off(heard, *low, 4, recent);
        high = strongest_line(heard, 4, recent);
    } else if (high) {
        take_leakage_off(heard, *high, 0, recent);
        low = strongest_line(heard, 0, recent);
    }
    if (!low || !high) {
        return std::nullopt;
    }
    const double tones = static_cast<double>(low->power + high->power) * 2.0 /
                         static_cast<double>(arrived * std::int64_t{sub_block_size});
    return TonePair{low->nearest, high->nearest, low->frequency, high->frequency,
                    tones / std::max(1.0, energy)};
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
