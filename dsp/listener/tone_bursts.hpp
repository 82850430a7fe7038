// SPDX-License-Identifier: MIT
//
// The sounds of a line, one after another, and which of them are steady tones of 300 to 700 Hz. One letter
// for each frame of 10 ms:
//
//     burst    ...#TTTTTTTTTTTTT#...      "." softer by 10 dB for at least three frames, or not sound at all
//     burst    ...#TTTT.TTTT.TTT#...      a modulated tone: its soft frames are fewer than three in a row
//     other    ...WWWWWWWWWWWWWWW...      a word: not one tone, pair or modulated tone for its first 200 ms
#pragma once

#include "dsp/detector/tone_recurrence.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/listener/burst_spectrum.hpp"
#include "dsp/listener/line_front.hpp"
#include "dsp/prefetch.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace keytone {

/// One sound, or what there was of it so far.
struct ToneBurst {
    enum class Stage : std::uint8_t {
        began,    ///< Something began to sound.
        goes_on,  ///< Another frame of a steady tone; not while its last 200 ms are in doubt.
        ended,    ///< A steady tone has ended.
        other,    ///< It is no steady tone of call progress: said once.
        vanished, ///< It was a click, or too soft beside the tone before it, and does not count.
    };
    Stage stage;
    BurstTone tone;    ///< Of the first 200 ms; none before they are known.
    SampleIndex begin; ///< The first sample.
    SampleIndex end;   ///< The one after the last, or after what was heard so far.
    float power;       ///< Mean square of 16-bit samples.
};

/// Finds them in the frames of a line. A plain value.
class ToneBursts {
  public:
    /// Limits in the listener's units.
    struct Settings {
        double stream_hz;           ///< Of the averages.
        SampleCount frame;          ///< Samples of the line.
        float least_share;          ///< Of the power, in a tone's lines.
        float most_change = 0.008F; ///< Of the frequency, from one 200 ms to the next.
        float most_louder = 1.6F;   ///< Of the power, likewise.
    };
    using Sink = FunctionRef<void(const ToneBurst&)>;

    explicit ToneBursts(const Settings& settings) noexcept;

    /// Hears a frame. `[audio]`
    void hear(const LineFront::Frame& frame, Sink sink) noexcept {
        if (!passes(frame)) {
            hear_further(frame, sink);
        }
    }
    /// Hears a frame in which nothing changes: silence, or a sound that is no tone. Otherwise false, and
    /// hear_further() has to hear it. `[audio]`
    bool passes(const LineFront::Frame& frame) noexcept {
        if (state_.stage == Stage::silence) {
            return !frame.active;
        }
        const bool waits = state_.stage == Stage::undecided && !ends_window();
        if (!goes_on(frame) || !(waits || state_.stage == Stage::other)) {
            return false;
        }
        hear_loud(frame);
        if (waits) {
            keep(frame, false);
        }
        return true;
    }
    /// `[audio]`
    void hear_further(const LineFront::Frame& frame, Sink sink) noexcept;
    /// Fetches from memory what the next frame touches, but for the samples, which are only written. `[any]`
    void prefetch() const noexcept { prefetch_early(&window_samples_, &state_ + 1); }
    /// Whether something sounds, but for noise in the pauses of a tone. `[any]`
    [[nodiscard]] bool sounds() const noexcept { return state_.stage != Stage::silence && !is_noise(); }

  private:
    enum class Stage : std::uint8_t {
        silence,
        undecided, // its first 200 ms
        tone,
        other,
    };
    // After so many and so many more, what is no tone is known.
    static constexpr std::int16_t early_frames = 6;
    /// The 200 ms that are examined next.
    struct Window {
        std::int16_t frames = 0;
        std::int16_t until_look = early_frames; // frames
        std::int16_t size = 0;                  // of `samples`
        float power = 0.0F;                     // the sum of its frames'
        std::int32_t sum = 0;                   // of less than four
        std::int16_t summed = 0;
        // Up to the last frame that was not soft.
        float loud_power = 0.0F;
        std::int16_t loud_frames = 0;
        std::int16_t loud_size = 0;
    };
    struct Examined {
        BurstTone tone;
        float power = 0.0F;  // mean square
        bool likely = false; // to be a tone, by its recurrences
    };
    struct State {
        Stage stage = Stage::silence;
        std::int16_t soft = 0; // frames in a row
        std::int32_t frames = 0;
        float power = 0.0F;      // mean of the loud frames
        float last_power = 0.0F; // of the last of them
        float tone_power = 0.0F; // of the last tone
        SampleIndex begin = 0;
        SampleIndex end = 0;
        BurstTone tone;
        float first_power = 0.0F;    // of its first window
        bool spoilt = false;         // its last window
        OneToneRecurrence short_lag; // of the undecided; as in a frame, followed by the long lag
        ToneRecurrence long_lag;
        Window window;
    };

    // A frame this much louder than a sound so far is another sound. A pair of tones varies by less.
    static constexpr float much_louder = 8.0F;
    static constexpr float soft_share = 0.1F; // of a burst's power: softer frames are a pause

    [[nodiscard]] bool is_soft(const LineFront::Frame& frame) const noexcept {
        return !frame.active || frame.power < soft_share * state_.power;
    }
    /// Whether it is as loud as the sound so far.
    [[nodiscard]] bool goes_on(const LineFront::Frame& frame) const noexcept {
        return !is_soft(frame) && !(frame.power > much_louder * state_.power) && state_.frames > 0;
    }
    /// Whether it is looked at what the sound is once another frame is kept, or may be.
    [[nodiscard]] bool ends_window() const noexcept {
        return state_.window.until_look <= 1 || state_.window.size >= nearly_window_samples_;
    }
    /// A frame of a sound, not the first two.
    void hear_loud(const LineFront::Frame& frame) noexcept {
        ++state_.frames;
        const auto counted = static_cast<float>(std::min(state_.frames, std::int32_t{20}));
        state_.power += (frame.power - state_.power) / counted;
        state_.soft = 0;
        state_.last_power = frame.power;
        state_.end = frame.end;
    }
    [[nodiscard]] bool is_noise() const noexcept;
    void begin(const LineFront::Frame& frame, Sink sink) noexcept;
    void follow(const LineFront::Frame& frame, Sink sink) noexcept;
    void end(Sink sink) noexcept;
    void keep(const LineFront::Frame& frame, bool soft) noexcept;
    [[gnu::noinline]] void keep_parts(std::span<const std::int16_t> averages) noexcept;
    void put(std::int16_t average) noexcept;
    [[nodiscard]] bool may_be_tone(float noise) const noexcept;
    [[nodiscard]] Examined examine(bool at_end) noexcept;
    void take(const Examined& examined, Sink sink) noexcept;
    [[nodiscard]] bool same(const BurstTone& a, const BurstTone& b) const noexcept;
    void tell(ToneBurst::Stage stage, Sink sink) const noexcept;

    std::array<std::int16_t, most_burst_samples> samples_{};
    // What every frame touches, together, from a cache line's begin on.
    alignas(64) std::int16_t window_samples_;
    std::int16_t nearly_window_samples_; // which another frame may complete
    State state_;
    Settings settings_;
};

} // namespace keytone
