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
constexpr Milliseconds sub_block_length{1000.0 * sub_block_seconds};

SampleCount samples_in(Milliseconds time) {
    return SampleRate::narrowband().samples(time);
}

// Pauses. A sub-block is full of the key when it holds this share of its power.
constexpr float full_share = 0.5F;
// A key is over when, over the gap window, less than this many sub-blocks' worth of its tones is left; or
// less than that of one of them, as GSM lets a tone sag by 10 dB for 60 ms while the other goes on.
constexpr float ended_share = 1.4F;
constexpr float silent_share = 0.3F;
// A level that changes while a key sounds, as in an echo, counts for no more than this.
constexpr int max_share_in_steps = 120;
// Shares are kept in steps, of which so many are the whole.
constexpr float whole_share = 100.0F;
constexpr float largest_share = 2.5F;
constexpr std::uint8_t full_steps = 100;
constexpr std::array<std::uint8_t, 2> lost_share{255, 255};

// The level. It is followed over some 40 ms, up from where noise does not reach, and down as far as what is
// still full of the key.
constexpr float follows_level = 0.125F;
constexpr float louder_share = 2.5F;
// A key goes on below the level that it needs to begin by what measuring that may be off.
constexpr Decibels level_error{1};
// Weaker tones belong to the key behind an interruption: half-way between the 12 dB that it may fall by then
// and what an echo may be; without one, whatever their level.
constexpr Milliseconds no_gap{5};
constexpr Decibels most_weaker_behind_a_gap{13};
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
constexpr float least_for_phase = 0.1F;
constexpr float stronger_filter = 1.5F;
constexpr float least_in_other = 0.25F;
constexpr float missing_share = 0.15F;
constexpr float sounding_share = 0.3F;
constexpr float drowning = 4.0F;
// Of the last four, three strange ones are looked into: a tone that is still there adds up, over 20 ms, to
// half of its peak at least, or to most of what its filter hears.
constexpr unsigned looked_into = 4;
constexpr int strange_ones = 3;
constexpr float still_there = 0.25F; // of its energy
constexpr float coherent = 0.75F;
constexpr unsigned longest_strange = 8;

// Half-way between an interruption that must be bridged and a pause that must part two keys.
Milliseconds longest_gap_of(const DtmfLimits& limits) {
    return 0.5 * (limits.max_interruption + limits.min_pause);
}

// Half-way between what must be accepted and what must be rejected.
Dbm0 least_level_of(const DtmfLimits& limits) {
    return limits.max_level_rejected + 0.5 * (limits.min_level_accepted - limits.max_level_rejected) -
           level_error;
}

// A sub-block more, as both ends of a gap share a sub-block with a tone.
std::int64_t gap_window_of(const DtmfLimits& limits) {
    return std::lround(longest_gap_of(limits) / sub_block_length) + 1;
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
      longest_gap_(static_cast<std::int16_t>(samples_in(longest_gap_of(limits)))),
      gap_window_(static_cast<std::uint8_t>(std::min(gap_window_of(limits), share_history))) {}

void KeyFollower::reset() noexcept {
    onset_ = 0;
    over_ = 0;
    echo_until_ = 0;
}

void KeyFollower::begin(const ToneEvidence& evidence, SampleIndex onset) noexcept {
    pair_ = evidence.pair;
    onset_ = onset;
    over_ = 0;
    fell_ = 0;
    echo_until_ = 0;
    first_full_ = evidence.first;
    confirmed_ = evidence.end - 1;
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
    shares_.fill({full_steps, full_steps});
}

void KeyFollower::set_full(const std::array<double, 2>& power) noexcept {
    const auto energy = energy_of(pair_, power);
    for (std::size_t k = 0; k < 2; ++k) {
        full_energy_[k] = static_cast<float>(std::max(1.0, energy[k]));
    }
    most_energy_ = std::max(most_energy_, full_energy_[0] + full_energy_[1]);
}

KeyFollower::Shares KeyFollower::shares_of(const HeardTones& heard) const noexcept {
    Shares shares;
    for (std::size_t k = 0; k < 2; ++k) {
        const float energy = heard.energy[k] - heard.noise();
        const float share = energy < least_energy_[k] ? 0.0F : energy / full_energy_[k];
        shares[k] = static_cast<std::uint8_t>(std::min(share, largest_share) * whole_share);
    }
    return shares;
}

bool KeyFollower::follow(const ToneTracker& tracker) noexcept {
    const std::int64_t last = tracker.count() - 1;
    strange_ = static_cast<std::uint16_t>(unsigned{strange_} << 1U);
    if (tracker.lost(last)) {
        shares(last) = lost_share; // it neither holds nor ends the key
        phasor_ = {};
        return true;
    }
    const HeardTones heard = tracker.last_tones(pair_.row, pair_.column);
    shares(last) = shares_of(heard);
    strange_ = static_cast<std::uint16_t>(unsigned{strange_} | (is_strange(heard) ? 1U : 0U));
    phasor_ = heard.phasor;
    if (fell_ != 0 && is_pressed_again(heard)) {
        return false;
    }
    constexpr unsigned recent = (1U << looked_into) - 1U;
    if (std::popcount(strange_ & recent) >= strange_ones && has_gone_astray(tracker)) {
        forget_strange_ones(last);
        return false;
    }
    follow_level(heard);
    return !has_paused(last) || goes_on_weaker(tracker, heard);
}

bool KeyFollower::is_strange(const HeardTones& heard) const noexcept {
    std::array<float, 2> share;
    bool is_strange = heard.residual() > drowning * (full_energy_[0] + full_energy_[1] +
                                                     begin_noise_ * static_cast<float>(sub_block_size));
    for (std::size_t k = 0; k < 2; ++k) {
        share[k] = heard.energy[k] / full_energy_[k];
        const std::complex<float> before = phasor_[k] * turn_[k];
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

// The last sub-blocks' phasors, turned back to the first of them, add up where a tone sounds on.
bool KeyFollower::has_gone_astray(const ToneTracker& tracker) const noexcept {
    std::array<std::complex<float>, 2> sum{};
    std::array<float, 2> energy{};
    std::array<std::complex<float>, 2> turn{1.0F, 1.0F};
    float heard_ones = 0.0F;
    for (std::int64_t b = tracker.count() - looked_into; b < tracker.count(); ++b) {
        if (!tracker.lost(b)) {
            const HeardTones heard = tracker.tones(b, pair_.row, pair_.column);
            for (std::size_t k = 0; k < 2; ++k) {
                sum[k] += heard.phasor[k] * std::conj(turn[k]);
                energy[k] += heard.energy[k];
            }
            heard_ones += 1.0F;
        }
        for (std::size_t k = 0; k < 2; ++k) {
            turn[k] *= turn_[k];
        }
    }
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

// They hold nothing of the key, whatever its filters say.
void KeyFollower::forget_strange_ones(std::int64_t last) noexcept {
    unsigned run = 0;
    for (unsigned i = 0; i < longest_strange; ++i) {
        if ((strange_ >> i & 1U) != 0) {
            run = i + 1;
        } else if (i > run) {
            break; // two in a row are not
        }
    }
    for (unsigned i = 0; i < run; ++i) {
        shares(last - i) = {};
    }
}

void KeyFollower::follow_level(const HeardTones& heard) noexcept {
    for (std::size_t k = 0; k < 2; ++k) {
        const float energy = heard.energy[k] - heard.noise();
        const bool falls = energy >= full_share * full_energy_[k] && energy < full_energy_[k];
        if (falls || energy > louder_share * full_energy_[k]) {
            full_energy_[k] += follows_level * (energy - full_energy_[k]);
        }
    }
    most_energy_ = std::max(most_energy_, full_energy_[0] + full_energy_[1]);
}

// Looks at the gap window, which counts only what arrived.
bool KeyFollower::has_paused(std::int64_t last) const noexcept {
    std::array<int, 2> left{};
    std::int64_t arrived = 0;
    auto at = static_cast<std::size_t>(last % share_history);
    for (std::int64_t i = 0; i < share_history && arrived < gap_window_; ++i) {
        const Shares& past = shares_[at];
        if (past != lost_share) {
            left[0] += std::min<int>(past[0], max_share_in_steps);
            left[1] += std::min<int>(past[1], max_share_in_steps);
            ++arrived;
            if (0.5F * static_cast<float>(left[0] + left[1]) >= ended_share * whole_share &&
                static_cast<float>(std::min(left[0], left[1])) >= silent_share * whole_share) {
                return false;
            }
        }
        at = at == 0 ? share_history - 1 : at - 1;
    }
    return true;
}

// The key's tones, weaker, behind no longer gap than a key may have: from now on they are the measure.
bool KeyFollower::goes_on_weaker(const ToneTracker& tracker, const HeardTones& heard) noexcept {
    const std::int64_t first = tracker.count() - weak_sub_blocks;
    if (std::min(heard.energy[0] / least_energy_[0], heard.energy[1] / least_energy_[1]) < 1.0F ||
        heard.energy[0] + heard.energy[1] < least_weak_share * heard.total) {
        return false;
    }
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
    const Stretch full = last_full_stretch(tracker);
    const ToneFit before = fit_tones(tracker, full.first, full.end, pair_);
    const SampleIndex over = likeliest_stop(before, tracker, full.end - 1);
    const SampleCount gap =
        likeliest_onset(fit, tracker, std::max(tracker.oldest(), full.end - 1), tracker.count() - 2) - over;
    const bool is_behind_a_gap = gap > samples_in(no_gap);
    if (gap > longest_gap_ ||
        (is_behind_a_gap && power_ratio(before.tone_power / fit.tone_power) > most_weaker_behind_a_gap)) {
        return false;
    }
    if (fell_ == 0) {
        fell_ = over;
    }
    set_full(power);
    for (std::int64_t b = tracker.oldest(); b < tracker.count(); ++b) {
        if (!tracker.lost(b)) {
            shares(b) = shares_of(tracker.tones(b, pair_.row, pair_.column));
        }
    }
    return !has_paused(tracker.count() - 1);
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
    FollowedKey key{pair_, onset_, fell_, 0, begin_power(), begin_noise()};
    if (is_back_) {
        key.next = tracker.count() - 2;
    } else {
        Stretch last = last_full_stretch(tracker);
        ToneFit fit = fit_tones(tracker, last.first, last.end, pair_);
        key.over = likeliest_stop(fit, tracker, last.end - 1);
        if (key.over < last.end * block) {
            // The last sub-block was not as full as that: only whole ones are measured.
            last.end = std::max(last.first + 2, key.over / block);
            fit = fit_tones(tracker, last.first, last.end, pair_);
        }
        // Begin and end, each for as much as was measured of it.
        const auto at_end = static_cast<double>(last.end - last.first);
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
    return key;
}

// The last sub-blocks, up to eight and where there are any three, that are full of the key, and about as
// strong.
KeyFollower::Stretch KeyFollower::last_full_stretch(const ToneTracker& tracker) const noexcept {
    const auto full = [&](std::int64_t index) {
        return static_cast<float>(both_shares(index)) > 2.0F * full_share * whole_share;
    };
    const std::int64_t oldest = std::max(first_full_, tracker.oldest());
    std::int64_t end = tracker.count();
    for (; end > std::max(confirmed_ + 1, oldest + 3); --end) {
        if (full(end - 1) && full(end - 2) && full(end - 3)) {
            break;
        }
    }
    std::int64_t first = std::max(oldest, end - 3);
    const int last_share = both_shares(end - 2);
    while (first > oldest && end - first < 8 && full(first - 1) && both_shares(first - 1) <= 2 * last_share) {
        --first;
    }
    return {first, end};
}

int KeyFollower::both_shares(std::int64_t index) const noexcept {
    const Shares& share = shares_[static_cast<std::size_t>(index % share_history)];
    return share[0] + share[1];
}

bool KeyFollower::is_echo(const ToneEvidence& evidence) noexcept {
    if (over_ == 0 || evidence.pair.row != pair_.row || evidence.pair.column != pair_.column) {
        return false;
    }
    const SampleIndex latest =
        std::max(over_ + samples_in(longest_echo_delay), echo_until_ + samples_in(longest_echo_gap));
    const double loudest = static_cast<double>(most_energy_) / sub_block_size;
    if (evidence.onset > latest || power_ratio(loudest / evidence.fit.tone_power) < least_echo_loss) {
        return false;
    }
    echo_until_ = evidence.end * block;
    return true;
}

} // namespace keytone
