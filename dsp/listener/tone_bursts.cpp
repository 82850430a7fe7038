// SPDX-License-Identifier: MIT
#include "dsp/listener/tone_bursts.hpp"

#include "dsp/simd/listener_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace keytone {

namespace {

constexpr std::int16_t soft_frames = 3;
// Of one tone without modulation, as second dial tones have pauses of 40 ms.
constexpr std::int16_t soft_frames_of_one_tone = 2;
constexpr std::int32_t least_frames = 4; // a burst of 50 ms has as many, or it is a click
// A sound this much softer than the tone before it is noise in its pauses.
constexpr float noise_share = 0.06F;
constexpr double window_seconds = 0.2;
// Before the lines are looked for, at a fraction of the cost: how much of the power is neither one tone nor
// two, and that the pitch is low. Tones in noise 20 dB below them have 0.026 at most, whatever the codec.
constexpr float most_noise = 0.07F;
constexpr float most_noise_so_far = 0.15F;         // of a part of a window
constexpr float least_cosine = 0.80F;              // at a lag of one average; a share of noise lowers it
constexpr float most_modulation_change_hz = 20.0F; // from one window to the next

float mean_power(float sum, std::int32_t count) {
    return sum / static_cast<float>(std::max(count, 1));
}

} // namespace

ToneBursts::ToneBursts(const Settings& settings) noexcept
    : window_samples_(static_cast<std::int16_t>(std::min(
          static_cast<int>(settings.stream_hz / burst_decimation * window_seconds), most_burst_samples))),
      nearly_window_samples_(static_cast<std::int16_t>(
          window_samples_ -
          (static_cast<int>(settings.stream_hz / LineFront::frames_a_second) / burst_decimation + 1))),
      settings_(settings) {}

void ToneBursts::tell(ToneBurst::Stage stage, Sink sink) const noexcept {
    sink({stage, state_.tone, state_.begin, state_.end, state_.power});
}

bool ToneBursts::is_noise() const noexcept {
    return state_.power < noise_share * state_.tone_power;
}

void ToneBursts::hear_further(const LineFront::Frame& frame, Sink sink) noexcept {
    if (state_.stage == Stage::silence) {
        begin(frame, sink);
        return;
    }
    if (frame.power > much_louder * state_.power) {
        end(sink);
        begin(frame, sink);
        return;
    }
    follow(frame, sink);
}

void ToneBursts::begin(const LineFront::Frame& frame, Sink sink) noexcept {
    const float tone_power = state_.tone_power;
    state_ = State{};
    state_.tone_power = tone_power;
    state_.stage = Stage::undecided;
    state_.begin = frame.end - settings_.frame;
    state_.end = frame.end;
    state_.power = frame.power;
    state_.last_power = frame.power;
    tell(ToneBurst::Stage::began, sink);
}

void ToneBursts::follow(const LineFront::Frame& frame, Sink sink) noexcept {
    const bool soft = is_soft(frame);
    if (soft) {
        ++state_.frames;
        const bool one_tone = state_.stage == Stage::tone && state_.tone.kind == BurstTone::Kind::single;
        if (++state_.soft >= (one_tone ? soft_frames_of_one_tone : soft_frames)) {
            end(sink);
            return;
        }
    } else if (state_.frames > 0) {
        hear_loud(frame);
    } else {
        // The first frame held only a part of the sound: the second replaces its power.
        const float part = std::min(1.0F, state_.power / frame.power);
        state_.begin += static_cast<SampleIndex>((1.0F - part) * static_cast<float>(settings_.frame));
        state_.power = frame.power;
        hear_loud(frame);
    }
    if (state_.stage == Stage::undecided || state_.stage == Stage::tone) {
        keep(frame, soft);
        if (state_.window.size >= window_samples_) {
            take(examine(false), sink);
        } else if (state_.window.until_look == 0) {
            state_.window.until_look = early_frames;
            if (state_.stage == Stage::undecided && !may_be_tone(most_noise_so_far)) {
                take({}, sink); // Words are most of all sounds: they are not kept for long.
            }
        }
    }
    if (state_.stage == Stage::tone && !state_.spoilt) {
        tell(ToneBurst::Stage::goes_on, sink);
    }
}

/// Keeps the frame for the window.
void ToneBursts::keep(const LineFront::Frame& frame, bool soft) noexcept {
    Window& window = state_.window;
    const std::span<const std::int16_t> averages = frame.averages;
    constexpr std::size_t at_once = burst_decimation * simd::fours_at_once;
    const std::size_t kept = averages.size() / burst_decimation;
    if (window.summed > 0 || averages.size() % at_once > 0 ||
        kept > static_cast<std::size_t>(window_samples_ - window.size)) {
        keep_parts(averages);
    } else {
        simd::listener_kernels().average_fours(averages.data(), kept, samples_.data() + window.size);
        window.size = static_cast<std::int16_t>(window.size + static_cast<std::int16_t>(kept));
    }
    state_.long_lag.add(frame.long_lag);
    state_.short_lag.add(frame.short_lag);
    window.power += frame.power;
    ++window.frames;
    --window.until_look;
    if (!soft) {
        window.loud_power = window.power;
        window.loud_frames = window.frames;
        window.loud_size = window.size;
    }
}

/// Averages that are not some whole fours at once, or that the window has no room for.
void ToneBursts::keep_parts(std::span<const std::int16_t> averages) noexcept {
    Window& window = state_.window;
    // A frame of 11 025 Hz is no whole number of fours: what is left over waits for the next one.
    for (; window.summed > 0 && !averages.empty(); averages = averages.subspan(1)) {
        put(averages.front());
    }
    const std::size_t room = static_cast<std::size_t>(window_samples_ - window.size);
    const std::size_t fours =
        std::min(averages.size() / burst_decimation, room) / simd::fours_at_once * simd::fours_at_once;
    simd::listener_kernels().average_fours(averages.data(), fours, samples_.data() + window.size);
    window.size = static_cast<std::int16_t>(window.size + static_cast<std::int16_t>(fours));
    for (const std::int16_t average : averages.subspan(burst_decimation * fours)) {
        put(average);
    }
}

void ToneBursts::put(std::int16_t average) noexcept {
    Window& window = state_.window;
    window.sum += average;
    window.summed = static_cast<std::int16_t>((window.summed + 1) % burst_decimation);
    if (window.summed == 0) {
        if (window.size < window_samples_) {
            samples_[static_cast<std::size_t>(window.size++)] = static_cast<std::int16_t>(window.sum >> 2);
        }
        window.sum = 0;
    }
}

bool ToneBursts::may_be_tone(float noise) const noexcept {
    if (state_.short_lag.is_below(least_cosine) || state_.long_lag.leaves_more_than(noise)) {
        return false;
    }
    const auto pitch = state_.short_lag.one_tone();
    const auto one = state_.long_lag.one_tone();
    if (!pitch || !one || pitch->cosine < least_cosine) {
        return false;
    }
    const auto two = state_.long_lag.two_tones();
    return one->noise_share < noise || (two && two->noise_share < noise);
}

ToneBursts::Examined ToneBursts::examine(bool at_end) noexcept {
    const Window& window = state_.window;
    const BurstTone none{};
    const bool likely = may_be_tone(most_noise);
    const auto size = static_cast<std::size_t>(at_end ? window.loud_size : window.size);
    const float power =
        at_end ? mean_power(window.loud_power, window.loud_frames) : mean_power(window.power, window.frames);
    const BurstTone tone = likely ? burst_tone(std::span(samples_).first(size), settings_.stream_hz, power,
                                               settings_.least_share)
                                  : none;
    state_.window = {};
    state_.long_lag = {};
    state_.short_lag = {};
    return {tone.share >= settings_.least_share ? tone : none, power, likely};
}

bool ToneBursts::same(const BurstTone& a, const BurstTone& b) const noexcept {
    const auto near = [&](float x, float y) { return std::abs(x - y) <= settings_.most_change * y; };
    if (a.kind == b.kind && a.kind != BurstTone::Kind::modulated) {
        return near(a.first_hz, b.first_hz) && near(a.second_hz, b.second_hz);
    }
    return a.kind == b.kind && near(a.first_hz, b.first_hz) &&
           std::abs(a.second_hz - b.second_hz) < most_modulation_change_hz;
}

/// Takes what a whole window shows.
void ToneBursts::take(const Examined& examined, Sink sink) noexcept {
    const BurstTone& tone = examined.tone;
    const bool first = state_.stage == Stage::undecided;
    const bool keeps_level = examined.power < settings_.most_louder * state_.first_power &&
                             state_.first_power < settings_.most_louder * examined.power;
    const bool fits =
        tone.kind != BurstTone::Kind::none && (first || (keeps_level && same(tone, state_.tone)));
    // A codec may spoil a single one of a tone's windows, most of all its first one.
    if (!fits && (!first || examined.likely) && !state_.spoilt) {
        state_.spoilt = true;
        return;
    }
    state_.spoilt = false;
    if (!fits) {
        state_.stage = Stage::other;
        state_.tone = {};
        tell(is_noise() ? ToneBurst::Stage::vanished : ToneBurst::Stage::other, sink);
        return;
    }
    if (first) {
        state_.tone = tone;
        state_.first_power = examined.power;
        state_.stage = Stage::tone;
    }
}

void ToneBursts::end(Sink sink) noexcept {
    const bool click = state_.frames - state_.soft < least_frames - 1;
    if (state_.stage == Stage::undecided && !click) {
        // What ended within 200 ms is examined as it is, and once.
        state_.spoilt = true;
        take(examine(true), sink);
    } else if (state_.stage == Stage::undecided) {
        tell(ToneBurst::Stage::vanished, sink);
    }
    if (state_.stage == Stage::tone) {
        // The last loud frame held only a part of the sound.
        const float part = std::min(1.0F, state_.last_power / state_.power);
        state_.end -= static_cast<SampleIndex>((1.0F - part) * static_cast<float>(settings_.frame));
        state_.tone_power = state_.power;
        tell(ToneBurst::Stage::ended, sink);
    }
    state_.stage = Stage::silence;
}

} // namespace keytone
