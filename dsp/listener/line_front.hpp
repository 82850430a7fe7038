// SPDX-License-Identifier: MIT
//
// What all listeners of a line need of its samples, taken once: frames of 10 ms, each with its power, whether
// it is louder than the line's noise, and the sums to which tones are fitted.
#pragma once

#include "dsp/detector/tone_recurrence.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/simd/detector_kernels.hpp"
#include "dsp/units.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace keytone {

/// Cuts the samples of a line into frames. A plain value; the frames do not depend on how the stream is cut
/// into calls.
class LineFront {
  public:
    /// A frame of 10 ms. Tones are looked for at 8 to 12 kHz, after plain averaging of the samples, which is
    /// good enough.
    struct Frame {
        SampleIndex end = 0;       ///< Of the line's samples, the one after its last.
        float power = 0.0F;        ///< Mean square of 16-bit samples.
        float power_before = 0.0F; ///< Of the frame before.
        bool active = false;       ///< Louder than the line's noise.
        /// What sounded until now turned out to be the line's noise: it is softer than this. 0: it did not.
        float learnt_noise = 0.0F;
        /// At a lag of one average and at the long lag: the short one gives a rough pitch without the
        /// ambiguity of longer ones. Empty unless the frame is active.
        OneToneRecurrence short_lag;
        ToneRecurrence long_lag;
        std::span<const std::int16_t> averages; ///< Valid until the next samples are heard.
    };
    using Sink = FunctionRef<void(const Frame&)>;

    static constexpr std::size_t max_frame = 120; ///< Averages.
    static constexpr int frames_a_second = 100;

    /// What is sound: see LineLimits.
    struct Threshold {
        Dbm0 min_sound_level;
        Dbm0 max_noise_level;
        Decibels min_sound_over_noise;
        Dbm0 max_steady_noise_level;
        Decibels min_sound_over_loudest;
        Decibels min_sound_over_hum;
    };

    LineFront(SampleRate rate, const Threshold& threshold) noexcept;

    /// Takes samples from the front of `in` until they complete a frame; false when they complete none.
    /// `[audio]`
    [[gnu::always_inline]] bool next(std::span<const std::int16_t>& in,
                                     Frame& frame) noexcept KEYTONE_NONBLOCKING {
        const auto whole = static_cast<std::size_t>(frame_);
        if (divisor_ > 1 || heard_ > 0 || in.size() < whole) {
            return next_of_parts(in, frame);
        }
        end_frame(in.first(whole), simd::kernels().square_sum(in.data(), whole), frame);
        in = in.subspan(whole);
        return true;
    }
    /// Hears the next samples, and hands on each frame that they complete. `[audio]`
    void process(std::span<const std::int16_t> in, Sink sink) noexcept KEYTONE_NONBLOCKING {
        for (Frame frame; !in.empty() && next(in, frame);) {
            sink(frame);
        }
    }
    /// The last 50 ms were a tone: no noise, however steady. `[audio]`
    void take_for_tone() noexcept KEYTONE_NONBLOCKING { ++noise_.tones; }
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    /// The object's front up to here is what every frame touches that is heard at once. `[any]`
    [[nodiscard]] const void* often_touched_end() const noexcept { return &before_ + 1; }

    // Of any rate. `[any]`

    /// The last frame's.
    [[nodiscard]] float last_power() const noexcept { return last_power_; }
    /// Samples of a frame.
    [[nodiscard]] SampleCount frame() const noexcept { return frame_; }
    /// Samples of a frame at `rate`.
    [[nodiscard]] static SampleCount samples_of_frame(SampleRate rate) noexcept;
    /// The averages' rate, in Hz: 8000 to 12 000.
    [[nodiscard]] static double average_hz(SampleRate rate) noexcept;
    /// The long lag, in averages. Separates 350 from 440 Hz and, together with a lag of one average, the two
    /// frequencies of every key.
    [[nodiscard]] static int long_lag(SampleRate rate) noexcept;

  private:
    static constexpr std::size_t history = 32;       // of a recurrence
    static constexpr std::int16_t noise_window = 50; // frames

    /// The line's own noise, and the softest and loudest frame of the last half second.
    struct Noise {
        float level;
        float softest;
        float loudest;
        float sound = 0.0F; // the softest, over the level
        std::int16_t frames = 0;
        std::int16_t tones = 0;  // stretches of 50 ms of the last half second
        bool was_steady = false; // the half second before, and no tone
    };

    [[gnu::noinline]] bool next_of_parts(std::span<const std::int16_t>& in, Frame& frame) noexcept;
    void average(std::span<const std::int16_t> heard) noexcept;
    [[gnu::always_inline]] void end_frame(std::span<const std::int16_t> averages, std::int64_t energy,
                                          Frame& frame) noexcept;
    [[nodiscard]] float sound_threshold() const noexcept {
        return std::max(min_power_, noise_.sound * noise_.level);
    }
    /// Follows the noise; returns Frame::learnt_noise.
    float hear_noise(float power) noexcept;
    float end_noise_window(float power) noexcept;

    // What a frame touches that is heard at once.
    SampleIndex position_ = 0; // of the frame's first sample
    std::int16_t frame_;       // samples of the line
    std::int16_t divisor_;     // samples of the line averaged into one
    std::int16_t lag_;         // the long one, in averages
    std::int16_t heard_ = 0;   // samples of the frame
    float frame_samples_;      // `frame_`
    float min_power_;
    float last_power_ = 0.0F;
    Noise noise_{};
    std::array<std::int16_t, history> before_{}; // the averages before the frame's
    // What half a second touches.
    float max_noise_power_;
    float max_steady_power_;
    float over_noise_;
    float over_loudest_;
    float over_hum_;
    // What one touches that is not heard at once.
    std::int32_t sum_ = 0;    // of the current average
    std::int64_t energy_ = 0; // of the frame
    std::array<std::int16_t, max_frame> averages_{};
};

// Noise is what keeps its level for half a second without being louder than noise may be. Its level is that
// of the softest 20 ms, and anything softer lowers it at once.
inline float LineFront::hear_noise(float power) noexcept {
    noise_.softest = std::min(noise_.softest, power);
    noise_.loudest = std::max(noise_.loudest, power);
    if (power < noise_.level) { // It varies more than it did.
        noise_.sound = std::min(over_noise_, noise_.sound * noise_.level / std::max(power, 1.0F));
        noise_.level = power;
    }
    return ++noise_.frames == noise_window ? end_noise_window(power) : 0.0F;
}

inline void LineFront::end_frame(std::span<const std::int16_t> averages, std::int64_t energy,
                                 Frame& frame) noexcept {
    const float power = static_cast<float>(energy) / frame_samples_;
    // Of 50 Hz, every other 10 ms may hold much more than those between: noise is that of 20 ms.
    const float both = position_ == 0 ? power : 0.5F * (power + last_power_);
    frame.learnt_noise = hear_noise(both);
    const bool active = std::min(power, both) > sound_threshold();
    position_ += frame_;
    frame.end = position_;
    frame.power = power;
    frame.power_before = last_power_;
    frame.active = active;
    frame.averages = averages;
    if (active) {
        rough_recurrences(before_.data(), averages, static_cast<std::size_t>(lag_), frame.short_lag,
                          frame.long_lag);
    } else {
        frame.short_lag = {};
        frame.long_lag = {};
    }
    last_power_ = power;
    std::memcpy(before_.data(), averages.last<history>().data(), sizeof before_);
}

} // namespace keytone
