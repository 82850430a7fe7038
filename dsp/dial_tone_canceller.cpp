// SPDX-License-Identifier: MIT
#include "dsp/dial_tone_canceller.hpp"

#include "dsp/dial_tone_fit.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

constexpr auto block = static_cast<std::int64_t>(sub_block_size);

// What is fitted, and what the fit may leave over: the shorter it is, the less. Voices leave more over, and
// glide. A pause of 45 ms between two keys has eight sub-blocks, of which six are kept at the least.
constexpr std::int64_t least_fitted = 6;
constexpr std::int64_t most_fitted = 8;
constexpr double most_left_over = 0.03;
constexpr double most_left_over_of_least = 0.01;
// What did not fit is not looked at again at once.
constexpr std::uint8_t rest = 3;

// How much of what is left of a tone in one sub-block its phasor takes over; its frequency the square of half
// that.
constexpr double follow = 0.1;
// A dial tone is over when subtracting it adds more than this share of it, twice in a row: a key of about its
// level may look like that for one sub-block.
constexpr double over_share = 0.5;

// One that sounded for 40 ms is remembered for 4 s, the longest pause in a cadence of E.180.
constexpr std::uint8_t worth_remembering = 8;
constexpr std::uint16_t remembered = 800;
// It is back when each of its tones is, over 15 ms, about as loud as it was, and not drowned.
constexpr std::int64_t sub_blocks_again = 3;
constexpr double most_peak_ratio = 1.25;
constexpr double least_share_again = 0.1;

double energy_of(std::span<const std::int16_t> samples) {
    double energy = 0.0;
    for (const std::int16_t sample : samples) {
        energy += static_cast<double>(sample) * sample;
    }
    return energy;
}

// How many of the last sub-blocks were kept and arrived, each of them like a dial tone.
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

// Gathers the last sub-blocks.
std::span<const std::int16_t> recent(const ToneTracker& tracker, std::int64_t sub_blocks, Recent& samples) {
    auto next = samples.begin();
    for (std::int64_t b = tracker.count() - sub_blocks; b < tracker.count(); ++b) {
        const SubBlock sub_block = tracker.samples(b);
        next = std::copy(sub_block.begin(), sub_block.end(), next);
    }
    return std::span(samples).first(static_cast<std::size_t>(sub_blocks) * sub_block_size);
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
        const double rest = std::clamp(static_cast<double>(samples[n]) - sum, -32768.0, 32767.0);
        subtracted += sum * sum;
        for (std::size_t k = 0; k < tones_; ++k) {
            error[k] += rest * walk[k];
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
        if (remembered_ == 0) {
            reset();
        }
        return;
    }
    is_almost_over_ = is_over;
    sounded_ = static_cast<std::uint8_t>(std::min<unsigned>(sounded_ + 1U, worth_remembering));
    if (sounded_ == worth_remembering) {
        remembered_ = remembered;
    }
    for (std::size_t k = 0; k < tones_; ++k) {
        // What is left of the tone, relative to it: real where it is stronger, imaginary where it is ahead.
        const std::complex<double> relative =
            2.0 / sub_block_size * std::conj(error[k]) / std::max(1.0, std::norm(walk[k]));
        tone_[k].phasor = std::complex<float>(walk[k] * (1.0 + follow * relative));
        tone_[k].radians_per_sample +=
            static_cast<float>(0.25 * follow * follow * relative.imag() / sub_block_size);
    }
    std::copy(left.begin(), left.end(), samples.begin());
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
    const std::int64_t first = tracker.count() - sub_blocks;
    take_out_of(tracker);
    return first;
}

void DialToneCanceller::look_again(ToneTracker& tracker) noexcept {
    if (tones_ == 0 || sounds_) {
        return;
    }
    if (--remembered_ == 0) {
        reset();
        return;
    }
    for (std::int64_t b = tracker.count() - sub_blocks_again; b < tracker.count(); ++b) {
        if (b < tracker.oldest() || tracker.lost(b)) {
            return;
        }
    }
    Recent gathered;
    const auto samples = recent(tracker, sub_blocks_again, gathered);
    DialToneFit known{.tones = tones_};
    double power = 0.0;
    for (std::size_t k = 0; k < tones_; ++k) {
        known.tone[k].radians_per_sample = static_cast<double>(tone_[k].radians_per_sample);
        power += 0.5 * static_cast<double>(std::norm(tone_[k].phasor));
    }
    if (energy_of(samples) < power / most_peak_ratio * static_cast<double>(samples.size())) {
        return;
    }
    const DialToneFit fit = fit_known_dial_tone(samples, known);
    for (std::size_t k = 0; k < tones_; ++k) {
        const double ratio = std::abs(fit.tone[k].phasor) / static_cast<double>(std::abs(tone_[k].phasor));
        if (!(ratio <= most_peak_ratio && ratio * most_peak_ratio >= 1.0)) {
            return;
        }
    }
    if (fit.left_over <= 1.0 - least_share_again) {
        begin(fit);
        take_out_of(tracker);
    }
}

void DialToneCanceller::begin(const DialToneFit& fit) noexcept {
    tones_ = fit.tones;
    for (std::size_t k = 0; k < tones_; ++k) {
        tone_[k] = {static_cast<float>(fit.tone[k].radians_per_sample),
                    std::complex<float>(fit.tone[k].phasor)};
    }
    sounds_ = true;
    is_almost_over_ = false;
    sounded_ = 0;
}

// From the sample on, of those kept, from which the tone explains them best.
void DialToneCanceller::take_out_of(ToneTracker& tracker) const noexcept {
    const std::int64_t end = tracker.count() * block;
    std::array<std::complex<double>, most_tones> walk{};
    std::array<std::complex<double>, most_tones> turn{};
    for (std::size_t k = 0; k < tones_; ++k) {
        walk[k] = tone_[k].phasor;
        turn[k] = std::polar(1.0, -static_cast<double>(tone_[k].radians_per_sample));
    }
    std::array<float, ToneTracker::history * sub_block_size> tone; // backwards
    double evidence = 0.0;
    double most = 0.0;
    std::int64_t onset = end;
    for (std::int64_t n = end - 1; n >= tracker.oldest() * block; --n) {
        double sum = 0.0;
        for (std::size_t k = 0; k < tones_; ++k) {
            walk[k] *= turn[k];
            sum += walk[k].real();
        }
        tone[static_cast<std::size_t>(end - 1 - n)] = static_cast<float>(sum);
        if (tracker.lost(n / block)) {
            continue;
        }
        const double sample = tracker.samples(n / block)[static_cast<std::size_t>(n % block)];
        evidence += sum * (2.0 * sample - sum);
        if (evidence > most) {
            most = evidence;
            onset = n;
        }
    }
    tracker.hear_again((end - onset + block - 1) / block,
                       [&](std::int64_t index, std::span<std::int16_t, sub_block_size> samples) {
                           for (std::int64_t n = std::max(index * block, onset); n < (index + 1) * block; ++n) {
                               std::int16_t& sample = samples[static_cast<std::size_t>(n % block)];
                               sample = difference(sample, tone[static_cast<std::size_t>(end - 1 - n)]);
                           }
                       });
}

} // namespace keytone
