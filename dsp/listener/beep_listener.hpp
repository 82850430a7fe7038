// SPDX-License-Identifier: MIT
//
// Beeps that are not quite one steady tone: short ones, chirps, two tones at once, beeps in noise or out of a
// codec. They are told from voices by their edges, their level, and by what sounds beside their tones. A
// frame of 10 ms is loud ("T"), holds a part of the beep ("#") or is quiet ("."):
//
//     beep     .......#TTTTTTTT#..........         quiet before it, one level, quiet behind it
//     none     ...TT..TTTTTTTTT#..........         no quiet before it: another tone, a word
//     none     ...#tttTTTTttt#............         its level swells, and it is not clean: a voice
//     none     .......#TTTTTTTT#ttt.......         it dies away: a voice
//
// LineListener hears steady tones by themselves, and whatever may be call progress: tones below 530 Hz are
// not for this listener.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/listener/beep_tail.hpp"
#include "dsp/listener/line_front.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/prefetch.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

/// The limits of such beeps. They are keytone's own.
struct BeepLimits {
    /// What is lower may be ringing, busy or congestion (ITU-T E.180 Supplement 2).
    Hertz lowest{530};
    Hertz highest{2200};
    Milliseconds min_length{80};
    Milliseconds max_length{1500};
    /// Silence, or at least `min_edge` less, for this long after a beep.
    Milliseconds min_silence{100};
    /// The same pitch again within this time, from end to end, is a cadence.
    Milliseconds max_cadence_gap{7000};
    /// The same pitch again, as long as before, within this time is a reminder: of being held, of being
    /// recorded.
    Milliseconds max_reminder_gap{35000};
    /// What is before and behind a beep is softer by so much.
    Decibels min_edge{11.5};
    /// Power of everything else in a beep, relative to its tones. G.711 with noise 15 dB below has -15.
    Decibels max_noise{-13};
    /// How far the level of any 10 ms goes from the mean, in as much noise.
    Decibels max_level_change{1.2};
    /// A tone that is as clean as that is one though its level wavers: codecs for speech do this.
    Decibels max_noise_of_wavering{-20};
    Decibels max_rise{4};
    Decibels max_fall{9};
    /// Two tones that are as clean may waver so far.
    Decibels max_noise_of_wavering_pair{-18};
    Decibels max_pair_waver{3};
    /// Two tones at once last as long as this; so does a wavering tone soon after other sound.
    Milliseconds min_long{120};
};

/// Hears such beeps in the frames of one line, beside its LineListener. A plain value.
class BeepListener {
  public:
    using Frame = LineFront::Frame;
    using Sink = FunctionRef<void(const LineEvent&)>;

    explicit BeepListener(SampleRate rate, const BeepLimits& limits = {}) noexcept;

    /// Lets `line` hear the next samples, and reports what either listener hears, each beep once. `[audio]`
    void process(LineListener& line, std::span<const std::int16_t> in,
                 Sink sink) noexcept KEYTONE_NONBLOCKING {
        for (Frame frame; !in.empty() && next(line, in, frame, sink);) {
        }
    }
    /// Takes samples from the front of `in` until they complete a frame, and reports what either listener
    /// hears in it; false when they complete none. `[audio]`
    [[gnu::always_inline]] bool next(LineListener& line, std::span<const std::int16_t>& in, Frame& frame,
                                     Sink sink) noexcept KEYTONE_NONBLOCKING {
        const auto once = [&](const LineEvent& event) {
            if (is_new(event)) {
                sink(event);
            }
        };
        const bool ended = line.next(in, frame, once);
        if (ended) {
            hear(frame, once);
        }
        return ended;
    }
    /// Whether what either listener reports is none of a beep that was reported already. `[audio]`
    bool is_new(const LineEvent& event) noexcept KEYTONE_NONBLOCKING {
        return event.kind != LineEvent::Kind::beep_ended || is_new(event.at);
    }
    /// The next frame, once the line listener has heard it: reports a beep that is known now, whether or not
    /// the line listener did. `[audio]`
    void hear(const Frame& frame, Sink sink) noexcept KEYTONE_NONBLOCKING {
        if (state_.sounds || may_begin(frame)) {
            hear_and_tell(frame, sink);
        }
        remember(frame.power);
    }
    /// Fetches from memory what every frame touches. `[any]`
    void prefetch() const noexcept { prefetch_early(&settings_.max_rise, &state_.sounds + 1); }
    /// What one touches besides where something sounds that may be a beep. `[any]`
    void prefetch_rest() const noexcept {
        if (state_.sounds) {
            prefetch_early(&state_.held, &state_.end + 1);
        }
    }
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING { state_ = {}; }

  private:
    /// The limits in frames, samples, ratios of powers, and cosines at a lag of one average.
    struct Settings {
        float min_length; // frames
        float min_long;
        float max_length;
        float max_noise;
        float max_level_change;
        float max_noise_of_wavering;
        float max_noise_of_wavering_pair;
        float max_pair_waver;
        float least_cosine;
        float greatest_pair_cosine; // of two tones' mean frequency: call progress is below
        std::int32_t min_silence;
        std::int32_t max_cadence_gap;
        std::int32_t max_reminder_gap;
        std::int32_t frame;
        std::int32_t long_lag; // in averages
        float average_hz;
        // What the frames of what may be a beep touch.
        float max_rise;
        float max_fall;
        float greatest_cosine;
        float max_quiet; // of a beep's power; last, as every frame touches it, and what follows
    };
    /// A loud frame, as one tone and, where that is not all, as two.
    struct Heard {
        float power;
        float cosine; // at a lag of one average
        float short_noise;
        float long_noise;
        float two_noise; // what two tones leave
        bool two;
        float first_cosine; // of two tones, at the long lag
        float second_cosine;
    };
    /// Of a cosine.
    struct Steadiness {
        float sum = 0.0F;
        float square = 0.0F;

        void add(float cosine) noexcept {
            sum += cosine;
            square += cosine * cosine;
        }
        [[nodiscard]] bool wanders_less(float most, float count) const noexcept;
    };
    /// Sums over the frames of a beep, but for the part at either end.
    struct Sums {
        std::int32_t frames = 0;
        std::int32_t twos = 0; // frames that two tones were fitted to
        float power = 0.0F;
        float least_power = 0.0F;
        float greatest_power = 0.0F;
        Steadiness cosine;
        float least_cosine = 0.0F;
        float greatest_cosine = 0.0F;
        float short_noise = 0.0F;
        float long_noise = 0.0F;
        float two_noise = 0.0F;
        Steadiness first;
        Steadiness second;

        void add(const Heard& heard) noexcept;
    };
    static constexpr std::uint32_t frames_before = 8;
    static constexpr float fade = 0.93F; // of what is remembered, in each frame
    struct State {
        std::array<float, frames_before> before{}; // powers of the frames before this one, in a ring
        std::uint32_t newest = 0;                  // of them
        float faded = 0.0F;                        // the loudest of all before these, the less the longer ago
        bool sounds = false;                       // something that may be a beep
        bool soon = false;                         // soon after other sound
        std::int32_t after = 0;                    // frames behind it
        float edge = 0.0F;                         // power of the part at its begin
        Heard held{};                              // its last frame, which may be the part at its end
        Sums sums;
        float length = 0.0F; // frames, the parts at both ends included
        BeepTail tail;
        SampleIndex end = 0;
        // The last one.
        float cosine_before = 2.0F;
        float length_before = 0.0F;
        SampleIndex end_before = 0;
        SampleIndex reported = -1; // the end of the last beep that either listener reported
    };

    [[nodiscard]] std::optional<Heard> heard_in(const Frame& frame) const noexcept;
    /// The frame before may be the edge of what begins.
    [[nodiscard]] bool may_begin(const Frame& frame) const noexcept {
        return frame.active && power_before(1) < settings_.max_quiet * frame.power;
    }
    [[nodiscard]] bool is_behind_quiet(const Frame& frame) const noexcept;
    std::optional<SampleIndex> hear(const Frame& frame) noexcept;
    void hear_and_tell(const Frame& frame, Sink sink) noexcept;
    [[nodiscard]] float power_before(std::uint32_t frames) const noexcept {
        return state_.before[(state_.newest - frames) % frames_before];
    }
    [[nodiscard]] float mean_power() const noexcept;
    void begin(const Frame& frame) noexcept;
    void follow(const Frame& frame) noexcept;
    void end(const Frame& frame) noexcept;
    std::optional<SampleIndex> hear_silence(const Frame& frame) noexcept;
    void remember(float power) noexcept {
        state_.faded = std::max(fade * state_.faded, power_before(1));
        state_.before[++state_.newest % frames_before] = power;
    }
    [[nodiscard]] bool leaves_noise() const noexcept;
    [[nodiscard]] bool is_hopeless() const noexcept;
    [[nodiscard]] bool keeps_within(float rise, float fall) const noexcept;
    [[nodiscard]] bool is_beep() const noexcept;
    [[nodiscard]] bool is_one_tone() const noexcept;
    [[nodiscard]] bool is_pair() const noexcept;
    [[nodiscard]] bool is_key() const noexcept;
    [[nodiscard]] bool is_again() const noexcept;
    [[nodiscard]] bool is_new(SampleIndex end) noexcept;

    Settings settings_;
    State state_;
};

} // namespace keytone
