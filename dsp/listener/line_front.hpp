// SPDX-License-Identifier: MIT
//
// What all listeners of a line need of its samples, taken once: frames of 10 ms, each with its power, whether
// it is louder than the line's noise, and the sums to which tones are fitted.
#pragma once

#include "dsp/detector/tone_recurrence.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace keytone {

/// Cuts the samples of a line into frames. A plain value; the frames do not depend on how the stream is cut
/// into calls.
class LineFront {
  public:
    /// A frame of 10 ms. Tones are looked for at 8 to 12 kHz, after plain averaging of the samples, which is
    /// good enough.
    struct Frame {
        SampleIndex end; ///< Of the line's samples, the one after its last.
        float power;     ///< Mean square of 16-bit samples.
        bool active;     ///< Louder than the line's noise.
        /// At a lag of one average and at the long lag: the short one gives a rough pitch without the
        /// ambiguity of longer ones. Empty unless the frame is active.
        ToneRecurrence short_lag;
        ToneRecurrence long_lag;
        std::span<const std::int16_t> averages; ///< Valid until the sink returns.
    };
    using Sink = FunctionRef<void(const Frame&)>;

    /// What is sound: see LineLimits.
    struct Threshold {
        Dbm0 min_sound_level;
        Dbm0 max_noise_level;
        Decibels min_sound_over_noise;
        Dbm0 max_steady_noise_level{-25};
        Decibels min_sound_over_loudest{1.5};
        Decibels min_sound_over_hum{4.5};
    };

    LineFront(SampleRate rate, const Threshold& threshold) noexcept;

    /// Hears the next samples, and hands on each frame that they complete. `[audio]`
    void process(std::span<const std::int16_t> in, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The last 50 ms were a tone: no noise, however steady. `[audio]`
    void take_for_tone() noexcept KEYTONE_NONBLOCKING { ++noise_.tones; }
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    // Of any rate. `[any]`

    /// The power of the frame before the one that is heard; of the last one, once the sink has returned.
    [[nodiscard]] float power_before() const noexcept { return power_before_; }
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
    static constexpr std::size_t max_frame = 120;
    static constexpr std::size_t max_lag = 8;
    static constexpr std::size_t max_history = 4 * max_lag;

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

    void average(std::span<const std::int16_t> heard) noexcept;
    void end_frame(Sink sink) noexcept;
    [[nodiscard]] float sound_threshold(float power) noexcept;
    void end_noise_window(float power) noexcept;

    std::int16_t frame_;   // samples of the line
    std::int16_t divisor_; // samples of the line averaged into one
    std::int16_t lag_;     // the long one, in averages
    float min_power_;
    float max_noise_power_;
    float max_steady_power_;
    float over_noise_;
    float over_loudest_;
    float over_hum_;

    SampleIndex position_ = 0; // of the frame's first sample
    std::int64_t energy_ = 0;  // of the frame
    std::int32_t heard_ = 0;   // samples of the frame
    std::int32_t sum_ = 0;     // of the current average
    float power_before_ = 0.0F;
    Noise noise_{};
    std::array<std::int16_t, max_history + max_frame> averages_{};
};

} // namespace keytone
