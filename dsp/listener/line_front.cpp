// SPDX-License-Identifier: MIT
#include "dsp/listener/line_front.hpp"

#include "dsp/levels.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

constexpr double long_lag_seconds = 625e-6;
constexpr std::int16_t least_tones = 3; // in a noise window, that are a tone rather than noise
constexpr float louder_than_any = 1e12F;

int divisor_of(SampleRate rate) {
    return rate.hz() / 8000;
}

float power_of(Dbm0 level) {
    return static_cast<float>(0.5 * full_scale_pcm16 * full_scale_pcm16 *
                              power_ratio(level - full_scale_sine));
}

float ratio_of(Decibels ratio) {
    return static_cast<float>(power_ratio(ratio));
}

} // namespace

SampleCount LineFront::samples_of_frame(SampleRate rate) noexcept {
    return SampleCount{static_cast<int>(average_hz(rate) / frames_a_second)} * divisor_of(rate);
}

double LineFront::average_hz(SampleRate rate) noexcept {
    return static_cast<double>(rate.hz()) / divisor_of(rate);
}

int LineFront::long_lag(SampleRate rate) noexcept {
    return static_cast<int>(std::lround(average_hz(rate) * long_lag_seconds));
}

LineFront::LineFront(SampleRate rate, const Threshold& threshold) noexcept
    : frame_(static_cast<std::int16_t>(samples_of_frame(rate))),
      divisor_(static_cast<std::int16_t>(divisor_of(rate))),
      lag_(static_cast<std::int16_t>(long_lag(rate))),
      frame_samples_(static_cast<float>(frame_)),
      min_power_(power_of(threshold.min_sound_level)),
      max_noise_power_(power_of(threshold.max_noise_level)),
      max_steady_power_(power_of(threshold.max_steady_noise_level)),
      over_noise_(ratio_of(threshold.min_sound_over_noise)),
      over_loudest_(ratio_of(threshold.min_sound_over_loudest)),
      over_hum_(ratio_of(std::min(threshold.min_sound_over_hum, threshold.min_sound_over_noise))) {
    reset();
}

void LineFront::reset() noexcept {
    position_ = 0;
    energy_ = 0;
    heard_ = 0;
    sum_ = 0;
    last_power_ = 0.0F;
    before_ = {};
    // The line may begin with as much noise as it is allowed to have; the first silence shows how much there
    // is.
    noise_ = {max_noise_power_, louder_than_any, 0.0F, over_noise_};
}

/// Where samples have to be averaged, or do not come a frame at once.
bool LineFront::next_of_parts(std::span<const std::int16_t>& in, Frame& frame) noexcept {
    const auto heard = in.first(std::min(in.size(), static_cast<std::size_t>(frame_ - heard_)));
    in = in.subspan(heard.size());
    energy_ += simd::kernels().square_sum(heard.data(), heard.size());
    average(heard);
    heard_ = static_cast<std::int16_t>(heard_ + static_cast<std::int16_t>(heard.size()));
    if (heard_ < frame_) {
        return false;
    }
    end_frame(std::span(averages_).first(static_cast<std::size_t>(frame_ / divisor_)), energy_, frame);
    energy_ = 0;
    heard_ = 0;
    return true;
}

/// Adds the averages of `divisor` samples each.
void LineFront::average(std::span<const std::int16_t> heard) noexcept {
    auto next = static_cast<std::size_t>(heard_ / divisor_);
    if (divisor_ == 1) {
        std::copy(heard.begin(), heard.end(), averages_.begin() + static_cast<std::ptrdiff_t>(next));
        return;
    }
    std::int32_t sum = sum_;
    std::int32_t left = divisor_ - heard_ % divisor_;
    for (const std::int16_t sample : heard) {
        sum += sample;
        if (--left == 0) {
            averages_[next++] = static_cast<std::int16_t>(sum / divisor_);
            sum = 0;
            left = divisor_;
        }
    }
    sum_ = sum;
}

// Noise that is louder has to be steady for twice as long, and must not be a tone. Such a tone is sound, and
// changes nothing.
float LineFront::end_noise_window(float power) noexcept {
    const bool steady = noise_.loudest < over_noise_ * noise_.softest;
    const bool sounded = noise_.loudest > sound_threshold();
    const bool no_tone = noise_.tones < least_tones;
    if (steady && (no_tone || noise_.softest <= max_noise_power_)) {
        const bool long_steady = noise_.was_steady && no_tone;
        const float most = long_steady ? max_steady_power_ : std::max(noise_.level, max_noise_power_);
        noise_.level = std::min(noise_.softest, most);
        // Of tones up to the greatest noise, only the softest frame counts.
        const float over_softest = over_loudest_ * noise_.loudest / noise_.softest;
        noise_.sound = no_tone ? std::clamp(over_softest, over_hum_, over_noise_) : over_noise_;
    }
    const bool learnt = steady && no_tone && sounded && noise_.level == noise_.softest;
    noise_ = {noise_.level, power, power, noise_.sound, 0, 0, steady && no_tone};
    return learnt ? over_noise_ * noise_.level : 0.0F;
}

} // namespace keytone
