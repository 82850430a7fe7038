// SPDX-License-Identifier: MIT
#include "dsp/key_follower.hpp"

#include "dsp/levels.hpp"
#include "dsp/sample_rate.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace keytone {

namespace {

constexpr auto block = static_cast<std::int64_t>(sub_block_size);

SampleCount samples_in(Milliseconds time) {
    return SampleRate::narrowband().samples(time);
}

// The level. It is followed over some 20 ms, by what is full of the key; noise does not reach to a rise.
constexpr float follows_level = 0.25F;
constexpr float full_share = 0.5F;
constexpr float most_share = 1.5F;
constexpr float louder_share = 2.5F;
// A key goes on below the level that it needs to begin by what measuring that may be off.
constexpr Decibels level_error{0.5};
// Weaker tones belong to the key, whatever their level, where no gap parts them; behind an interruption as
// long as their level is that of a line that settles; and behind a longer one, if they are no echo.
constexpr Milliseconds no_gap{5};
constexpr Decibels most_weaker_behind_a_gap{13};
constexpr Milliseconds gap_error{1};
// Their frequencies, measured over 15 ms, are the key's; and the tones lie no further apart than keys' do and
// 15 ms may add.
constexpr std::int64_t weak_sub_blocks = 3;
constexpr double same_hz = 12.0;
constexpr Decibels level_difference_error{5};
// What the tones hold of a sub-block that is worth a closer look.
constexpr float least_weak_share = 0.4F;
// As strong again as it was: this near to its loudest, and so much over what it had come down to.
constexpr float back_share = 0.25F;
constexpr float back_rise = 4.0F;

// Echoes: ITU-T Q.24 asks that they do no harm. They come within a line's or a room's delay and are weaker
// than a person's second press, which is as strong as the first within 3 dB. One that goes on may waver.
constexpr Milliseconds longest_echo_delay{150};
constexpr Decibels least_echo_loss{7};
constexpr Milliseconds longest_echo_gap{40};

// What is strange of a sub-block: a tone's phase is off by 40 degrees from what it should have turned by,
// which is 22 Hz; another filter holds more; one tone is missing; or there is far more of something else.
constexpr float same_phase = 0.587F; // the square of that angle's cosine
constexpr float least_for_phase = 0.06F;
constexpr float stronger_filter = 1.5F;
constexpr float least_in_other = 0.25F;
constexpr float missing_share = 0.15F;
constexpr float sounding_share = 0.2F;
constexpr float drowning = 4.0F;
// Of the last four, three strange ones are looked into: a tone that is still there adds up, over 20 ms, to
// half of its peak at least, or to most of what its filter hears.
constexpr unsigned looked_into = 4;
constexpr int strange_ones = 3;
constexpr float still_there = 0.25F; // of its energy
constexpr float silent_part = 0.05F;
constexpr float coherent = 0.75F;
constexpr unsigned longest_strange = 8;

// Half-way between what must be accepted and what must be rejected.
Dbm0 least_level_of(const DtmfLimits& limits) {
    return limits.max_level_rejected + 0.5 * (limits.min_level_accepted - limits.max_level_rejected) -
           level_error;
}

// How much of a tone's energy over a sub-block the key's own filter holds, when it is off by so much.
double held_by_filter(Hertz frequency, Hertz filter) {
    const double half = std::numbers::pi * (frequency.value - filter.value) / bank_rate_hz;
    return std::abs(half) < 1e-9
               ? 1.0
               : std::pow(std::sin(half * sub_block_size) / (sub_block_size * std::sin(half)), 2.0);
}

std::array<double, 2> energy_of(const TonePair& pair, const std::array<double, 2>& power) {
    return {held_by_filter(pair.low, low_group[pair.row]) * power[0] * sub_block_size,
            held_by_filter(pair.high, high_group[pair.column]) * power[1] * sub_block_size};
}

std::array<double, 2> powers(const ToneFit& fit) {
    return {0.5 * static_cast<double>(std::norm(fit.tones[0].phasor)),
            0.5 * static_cast<double>(std::norm(fit.tones[1].phasor))};
}

// The product of finite numbers.
std::complex<float> turned(std::complex<float> a, std::complex<float> b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

std::complex<float> turn_of(Hertz frequency) {
    const double angle = 2.0 * std::numbers::pi * frequency.value * sub_block_seconds;
    return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

} // namespace

KeyFollower::KeyFollower(const DtmfLimits& limits)
    : least_power_(
          static_cast<float>(0.5 * std::pow(full_scale_pcm16 * sine_peak(least_level_of(limits)), 2.0))),
      most_level_difference_(static_cast<float>(power_ratio(
          std::max(limits.max_high_over_low, limits.max_low_over_high) + level_difference_error))),
      max_interruption_(static_cast<std::int16_t>(samples_in(limits.max_interruption))),
      longest_gap_(static_cast<std::int16_t>(samples_in(longest_gap_of(limits)))),
      shares_(limits) {}

void KeyFollower::reset() noexcept {
    onset_ = 0;
    over_ = 0;
    same_until_ = 0;
    echo_until_ = 0;
}

void KeyFollower::begin(const ToneEvidence& evidence, SampleIndex onset) noexcept {
    pair_ = evidence.pair;
    onset_ = onset;
    over_ = 0;
    fell_ = 0;
    echo_until_ = 0;
    first_full_ = static_cast<std::int16_t>(evidence.first - onset_ / block);
    confirmed_ = static_cast<std::int16_t>(evidence.end - 1 - onset_ / block);
    measured_ = static_cast<std::uint8_t>(evidence.end - evidence.first);
    const std::array<double, 2> power = powers(evidence.fit);
    begin_power_ = {static_cast<float>(power[0]), static_cast<float>(power[1])};
    begin_noise_ = static_cast<float>(evidence.fit.residual_power);
    most_energy_ = 0.0F;
    set_full(power);
    const double least = static_cast<double>(least_power_);
    const auto least_energy = energy_of(pair_, {least, least});
    least_energy_ = {static_cast<float>(least_energy[0]), static_cast<float>(least_energy[1])};
    turn_ = {turn_of(pair_.low), turn_of(pair_.high)};
    phasor_ = {};
    strange_ = 0;
    is_back_ = false;
    shares_.fill();
}

void KeyFollower::set_full(const std::array<double, 2>& power) noexcept {
    const auto energy = energy_of(pair_, power);
    for (std::size_t k = 0; k < 2; ++k) {
        full_energy_[k] = static_cast<float>(std::max(1.0, energy[k]));
    }
    most_energy_ = std::max(most_energy_, full_energy_[0] + full_energy_[1]);
}

std::array<float, 2> KeyFollower::shares_of(const HeardTones& heard) const noexcept {
    std::array<float, 2> share;
    for (std::size_t k = 0; k < 2; ++k) {
        const float energy = heard.energy[k] - heard.noise();
        share[k] = energy < least_energy_[k] ? 0.0F : energy / full_energy_[k];
    }
    return share;
}

bool KeyFollower::follow(const ToneTracker& tracker) noexcept {
    const std::int64_t last = tracker.count() - 1;
    strange_ = static_cast<std::uint16_t>(unsigned{strange_} << 1U);
    if (tracker.lost(last)) {
        shares_.set_lost(last);
        phasor_ = {};
        return true;
    }
    const HeardTones heard = tracker.last_tones(pair_.row, pair_.column);
    shares_.set(last, shares_of(heard));
    strange_ = static_cast<std::uint16_t>(unsigned{strange_} | (is_strange(heard) ? 1U : 0U));
    phasor_ = heard.phasor;
    if (fell_ != 0 && is_pressed_again(heard)) {
        return false;
    }
    constexpr unsigned recent = (1U << looked_into) - 1U;
    if (std::popcount(strange_ & recent) >= strange_ones && has_gone_astray(tracker)) {
        return false;
    }
    if (!is_back_) {
        follow_level(heard);
    }
    if (!shares_.has_paused(last)) {
        if (shares_.has_come_down(last, weak_sub_blocks + 1)) {
            goes_on_weaker(tracker);
        }
        return true;
    }
    if (!holds_tones(heard)) {
        return false;
    }
    // Something comes behind the gap: what it is shows when it has filled some sub-blocks.
    return held_sub_blocks(tracker, weak_sub_blocks + 1) <= weak_sub_blocks || goes_on_weaker(tracker);
}

bool KeyFollower::is_strange(const HeardTones& heard) const noexcept {
    std::array<float, 2> share;
    bool is_strange = heard.residual() > drowning * (full_energy_[0] + full_energy_[1] +
                                                     begin_noise_ * static_cast<float>(sub_block_size));
    for (std::size_t k = 0; k < 2; ++k) {
        share[k] = heard.energy[k] / full_energy_[k];
        const std::complex<float> before = turned(phasor_[k], turn_[k]);
        const float along = heard.phasor[k].real() * before.real() + heard.phasor[k].imag() * before.imag();
        const float norms = std::norm(heard.phasor[k]) * std::norm(before);
        is_strange |= norms > 0.0F && share[k] >= least_for_phase &&
                      (along < 0.0F || along * along < same_phase * norms);
        is_strange |= heard.strongest_other[k] > stronger_filter * heard.energy[k] &&
                      heard.strongest_other[k] > least_in_other * full_energy_[k];
    }
    return is_strange ||
           (std::min(share[0], share[1]) < missing_share && std::max(share[0], share[1]) > sounding_share);
}

// The last sub-blocks' phasors, each turned onto the last one's phase, add up where a tone sounds on. Behind
// a gap, only those that are whole count.
bool KeyFollower::has_gone_astray(const ToneTracker& tracker) const noexcept {
    const float silence = silent_part * (full_energy_[0] + full_energy_[1]);
    std::array<HeardTones, looked_into> heard;
    std::int64_t count = 0;
    bool is_behind_a_gap = false;
    for (; count < std::int64_t{looked_into} && !is_behind_a_gap; ++count) {
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
    std::array<float, 2> energy{};
    for (std::size_t k = 0; k < 2; ++k) {
        std::complex<float> turn{1.0F, 0.0F};
        for (std::int64_t i = 0; i < count; ++i) {
            sum[k] += turned(heard[static_cast<std::size_t>(i)].phasor[k], turn);
            energy[k] += heard[static_cast<std::size_t>(i)].energy[k];
            turn = turned(turn, turn_[k]);
        }
    }
    const auto heard_ones = static_cast<float>(count);
    for (std::size_t k = 0; k < 2; ++k) {
        const float mean = HeardTones::energy_of_norm * std::norm(sum[k] / heard_ones);
        const bool sounds_on = mean >= still_there * full_energy_[k] ||
                               (mean * heard_ones >= coherent * energy[k] && mean >= least_energy_[k]);
        if (!sounds_on) {
            return true;
        }
    }
    return false;
}

void KeyFollower::forget_strange_ones(std::int64_t last) noexcept {
    for (unsigned i = 0; i < longest_strange && (strange_ >> i & 1U) != 0; ++i) {
        shares_.set_strange(last - i);
    }
}

// Both tones together, as what sounds besides may be in one filter alone; a rise that both take, at once.
void KeyFollower::follow_level(const HeardTones& heard) noexcept {
    std::array<float, 2> share;
    for (std::size_t k = 0; k < 2; ++k) {
        share[k] = (heard.energy[k] - heard.noise()) / full_energy_[k];
    }
    const bool rises = std::min(share[0], share[1]) > louder_share;
    const float mean = 0.5F * (std::min(share[0], most_share) + std::min(share[1], most_share));
    if (!rises && mean < full_share) {
        return;
    }
    for (std::size_t k = 0; k < 2; ++k) {
        full_energy_[k] *= 1.0F + follows_level * ((rises ? share[k] : mean) - 1.0F);
    }
    most_energy_ = std::max(most_energy_, full_energy_[0] + full_energy_[1]);
}

// How many of the last sub-blocks hold the key's tones, at whatever level ends no key.
std::int64_t KeyFollower::held_sub_blocks(const ToneTracker& tracker, std::int64_t most) const noexcept {
    std::int64_t held = 0;
    while (held < most && !tracker.lost(tracker.count() - 1 - held) &&
           holds_tones(tracker.tones(tracker.count() - 1 - held, pair_.row, pair_.column))) {
        ++held;
    }
    return held;
}

bool KeyFollower::holds_tones(const HeardTones& heard) const noexcept {
    return heard.energy[0] >= least_energy_[0] && heard.energy[1] >= least_energy_[1] &&
           heard.energy[0] + heard.energy[1] >= least_weak_share * heard.total;
}

// Behind no longer gap than a key may have: from now on they are the measure.
bool KeyFollower::goes_on_weaker(const ToneTracker& tracker) noexcept {
    const std::int64_t first = tracker.count() - weak_sub_blocks;
    const ToneFit fit = fit_tones(tracker, first, tracker.count(), pair_);
    const std::array<double, 2> power = powers(fit);
    const auto [weaker, stronger] = std::minmax(power[0], power[1]);
    if (fit.arrived < weak_sub_blocks || fit.tone_power < fit.residual_power ||
        std::abs(fit.tones[0].frequency.value - pair_.low.value) > same_hz ||
        std::abs(fit.tones[1].frequency.value - pair_.high.value) > same_hz ||
        weaker < static_cast<double>(least_power_) ||
        stronger > static_cast<double>(most_level_difference_) * weaker) {
        return false;
    }
    const KeyShares::Stretch full = last_full_stretch(tracker);
    const ToneFit before = fit_tones(tracker, full.first, full.end, pair_);
    const SampleIndex over = likeliest_stop(before, tracker, full.end - 1, tracker.count());
    // They may be louder than they are, before that.
    const std::int64_t behind = (over + block - 1) / block;
    const SampleCount gap = behind > first ? 0 : likeliest_onset(fit, tracker, behind, first + 1) - over;
    const Decibels weaker_by = power_ratio(before.tone_power / fit.tone_power);
    if (gap > longest_gap_ || (gap > samples_in(no_gap) && weaker_by > most_weaker_behind_a_gap) ||
        (gap > max_interruption_ + samples_in(gap_error) && weaker_by > least_echo_loss)) {
        return false;
    }
    if (fell_ == 0) {
        fell_ = static_cast<std::int32_t>(over - onset_);
    }
    set_full(power);
    for (std::int64_t b = tracker.oldest(); b < tracker.count(); ++b) {
        if (!tracker.lost(b)) {
            shares_.set(b, shares_of(tracker.tones(b, pair_.row, pair_.column)));
        }
    }
    return !shares_.has_paused(tracker.count() - 1);
}

// Two sub-blocks say so.
bool KeyFollower::is_pressed_again(const HeardTones& heard) noexcept {
    const float energy = heard.energy[0] + heard.energy[1];
    const bool was_back = is_back_;
    is_back_ =
        energy >= back_rise * (full_energy_[0] + full_energy_[1]) && energy >= back_share * most_energy_;
    return was_back && is_back_;
}

FollowedKey KeyFollower::end(const ToneTracker& tracker) noexcept {
    FollowedKey key{pair_, onset_, onset_ + fell_, 0, begin_power(), begin_noise()};
    if (is_back_) {
        key.next = tracker.count() - 2;
    } else {
        forget_strange_ones(tracker.count() - 1);
        KeyShares::Stretch last = last_full_stretch(tracker);
        ToneFit fit = fit_tones(tracker, last.first, last.end, pair_);
        key.over = std::max(likeliest_stop(fit, tracker, last.end - 1,
                                           shares_.first_empty(last.end, tracker.count() - 1) + 1),
                            faded_out(tracker, last.end));
        if (key.over < last.end * block) {
            // The last sub-block was not as full as that: only whole ones are measured.
            last.end = std::max(last.first + 2, key.over / block);
            fit = fit_tones(tracker, last.first, last.end, pair_);
        }
        // Begin and end, each for as much as was measured of it.
        const auto at_end = static_cast<double>(fit.arrived);
        const double share = at_end / (at_end + static_cast<double>(measured_));
        const auto both = [&](double begin, double end) { return begin + share * (end - begin); };
        const std::array<double, 2> power = powers(fit);
        key.pair.low.value = both(pair_.low.value, fit.tones[0].frequency.value);
        key.pair.high.value = both(pair_.high.value, fit.tones[1].frequency.value);
        key.power = {both(key.power[0], power[0]), both(key.power[1], power[1])};
        key.noise = both(key.noise, fit.residual_power);
        key.next = (key.over + block - 1) / block;
    }
    over_ = key.over;
    same_until_ = 0;
    return key;
}

// Tones that fade faster than their level is followed end where they come down to the least one; nothing (0)
// where it may be that no more than a part of a sub-block is weaker.
SampleIndex KeyFollower::faded_out(const ToneTracker& tracker, std::int64_t from) const noexcept {
    std::int64_t b = std::max(from, tracker.oldest());
    for (; b < tracker.count() && !tracker.lost(b); ++b) {
        const HeardTones heard = tracker.tones(b, pair_.row, pair_.column);
        const bool is_strange = (strange_ >> (tracker.count() - 1 - b) & 1U) != 0;
        if (is_strange || !holds_tones(heard)) {
            break;
        }
    }
    if ((strange_ & 1U) != 0) {
        return 0; // something else sounds
    }
    const bool fades = shares_.fades(from);
    return b > from + (fades ? 0 : 1) ? b * block : 0;
}

KeyShares::Stretch KeyFollower::last_full_stretch(const ToneTracker& tracker) const noexcept {
    const std::int64_t begun = onset_ / block;
    return shares_.last_full_stretch(std::max(begun + first_full_, tracker.oldest()), begun + confirmed_,
                                     tracker.count());
}

bool KeyFollower::belongs_to_last(const ToneEvidence& evidence) noexcept {
    if (over_ == 0 || evidence.pair.row != pair_.row || evidence.pair.column != pair_.column) {
        return false;
    }
    const SampleIndex since = evidence.onset - over_;
    const auto heard_until = static_cast<std::int32_t>(evidence.end * block - over_);
    // No pause parts them: the end was heard too early.
    if (since <= same_until_ + max_interruption_) {
        same_until_ = heard_until;
        return true;
    }
    const SampleIndex latest =
        std::max(samples_in(longest_echo_delay), echo_until_ + samples_in(longest_echo_gap));
    const double loudest = static_cast<double>(most_energy_) / sub_block_size;
    if (since > latest || power_ratio(loudest / evidence.fit.tone_power) < least_echo_loss) {
        return false;
    }
    echo_until_ = heard_until;
    return true;
}

} // namespace keytone
