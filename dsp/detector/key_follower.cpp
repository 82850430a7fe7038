// SPDX-License-Identifier: MIT
#include "dsp/detector/key_follower.hpp"

#include "dsp/levels.hpp"
#include "dsp/sample_rate.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace keytone {

namespace {

SampleCount samples_in(Milliseconds time) {
    return SampleRate::narrowband().samples(time);
}

// How far a level measurement may be off: a key goes on down to this much below the level that it needs to
// begin.
constexpr Decibels level_error{0.5};
// Weaker tones belong to the key: whatever their level, if there is no gap between; after a gap no longer
// than an interruption, at a level to which a line may settle; and after a longer gap, if they are no echo.
constexpr Milliseconds no_gap{5};
constexpr Decibels most_weaker_behind_a_gap{12.7};
constexpr Milliseconds gap_error{1};
// A sub-block that holds less than this share of the next one is not filled.
constexpr float filled_share = 0.5F;
// Their frequencies, measured over 15 ms, are the key's, and their levels differ by no more than a key's may
// and by what 15 ms add.
constexpr std::int64_t weak_sub_blocks = 3;
constexpr double same_hz = 12.0;
constexpr Decibels level_difference_error{5};
// The tones are back at full strength: this share of their loudest, and this many times what they had come
// down to.
constexpr float back_share = 0.25F;
constexpr float back_rise = 4.0F;

// Echoes: ITU-T Q.24 asks that they do no harm. They come within the delay of a line or a room and are weaker
// than a person's second press, which is as strong as the first within 3 dB. An echo that goes on may waver:
// this is the longest gap in it.
constexpr Milliseconds longest_echo_gap{40};

constexpr unsigned longest_strange = 8;
constexpr std::uint8_t most_at_once = simd::FollowedSubBlocks::most;

// Whether three of the last four sub-blocks are strange, which is worth a closer look.
bool is_looked_into(unsigned strange) {
    constexpr unsigned last_four = 0b1111U;
    // Bit b: whether three of b's four bits are set.
    constexpr unsigned three_of_four = [] {
        unsigned bits = 0;
        for (unsigned four = 0; four <= last_four; ++four) {
            bits |= std::popcount(four) >= 3 ? 1U << four : 0U;
        }
        return bits;
    }();
    return (three_of_four >> (strange & last_four) & 1U) != 0;
}

std::array<double, 2> powers(const ToneFit& fit) {
    return {fit.tones[0].power(), fit.tones[1].power()};
}

} // namespace

KeyFollower::KeyFollower(const DtmfLimits& limits)
    : shares_(limits),
      tones_(static_cast<float>(sine_power_pcm16(limits.min_level() - level_error))),
      most_level_difference_(static_cast<float>(power_ratio(
          std::max(limits.max_high_over_low, limits.max_low_over_high) + level_difference_error))),
      max_interruption_(static_cast<std::int16_t>(samples_in(limits.max_interruption))),
      longest_gap_(static_cast<std::int16_t>(samples_in(longest_gap_of(limits)))),
      max_echo_delay_(static_cast<std::int16_t>(samples_in(limits.max_echo_delay))),
      min_echo_loss_db_(static_cast<std::uint8_t>(limits.min_echo_loss.value)) {}

void KeyFollower::reset() noexcept {
    onset_ = 0;
    over_ = 0;
    same_until_ = 0;
    echo_until_ = 0;
}

void KeyFollower::begin(const ToneEvidence& evidence, SampleIndex onset) noexcept {
    onset_ = onset;
    over_ = 0;
    fell_ = 0;
    echo_until_ = 0;
    first_full_ = static_cast<std::int8_t>(evidence.first - onset_ / sub_block_samples);
    confirmed_ = static_cast<std::int8_t>(evidence.end - 1 - onset_ / sub_block_samples);
    measured_ = static_cast<std::uint8_t>(evidence.end - evidence.first);
    const std::array<double, 2> power = powers(evidence.fit);
    begin_power_ = {static_cast<float>(power[0]), static_cast<float>(power[1])};
    tones_.begin(evidence.pair, power, static_cast<float>(evidence.fit.residual_power));
    strange_ = 0;
    is_back_ = false;
    at_once_ = most_at_once;
    shares_.fill();
}

// What is asked of each sub-block is more than follow() asks where it decides nothing: the key fills it, and
// nothing is strange. In noise few do; so several are tried only behind one that did.
std::size_t KeyFollower::follow_steadily(ToneTracker& tracker,
                                         std::span<const std::int16_t> samples) noexcept {
    if (is_looked_into(unsigned{strange_} << 1U)) {
        return 0;
    }
    const bool goes_on_otherwise = at_once_ == 0;
    if (at_once_ <= 1) {
        at_once_ = 1;
        const std::size_t silent = follow_silence(tracker, samples);
        if (silent > 0 || goes_on_otherwise) {
            return silent;
        }
    }
    const bool fell = fell_ != 0;
    if (fell || !shares_.hold_half(tracker.count() - 1)) {
        return 0;
    }
    const std::size_t tried = std::min<std::size_t>(at_once_, samples.size() / sub_block_size);
    const ToneTracker::Followed followed =
        tracker.follow(samples.first(tried * sub_block_size), pair(), tones_.followed());
    if (followed.taken == 0) {
        const bool was_tried = at_once_ == 1;
        at_once_ = 1;
        return was_tried ? 0 : follow_silence(tracker, samples);
    }
    shares_.set(tracker.count() - static_cast<std::int64_t>(followed.taken), followed.taken, followed.found);
    strange_ = static_cast<std::uint16_t>(unsigned{strange_} << followed.taken);
    at_once_ = followed.taken == tried ? most_at_once : std::uint8_t{0};
    return followed.taken;
}

// As follow() takes what holds nothing; the sub-block that ends the key is left to it.
std::size_t KeyFollower::follow_silence(ToneTracker& tracker,
                                        std::span<const std::int16_t> samples) noexcept {
    const auto left = static_cast<std::size_t>(shares_.silence_left(tracker.count() - 1));
    simd::FollowedSubBlocks found;
    const std::size_t quiet =
        tracker.hear_quiet(samples.first(std::min(left * sub_block_size, samples.size())), found);
    std::size_t taken = 0;
    for (; taken < quiet && tones_.is_nothing(found.energy[taken]); ++taken) {
        shares_.set_silent(tracker.count() + static_cast<std::int64_t>(taken));
    }
    tracker.push_quiet(samples, taken, found);
    if (taken > 0) {
        strange_ = static_cast<std::uint16_t>(unsigned{strange_} << taken);
        tones_.forget_phase();
        is_back_ = false;
    }
    return taken;
}

bool KeyFollower::follow(const ToneTracker& tracker) noexcept {
    const std::int64_t last = tracker.count() - 1;
    strange_ = static_cast<std::uint16_t>(unsigned{strange_} << 1U);
    if (tracker.lost(last)) {
        shares_.set_lost(last);
        tones_.forget_phase();
        return true;
    }
    const auto quiet = tracker.last_if_quiet();
    if (quiet && tones_.is_nothing(*quiet) && !is_looked_into(strange_)) {
        // What follows would find the same.
        shares_.set_silent(last);
        tones_.forget_phase();
        is_back_ = false;
        return !shares_.has_paused(last);
    }
    const HeardTones heard = tracker.last_tones(pair().row, pair().column);
    const KeyTones::Shares share = tones_.shares(tracker, last, heard);
    shares_.set(last, share.audible);
    strange_ = static_cast<std::uint16_t>(unsigned{strange_} | (tones_.is_strange(heard) ? 1U : 0U));
    if (fell_ != 0 && is_pressed_again(heard)) {
        return false;
    }
    if (is_looked_into(strange_) && tones_.have_gone_astray(tracker)) {
        return false;
    }
    if (!is_back_) {
        tones_.follow_level(share.all);
    }
    if (!shares_.has_paused(last)) {
        if (shares_.has_come_down(last, weak_sub_blocks + 1)) {
            goes_on_weaker(tracker);
        }
        return true;
    }
    if (!tones_.are_in(heard)) {
        return false;
    }
    // Something comes after the gap: what it is shows when it has filled some sub-blocks.
    return held_sub_blocks(tracker, weak_sub_blocks + 1) <= weak_sub_blocks ||
           !is_filled(tracker, tracker.count() - weak_sub_blocks) || goes_on_weaker(tracker);
}

void KeyFollower::forget_strange_ones(std::int64_t last) noexcept {
    for (unsigned i = 0; i < longest_strange && (unsigned{strange_} >> i & 1U) != 0; ++i) {
        shares_.set_strange(last - i);
    }
}

// How many of the last sub-blocks hold the key's tones, at any level at which a key goes on.
std::int64_t KeyFollower::held_sub_blocks(const ToneTracker& tracker, std::int64_t most) const noexcept {
    std::int64_t held = 0;
    while (held < most && !tracker.lost(tracker.count() - 1 - held) &&
           tones_.are_in(tracker.tones(tracker.count() - 1 - held, pair().row, pair().column))) {
        ++held;
    }
    return held;
}

// False where the gap before the tones seems to reach into the sub-block: the next one holds far more.
bool KeyFollower::is_filled(const ToneTracker& tracker, std::int64_t index) const noexcept {
    const auto energy = [&](std::int64_t b) {
        const HeardTones heard = tracker.tones(b, pair().row, pair().column);
        return heard.energy[0] + heard.energy[1];
    };
    return energy(index) >= filled_share * energy(index + 1);
}

// Whether the weaker tones, after a gap that is not too long, are the key's: if so, their level is the key's
// from now on.
bool KeyFollower::goes_on_weaker(const ToneTracker& tracker) noexcept {
    const std::int64_t first = tracker.count() - weak_sub_blocks;
    const ToneFit fit = fit_tones(tracker, first, tracker.count(), pair(), LeftOver::power);
    const std::array<double, 2> power = powers(fit);
    const auto [weaker, stronger] = std::minmax(power[0], power[1]);
    if (fit.arrived < weak_sub_blocks || fit.tone_power < fit.residual_power ||
        std::abs(fit.tones[0].frequency.value - pair().low.value) > same_hz ||
        std::abs(fit.tones[1].frequency.value - pair().high.value) > same_hz ||
        weaker < static_cast<double>(tones_.least_power()) ||
        stronger > static_cast<double>(most_level_difference_) * weaker) {
        return false;
    }
    const KeyShares::Stretch full = last_full_stretch(tracker);
    const ToneFit before = fit_tones(tracker, full.first, full.end, pair(), LeftOver::power);
    const SampleIndex over = likeliest_stop(before, tracker, full.end - 1, tracker.count());
    // The tones may have been louder between there and here.
    const std::int64_t behind = (over + sub_block_samples - 1) / sub_block_samples;
    const SampleCount gap = behind > first ? 0 : likeliest_onset(fit, tracker, behind, first + 1) - over;
    const Decibels weaker_by = power_ratio(before.tone_power / fit.tone_power);
    if (gap > longest_gap_ || (gap > samples_in(no_gap) && weaker_by > most_weaker_behind_a_gap) ||
        (gap > max_interruption_ + samples_in(gap_error) && weaker_by.value > min_echo_loss_db_)) {
        return false;
    }
    if (fell_ == 0) {
        fell_ = static_cast<std::int32_t>(over - onset_);
    }
    tones_.set_level(power);
    for (std::int64_t b = tracker.oldest(); b < tracker.count(); ++b) {
        if (!tracker.lost(b)) {
            const HeardTones heard = tracker.tones(b, pair().row, pair().column);
            shares_.set(b, tones_.shares(tracker, b, heard).audible);
        }
    }
    return !shares_.has_paused(tracker.count() - 1);
}

// True when two sub-blocks in a row say so.
bool KeyFollower::is_pressed_again(const HeardTones& heard) noexcept {
    const float energy = heard.energy[0] + heard.energy[1];
    const bool was_back = is_back_;
    is_back_ = energy >= back_rise * tones_.energy() && energy >= back_share * tones_.most_energy();
    return was_back && is_back_;
}

FollowedKey KeyFollower::end(const ToneTracker& tracker) noexcept {
    FollowedKey key{pair(), onset_, onset_ + fell_, 0, begin_power(), begin_noise()};
    if (is_back_) {
        key.next = tracker.count() - 2;
    } else {
        forget_strange_ones(tracker.count() - 1);
        // Only whole sub-blocks are measured, and the last full one is rarely filled to its end: where its
        // level comes down, it is left out at first.
        const KeyShares::Stretch last = last_full_stretch(tracker);
        const std::int64_t fewest = last.first + 2;
        const std::int64_t fitted = std::max(fewest, last.end - (shares_.comes_down(last.end - 1) ? 1 : 0));
        ToneFit fit = fit_tones(tracker, last.first, fitted, pair(), LeftOver::power);
        key.over = std::max(
            likeliest_stop(fit, tracker, fitted - 1, shares_.first_empty(last.end, tracker.count() - 1) + 1),
            faded_out(tracker, last.end));
        if (const std::int64_t whole = std::max(fewest, key.over / sub_block_samples); whole < fitted) {
            fit = fit_tones(tracker, last.first, whole, pair(), LeftOver::power);
        }
        // The mean of the measurements at begin and end, weighted by the number of sub-blocks of each.
        const auto at_end = static_cast<double>(fit.arrived);
        const double share = at_end / (at_end + static_cast<double>(measured_));
        const auto both = [&](double begin, double end) { return begin + share * (end - begin); };
        const std::array<double, 2> power = powers(fit);
        key.pair.low.value = both(pair().low.value, fit.tones[0].frequency.value);
        key.pair.high.value = both(pair().high.value, fit.tones[1].frequency.value);
        key.power = {both(key.power[0], power[0]), both(key.power[1], power[1])};
        key.noise = both(key.noise, fit.residual_power);
        key.next = (key.over + sub_block_samples - 1) / sub_block_samples;
    }
    over_ = key.over;
    same_until_ = 0;
    return key;
}

// Where tones end that fade faster than their level is followed: where they come down to the least level. 0
// where perhaps only a part of a sub-block is weaker.
SampleIndex KeyFollower::faded_out(const ToneTracker& tracker, std::int64_t from) const noexcept {
    if ((strange_ & 1U) != 0) {
        return 0; // something else sounds
    }
    const std::int64_t fewest = shares_.fades(from) ? 1 : 2;
    const std::int64_t first = std::max(from, tracker.oldest());
    // Most keys end in silence, which is found without filters.
    if (const std::int64_t needed = from + fewest - 1; needed >= first) {
        if (needed >= tracker.count() || tracker.lost(needed) ||
            tones_.cannot_be_in(simd::kernels().energy(tracker.samples(needed).data()))) {
            return 0;
        }
    }
    std::int64_t b = first;
    for (; b < tracker.count() && !tracker.lost(b); ++b) {
        const HeardTones heard = tracker.tones(b, pair().row, pair().column);
        const bool is_strange = (strange_ >> (tracker.count() - 1 - b) & 1U) != 0;
        if (is_strange || !tones_.are_in(heard)) {
            break;
        }
    }
    return b >= from + fewest ? b * sub_block_samples : 0;
}

KeyShares::Stretch KeyFollower::last_full_stretch(const ToneTracker& tracker) const noexcept {
    const std::int64_t begun = onset_ / sub_block_samples;
    return shares_.last_full_stretch(std::max(begun + first_full_, tracker.oldest()), begun + confirmed_,
                                     tracker.count());
}

bool KeyFollower::belongs_to_last(const ToneEvidence& evidence) noexcept {
    // In one comparison: the processor would mispredict either.
    const int other_row = static_cast<int>(evidence.pair.row != pair().row);
    const bool is_other = (other_row | static_cast<int>(evidence.pair.column != pair().column)) != 0;
    if (is_other || over_ == 0 || max_echo_delay_ == 0) {
        return false;
    }
    const SampleIndex since = evidence.onset - over_;
    const auto heard_until = static_cast<std::int32_t>(evidence.end * sub_block_samples - over_);
    // No pause between them: the end was detected too early.
    if (since <= same_until_ + max_interruption_) {
        same_until_ = heard_until;
        return true;
    }
    const SampleIndex latest =
        std::max<SampleIndex>(max_echo_delay_, echo_until_ + samples_in(longest_echo_gap));
    const double loudest = static_cast<double>(tones_.most_energy()) / sub_block_size;
    if (since > latest || power_ratio(loudest / evidence.fit.tone_power).value < min_echo_loss_db_) {
        return false;
    }
    echo_until_ = heard_until;
    return true;
}

} // namespace keytone
