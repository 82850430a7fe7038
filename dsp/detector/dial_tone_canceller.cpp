// SPDX-License-Identifier: MIT
#include "dsp/detector/dial_tone_canceller.hpp"

#include "dsp/arithmetic/phase.hpp"
#include "dsp/detector/dial_tone_fit.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace keytone {

namespace {

// How many sub-blocks are fitted, and which share of the power the fit may leave over: the fewer, the less.
// Voices leave more over, and glide. A pause of 45 ms between two keys has eight sub-blocks, of which at
// least six are kept.
constexpr std::int64_t least_fitted = 6;
constexpr std::int64_t most_fitted = 8;
constexpr double most_left_over = 0.03;
constexpr double most_left_over_of_least = 0.01;
// After a fit that failed, so many calls pass before the next attempt.
constexpr std::uint8_t rest = 3;

// How much of what is left of a tone in one sub-block is added to its phasor; for its frequency, the square
// of half of that.
constexpr double follow = 0.1;
// A dial tone is over when subtracting it adds energy, more than this share of its own, twice in a row: a key
// of about its level may look like that for one sub-block.
constexpr double over_share = 0.5;

// A tone that sounded for 45 ms is remembered for 1.5 s, longer than the pauses of E.180's dial tones.
constexpr std::uint8_t worth_remembering = 9;
constexpr std::uint16_t remembered = 300;
// It is back when, over 15 ms, each of its tones is about as loud as it was, and other sound does not drown
// it.
constexpr std::int64_t sub_blocks_again = 3;
constexpr double most_peak_ratio = 1.25;
constexpr SampleCount most_missing_again = 8;
constexpr double least_share_again = 0.1;
// How far the quick check before these may be off: its energy, for each sub-block, by what pairs of samples
// lose in rounding; a single tone's peak, by how far its cosine and sine are from equal power over 15 ms.
constexpr double energy_error = sub_block_size / 2.0 * 32.0;
constexpr double peak_error = 0.05;

double energy_of(std::span<const std::int16_t> samples) {
    double energy = 0.0;
    for (const std::int16_t sample : samples) {
        energy += static_cast<double>(sample) * sample;
    }
    return energy;
}

// How many sub-blocks at the end were kept, arrived, and are each like a dial tone.
std::int64_t alike_at_end(const ToneTracker& tracker) {
    std::int64_t run = 0;
    for (std::int64_t b = tracker.count() - 1; run < most_fitted && b >= tracker.oldest(); --b, ++run) {
        std::uint8_t alike = 0;
        simd::kernels().follow_dial_tone(tracker.samples(b).data(), true, 1.0F, alike);
        if (tracker.lost(b) || alike == 0) {
            break;
        }
    }
    return run;
}

using Recent = std::array<std::int16_t, most_fitted * sub_block_size>;

// Copies the last sub-blocks into `samples`.
std::span<const std::int16_t> recent(const ToneTracker& tracker, std::int64_t sub_blocks, Recent& samples) {
    auto next = samples.begin();
    for (std::int64_t b = tracker.count() - sub_blocks; b < tracker.count(); ++b) {
        const SubBlock sub_block = tracker.samples(b);
        next = std::copy(sub_block.begin(), sub_block.end(), next);
    }
    return std::span(samples).first(static_cast<std::size_t>(sub_blocks) * sub_block_size);
}

float sample_at(const ToneTracker& tracker, SampleIndex n) {
    return tracker.samples(n / sub_block_samples)[static_cast<std::size_t>(n % sub_block_samples)];
}

std::int16_t difference(std::int16_t sample, double tone) {
    return static_cast<std::int16_t>(
        std::lround(std::clamp(static_cast<double>(sample) - tone, -32768.0, 32767.0)));
}

} // namespace

void DialToneCanceller::cancel(std::span<std::int16_t, sub_block_size> samples, bool lost) noexcept {
    if (!is_cancelling()) {
        return;
    }
    std::array<std::int16_t, sub_block_size> left{};
    std::array<std::complex<double>, most_tones> error{};
    std::array<std::complex<double>, most_tones> walk{};
    std::array<std::complex<double>, most_tones> turn{};
    for (std::size_t k = 0; k < tones_; ++k) {
        walk[k] = tone_[k].phasor;
        turn[k] = std::polar(1.0, static_cast<double>(tone_[k].radians_per_sample));
    }
    double subtracted = 0.0;
    for (std::size_t n = 0; n < sub_block_size; ++n) {
        double sum = 0.0;
        for (std::size_t k = 0; k < tones_; ++k) {
            sum += walk[k].real();
        }
        left[n] = difference(samples[n], sum);
        const double remaining = std::clamp(static_cast<double>(samples[n]) - sum, -32768.0, 32767.0);
        subtracted += sum * sum;
        for (std::size_t k = 0; k < tones_; ++k) {
            error[k] += remaining * walk[k];
            walk[k] *= turn[k];
        }
    }
    for (std::size_t k = 0; k < tones_; ++k) {
        tone_[k].phasor = std::complex<float>(walk[k]);
    }
    if (lost) {
        return;
    }
    const bool is_over = energy_of(left) > energy_of(samples) + over_share * subtracted;
    if (is_over && is_almost_over_) {
        sounds_ = false;
        is_almost_over_ = false;
        has_just_ended_ = true;
        return;
    }
    std::copy(left.begin(), left.end(), samples.begin());
    is_almost_over_ = is_over;
    if (is_over) {
        return;
    }
    sounded_ = static_cast<std::uint8_t>(std::min<unsigned>(sounded_ + 1U, worth_remembering));
    if (sounded_ == worth_remembering) {
        remembered_ = remembered;
    }
    for (std::size_t k = 0; k < tones_; ++k) {
        // What is left of the tone, relative to it: real where it is stronger than expected, imaginary where
        // it is ahead.
        const std::complex<double> relative =
            2.0 / sub_block_size * std::conj(error[k]) / std::max(1.0, std::norm(walk[k]));
        tone_[k].phasor = std::complex<float>(walk[k] * (1.0 + follow * relative));
        tone_[k].radians_per_sample +=
            static_cast<float>(0.25 * follow * follow * relative.imag() / sub_block_size);
    }
}

std::optional<std::int64_t> DialToneCanceller::look_for(ToneTracker& tracker) noexcept {
    if (is_cancelling() || !tracker.dial_tone_may_sound()) {
        return std::nullopt;
    }
    if (rests_ > 0) {
        --rests_;
        return std::nullopt;
    }
    const std::int64_t sub_blocks = alike_at_end(tracker);
    if (sub_blocks < least_fitted) {
        return std::nullopt;
    }
    rests_ = rest;
    Recent samples;
    const auto found = find_dial_tone(recent(tracker, sub_blocks, samples),
                                      sub_blocks == most_fitted ? most_left_over : most_left_over_of_least);
    if (!found) {
        return std::nullopt;
    }
    reset();
    begin(*found);
    sounded_ = static_cast<std::uint8_t>(sub_blocks);
    const std::int64_t first = tracker.count() - sub_blocks;
    const Backwards tone = backwards(tracker.count() - tracker.oldest());
    take_out(tone, onset_of(tone, tracker), tracker);
    return first;
}

void DialToneCanceller::look_back(ToneTracker& tracker) noexcept {
    if (has_just_ended_) {
        put_back(tracker);
        has_just_ended_ = false;
        if (remembered_ == 0) {
            reset();
        }
    } else if (tones_ > 0 && !sounds_) {
        if (--remembered_ == 0) {
            reset();
        } else {
            look_again(tracker);
        }
    }
}

// The quick check: most of what sounds after a dial tone is no dial tone.
bool DialToneCanceller::may_be_back(const ToneTracker& tracker) const noexcept {
    const std::int64_t first = tracker.count() - sub_blocks_again;
    if (first < tracker.oldest()) {
        return false;
    }
    double energy = 0.0;
    for (std::int64_t b = first; b < tracker.count(); ++b) {
        if (tracker.lost(b)) {
            return false;
        }
        energy += static_cast<double>(simd::kernels().energy(tracker.samples(b).data())) + energy_error;
    }
    if (energy < least_energy_again()) {
        return false;
    }
    if (tones_ != 1) {
        return true;
    }
    const double turns = static_cast<double>(tone_[0].radians_per_sample) / (2.0 * std::numbers::pi);
    const auto half_step = short_phase_of_turns(0.5 * turns);
    const std::array<simd::Phase, 2> half_steps{half_step, half_step};
    simd::TonePairBasis basis;
    simd::kernels().make_basis(half_steps.data(), basis);
    const auto turn = std::complex<float>(std::polar(1.0, -2.0 * std::numbers::pi * turns * sub_block_size));
    std::complex<float> sum{};
    for (std::int64_t b = tracker.count() - 1; b >= first; --b) {
        simd::TonePairParts parts;
        simd::kernels().project(basis, tracker.samples(b).data(), parts);
        sum = sum * turn + std::complex<float>(parts.cos[0], -parts.sin[0]);
    }
    const double peak = 2.0 / (sub_blocks_again * sub_block_size) * static_cast<double>(std::abs(sum));
    const double ratio = peak / static_cast<double>(std::abs(tone_[0].phasor));
    return ratio * (1.0 - peak_error) <= most_peak_ratio &&
           ratio * (1.0 + peak_error) * most_peak_ratio >= 1.0;
}

double DialToneCanceller::least_energy_again() const noexcept {
    double power = 0.0;
    for (std::size_t k = 0; k < tones_; ++k) {
        power += 0.5 * static_cast<double>(std::norm(tone_[k].phasor));
    }
    return power / most_peak_ratio * static_cast<double>(sub_blocks_again * sub_block_size);
}

// The tone is back when it fills the last sub-blocks, as loud as it was.
void DialToneCanceller::look_again(ToneTracker& tracker) noexcept {
    if (!may_be_back(tracker)) {
        return;
    }
    Recent gathered;
    const auto samples = recent(tracker, sub_blocks_again, gathered);
    if (energy_of(samples) < least_energy_again()) {
        return;
    }
    DialToneFit known{.tones = tones_};
    for (std::size_t k = 0; k < tones_; ++k) {
        known.tone[k].radians_per_sample = static_cast<double>(tone_[k].radians_per_sample);
    }
    const DialToneFit fit = fit_known_dial_tone(samples, known);
    for (std::size_t k = 0; k < tones_; ++k) {
        const double ratio = std::abs(fit.tone[k].phasor) / static_cast<double>(std::abs(tone_[k].phasor));
        if (!(ratio <= most_peak_ratio && ratio * most_peak_ratio >= 1.0)) {
            return;
        }
    }
    if (fit.left_over > 1.0 - least_share_again) {
        return;
    }
    const auto remembered_tone = tone_;
    begin(fit);
    const Backwards tone = backwards(tracker.count() - tracker.oldest());
    const SampleIndex onset = onset_of(tone, tracker);
    if (onset > (tracker.count() - sub_blocks_again) * sub_block_samples + most_missing_again) {
        tone_ = remembered_tone; // another sub-block tells more
        sounds_ = false;
        return;
    }
    take_out(tone, onset, tracker);
}

void DialToneCanceller::begin(const DialToneFit& fit) noexcept {
    tones_ = fit.tones;
    for (std::size_t k = 0; k < tones_; ++k) {
        tone_[k] = {static_cast<float>(fit.tone[k].radians_per_sample),
                    std::complex<float>(fit.tone[k].phasor)};
    }
    sounds_ = true;
    is_almost_over_ = false;
}

// The tone's last samples, in reverse order; the rest of the array stays unset.
DialToneCanceller::Backwards DialToneCanceller::backwards(std::int64_t sub_blocks) const noexcept {
    Backwards tone;
    std::array<std::complex<double>, most_tones> walk{};
    std::array<std::complex<double>, most_tones> turn{};
    for (std::size_t k = 0; k < tones_; ++k) {
        walk[k] = tone_[k].phasor;
        turn[k] = std::polar(1.0, -static_cast<double>(tone_[k].radians_per_sample));
    }
    const auto samples = static_cast<std::size_t>(sub_blocks * sub_block_samples);
    for (std::size_t n = 0; n < samples; ++n) {
        double sum = 0.0;
        for (std::size_t k = 0; k < tones_; ++k) {
            walk[k] *= turn[k];
            sum += walk[k].real();
        }
        tone[n] = static_cast<float>(sum);
    }
    return tone;
}

// The sample, of those kept, from which on the samples are best explained by the tone.
SampleIndex DialToneCanceller::onset_of(const Backwards& tone, const ToneTracker& tracker) noexcept {
    const SampleIndex end = tracker.count() * sub_block_samples;
    SampleIndex onset = end;
    float evidence = 0.0F;
    float most = 0.0F;
    for (std::int64_t b = tracker.count() - 1; b >= tracker.oldest(); --b) {
        if (tracker.lost(b)) {
            continue;
        }
        const SubBlock samples = tracker.samples(b);
        const float* added = tone.data() + (end - (b + 1) * sub_block_samples);
        for (std::int64_t n = sub_block_samples - 1; n >= 0; --n, ++added) {
            evidence += *added * (2.0F * static_cast<float>(samples[static_cast<std::size_t>(n)]) - *added);
            if (evidence > most) {
                most = evidence;
                onset = b * sub_block_samples + n;
            }
        }
    }
    return onset;
}

void DialToneCanceller::take_out(const Backwards& tone, SampleIndex onset, ToneTracker& tracker) noexcept {
    const SampleIndex end = tracker.count() * sub_block_samples;
    tracker.hear_again(
        (end - onset + sub_block_samples - 1) / sub_block_samples, [&](std::int64_t index, auto samples) {
            for (SampleIndex n = std::max(index * sub_block_samples, onset);
                 n < (index + 1) * sub_block_samples; ++n) {
                std::int16_t& sample = samples[static_cast<std::size_t>(n % sub_block_samples)];
                sample = difference(sample, static_cast<double>(tone[static_cast<std::size_t>(end - 1 - n)]));
            }
        });
}

// Adds again what was subtracted after the tone's end: up to two sub-blocks before the last one.
void DialToneCanceller::put_back(ToneTracker& tracker) const noexcept {
    const SampleIndex end = tracker.count() * sub_block_samples;
    const std::int64_t first = std::max(tracker.oldest(), tracker.count() - 3);
    const Backwards tone = backwards(tracker.count() - first);
    SampleIndex over = first * sub_block_samples;
    float evidence = 0.0F;
    float most = 0.0F;
    for (SampleIndex n = over; n < end - sub_block_samples; ++n) {
        const float taken = tone[static_cast<std::size_t>(end - 1 - n)];
        evidence += taken * (2.0F * sample_at(tracker, n) + taken);
        if (evidence > most) {
            most = evidence;
            over = n + 1;
        }
    }
    tracker.hear_again(tracker.count() - over / sub_block_samples, [&](std::int64_t index, auto samples) {
        for (SampleIndex n = std::max(index * sub_block_samples, over);
             n < std::min((index + 1) * sub_block_samples, end - sub_block_samples); ++n) {
            std::int16_t& sample = samples[static_cast<std::size_t>(n % sub_block_samples)];
            sample = difference(sample, -static_cast<double>(tone[static_cast<std::size_t>(end - 1 - n)]));
        }
    });
}

} // namespace keytone
