// SPDX-License-Identifier: MIT
#include "dsp/detector/key_tones.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"
#include "dsp/detector/sub_block.hpp"
#include "dsp/keys.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace keytone {

namespace {

// The level. It is followed over some 20 ms, by sub-blocks that are full of the key; noise does not look like
// a rise.
constexpr float full_share = 0.5F;
// Shares are kept in hundredths: less than one is none, whatever was heard before.
constexpr float least_audible = 0.01F;
// The share of a sub-block's energy that the tones must hold to be worth a closer look.
constexpr float least_weak_share = 0.4F;

// What makes a sub-block strange: a tone's phase is off by 40 degrees from where it should be, which is 22
// Hz; another filter holds more; one tone is missing; or other sound is far stronger.
constexpr float least_for_phase = 0.06F;
constexpr float stronger_filter = 1.5F;
constexpr float least_in_other = 0.25F;
constexpr float missing_share = 0.15F;
constexpr float sounding_share = 0.2F;
// A tone that still sounds adds up, over the last four sub-blocks, to at least half of its peak, or to most
// of what its filter hears.
constexpr std::int64_t looked_into = 4;
constexpr float still_there = 0.25F; // of its energy
constexpr float noise_deviations = 1.5F;
constexpr float silent_part = 0.05F;
constexpr float coherent = 0.75F;

// sin x / x, for less than a radian.
double sinc_of_small(double x) {
    const double y = x * x;
    return 1.0 - y / 6 * (1.0 - y / 20 * (1.0 - y / 42 * (1.0 - y / 72)));
}

// The share of a tone's energy over a sub-block that its filter holds when the tone is at `frequency`.
double held_by_filter(Hertz frequency, Hertz filter) {
    const double half = std::numbers::pi * (frequency.value - filter.value) / bank_rate_hz;
    const double held = sinc_of_small(half * sub_block_size) / sinc_of_small(half);
    return held * held;
}

std::array<double, 2> held_by_filters(const TonePair& pair) {
    return {held_by_filter(pair.low, low_group[pair.row]),
            held_by_filter(pair.high, high_group[pair.column])};
}

// The product of two finite numbers, without the checks for others that operator* makes.
std::complex<float> turned(std::complex<float> a, std::complex<float> b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

std::complex<float> turn_of(Hertz frequency) {
    const auto phase = std::uint64_t{short_phase_of_turns(frequency.value * sub_block_seconds)} << 32U;
    return {sine_of_phase(phase + quarter_turn), sine_of_phase(phase)};
}

} // namespace

void KeyTones::begin(const TonePair& pair, const std::array<double, 2>& power, float noise) noexcept {
    pair_ = pair;
    const std::array<double, 2> held = held_by_filters(pair);
    const double least = static_cast<double>(least_power_);
    for (std::size_t k = 0; k < 2; ++k) {
        followed_.least_energy[k] = static_cast<float>(held[k] * least * sub_block_size);
        followed_.full_energy[k] = static_cast<float>(std::max(1.0, held[k] * power[k] * sub_block_size));
    }
    followed_.most_energy = energy();
    followed_.noise = noise;
    const std::array turns{turn_of(pair.low), turn_of(pair.high)};
    for (std::size_t k = 0; k < 2; ++k) {
        followed_.turn_re[k] = turns[k].real();
        followed_.turn_im[k] = turns[k].imag();
    }
    forget_phase();
}

void KeyTones::set_phasor(const std::array<std::complex<float>, 2>& phasor) noexcept {
    for (std::size_t k = 0; k < 2; ++k) {
        followed_.phasor_re[k] = phasor[k].real();
        followed_.phasor_im[k] = phasor[k].imag();
    }
}

void KeyTones::set_level(const std::array<double, 2>& power) noexcept {
    const std::array<double, 2> held = held_by_filters(pair_);
    for (std::size_t k = 0; k < 2; ++k) {
        followed_.full_energy[k] = static_cast<float>(std::max(1.0, held[k] * power[k] * sub_block_size));
    }
    followed_.most_energy = std::max(followed_.most_energy, energy());
}

KeyTones::Shares KeyTones::shares(const ToneTracker& tracker, std::int64_t index,
                                  const HeardTones& heard) const noexcept {
    const float noise = heard.noise();
    Shares shares;
    bool is_weak = false;
    bool is_any = false;
    for (std::size_t k = 0; k < 2; ++k) {
        const float energy = heard.energy[k] - noise;
        shares.all[k] = energy / followed_.full_energy[k];
        is_weak |= energy < followed_.least_energy[k];
        is_any |= std::abs(shares.all[k]) >= least_audible;
    }
    shares.audible = is_weak ? Both{} : shares.all;
    if (is_weak && is_any) {
        // Noise after the key holds little of them.
        const bool is_known = index > tracker.oldest() && !tracker.lost(index - 1) &&
                              heard.energy[0] + heard.energy[1] >= least_weak_share * heard.total;
        const HeardTones before = is_known ? tracker.tones(index - 1, pair_.row, pair_.column) : heard;
        for (std::size_t k = 0; k < 2; ++k) {
            const float mean = 0.5F * (heard.energy[k] + before.energy[k]) - noise;
            shares.audible[k] = mean < followed_.least_energy[k] ? 0.0F : shares.all[k];
        }
    }
    return shares;
}

// Follows the mean of both tones, as another sound may be in one filter; a rise of both, each by itself.
void KeyTones::follow_level(const Both& share) noexcept {
    const bool rises = std::min(share[0], share[1]) > simd::FollowedTones::louder_share;
    const float mean = 0.5F * (std::min(share[0], simd::FollowedTones::most_share) +
                               std::min(share[1], simd::FollowedTones::most_share));
    if (!rises && mean < full_share) {
        return;
    }
    for (std::size_t k = 0; k < 2; ++k) {
        followed_.full_energy[k] *=
            1.0F + simd::FollowedTones::follows_level * ((rises ? share[k] : mean) - 1.0F);
    }
    followed_.most_energy = std::max(followed_.most_energy, energy());
}

bool KeyTones::drowns(float residual) const noexcept {
    return residual >
           simd::FollowedTones::drowning * (energy() + followed_.noise * static_cast<float>(sub_block_size));
}

// Without branches: noise would make the processor mispredict each of them.
bool KeyTones::is_strange(const HeardTones& heard) noexcept {
    auto is_strange = static_cast<unsigned>(drowns(heard.residual()));
    unsigned one_is_missing = 0;
    unsigned one_sounds = 0;
    for (std::size_t k = 0; k < 2; ++k) {
        const float full = followed_.full_energy[k];
        const float held = heard.energy[k];
        const std::complex<float> due = turned({followed_.phasor_re[k], followed_.phasor_im[k]},
                                               {followed_.turn_re[k], followed_.turn_im[k]});
        const float along = HeardTones::energy_of_norm *
                            (heard.phasor[k].real() * due.real() + heard.phasor[k].imag() * due.imag());
        const float most = held * HeardTones::energy_of_norm *
                           std::norm(std::complex{followed_.phasor_re[k], followed_.phasor_im[k]});
        const auto tells_phase = static_cast<unsigned>(held >= least_for_phase * full);
        const auto is_off =
            static_cast<unsigned>(along * std::abs(along) < simd::FollowedTones::same_phase * most);
        const auto other_is_stronger = static_cast<unsigned>(
            heard.strongest_other[k] > std::max(stronger_filter * held, least_in_other * full));
        is_strange |= (tells_phase & is_off) | other_is_stronger;
        one_is_missing |= static_cast<unsigned>(held < missing_share * full);
        one_sounds |= static_cast<unsigned>(held > sounding_share * full);
    }
    set_phasor(heard.phasor);
    return (is_strange | (one_is_missing & one_sounds)) != 0;
}

// The last sub-blocks' phasors, each turned to the last one's phase, add up where a tone still sounds. After
// a gap, only whole sub-blocks count.
bool KeyTones::have_gone_astray(const ToneTracker& tracker) const noexcept {
    const float silence = silent_part * energy();
    std::array<HeardTones, looked_into> heard;
    std::int64_t count = 0;
    bool is_behind_a_gap = false;
    for (; count < looked_into && !is_behind_a_gap; ++count) {
        const std::int64_t b = tracker.count() - 1 - count;
        if (tracker.lost(b)) {
            break;
        }
        heard[static_cast<std::size_t>(count)] = tracker.tones(b, pair_.row, pair_.column);
        is_behind_a_gap = heard[static_cast<std::size_t>(count)].total < silence;
    }
    count -= is_behind_a_gap ? 2 : 0;
    if (count < 2) {
        return false;
    }
    std::array<std::complex<float>, 2> sum{};
    Both held{};
    for (std::size_t k = 0; k < 2; ++k) {
        std::complex<float> turn{1.0F, 0.0F};
        for (std::int64_t i = 0; i < count; ++i) {
            sum[k] += turned(heard[static_cast<std::size_t>(i)].phasor[k], turn);
            held[k] += heard[static_cast<std::size_t>(i)].energy[k];
            turn = turned(turn, {followed_.turn_re[k], followed_.turn_im[k]});
        }
    }
    const auto heard_ones = static_cast<float>(count);
    // What the noise at the key's begin may add to a filter's peak, or subtract from it.
    const float noise = noise_deviations * std::sqrt(2.0F * followed_.noise / heard_ones);
    for (std::size_t k = 0; k < 2; ++k) {
        const float mean = HeardTones::energy_of_norm * std::norm(sum[k] / heard_ones);
        const bool sounds_on = std::sqrt(mean) + noise >= std::sqrt(still_there * followed_.full_energy[k]) ||
                               (mean * heard_ones >= coherent * held[k] && mean >= followed_.least_energy[k]);
        if (!sounds_on) {
            return true;
        }
    }
    return false;
}

bool KeyTones::is_nothing(float energy) const noexcept {
    const HeardTones heard{.phasor = {}, .energy = {}, .strongest_other = {}, .total = energy};
    const float weaker = std::min(followed_.full_energy[0], followed_.full_energy[1]);
    return heard.noise() < least_audible * weaker && !drowns(heard.residual());
}

// A filter holds at most twice the energy of a sub-block; the squares' and the filters' rounding may double
// that, and add what a few steps are.
bool KeyTones::cannot_be_in(float energy) const noexcept {
    constexpr float most_held = 5.0F;
    constexpr float rounded_off = 4000.0F;
    return most_held * energy + rounded_off < std::max(followed_.least_energy[0], followed_.least_energy[1]);
}

bool KeyTones::are_in(const HeardTones& heard) const noexcept {
    return heard.energy[0] >= followed_.least_energy[0] && heard.energy[1] >= followed_.least_energy[1] &&
           heard.energy[0] + heard.energy[1] >= least_weak_share * heard.total;
}

} // namespace keytone
