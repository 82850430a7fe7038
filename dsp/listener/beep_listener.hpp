// SPDX-License-Identifier: MIT
//
// Beeps that are not quite one steady tone: short ones, chirps, two tones at once, beeps in noise or out of a
// codec. They are told from voices by their edges and their level. A frame of 10 ms is a tone ("T"), an edge
// ("#") or quiet, which is 10 dB softer than the tone (".", or ":" where it is loud by itself):
//
//     beep     ::....#TTTTTTTT#..........          quiet before it, one level, quiet behind it
//     none     ##TTTTTTTTT#..........              no quiet before it: another tone, a word
//     none     ...#tttTTTTttt#..........           its level swells: a voice
//     none     ...#TTTTTTTT##TTTTT##TT             sound behind it
//
// LineListener hears steady tones by themselves, and whatever may be call progress: tones below 530 Hz are
// not for this listener.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/listener/line_front.hpp"
#include "dsp/listener/line_listener.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
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
    /// Silence, or at least 10 dB less, for this long after a beep.
    Milliseconds min_silence{100};
    /// The same pitch again within this time, from end to end, is a cadence.
    Milliseconds max_cadence_gap{7000};
    /// The same pitch again, as long as before, within this time is a reminder: of being held, of being
    /// recorded.
    Milliseconds max_reminder_gap{35000};
    /// Power of everything else in a beep, relative to its tones. G.711 with noise 15 dB below has -15.
    Decibels max_noise{-12};
    /// The same in any 10 ms of it.
    Decibels max_frame_noise{-8};
    /// How far the level of any 10 ms goes from the mean.
    Decibels max_level_change{2};
};

/// Hears such beeps in the frames of one line, beside its LineListener. A plain value.
class BeepListener {
  public:
    using Frame = LineFront::Frame;
    using Sink = FunctionRef<void(const LineEvent&)>;

    explicit BeepListener(SampleRate rate, const BeepLimits& limits = {}) noexcept;

    /// Lets `line` hear the next samples, and reports what either listener hears, each beep once. `frames`
    /// gets each frame after both. `[audio]`
    void process(LineListener& line, std::span<const std::int16_t> in, Sink sink,
                 LineFront::Sink frames) noexcept KEYTONE_NONBLOCKING;
    void process(LineListener& line, std::span<const std::int16_t> in,
                 Sink sink) noexcept KEYTONE_NONBLOCKING {
        for (Frame frame; !in.empty() && next(line, in, frame, sink);) {
        }
    }
    /// Takes samples from the front of `in` until they complete a frame, and reports what either listener
    /// hears in it; false when they complete none. `[audio]`
    bool next(LineListener& line, std::span<const std::int16_t>& in, Frame& frame,
              Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// The next frame; the end of a beep that is known now. `[audio]`
    std::optional<SampleIndex> add(const Frame& frame) noexcept KEYTONE_NONBLOCKING;
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING { state_ = {}; }

  private:
    /// The limits in frames, samples, ratios of powers, and cosines: at a lag of one average, a key's at the
    /// long lag.
    struct Settings {
        float min_length; // frames
        float max_length;
        float max_noise;
        float max_frame_noise;
        float max_level_change;
        float greatest_cosine;
        float least_cosine;
        float least_pair_cosine; // of two tones' mean frequency: call progress is below
        std::int32_t min_silence;
        std::int32_t max_cadence_gap;
        std::int32_t max_reminder_gap;
        std::int32_t frame;
        std::array<float, 4> key_low;
        std::array<float, 4> key_high;
    };
    /// One tone, or two, of a frame: the second cosine is that of the other tone.
    struct Pitch {
        bool pair;
        float cosine;
        float long_cosine;
        float second_cosine;
        float noise;
    };
    struct State {
        std::array<float, 3> before{}; // powers of the frames before this one, the last one first
        std::int32_t frames = 0;       // of the tone
        std::int32_t after = 0;        // frames behind it
        float power = 0.0F;            // means over the tone
        float noise = 0.0F;
        float length = 0.0F; // frames, the parts at both ends included
        float edge = 0.0F;   // power of the frame before
        Pitch last{};
        float least_cosine = 0.0F;
        float greatest_cosine = 0.0F;
        SampleIndex end = 0;
        // The last one.
        float cosine_before = 2.0F;
        float length_before = 0.0F;
        SampleIndex end_before = 0;
        SampleIndex reported = -1; // the end of the last beep that either listener reported
    };

    [[nodiscard]] std::optional<Pitch> pitch(const Frame& frame) const noexcept;
    [[nodiscard]] bool goes_on(const Pitch& heard, float power) const noexcept;
    void begin(const Pitch& heard, float power) noexcept;
    void follow(const Pitch& heard, float power) noexcept;
    std::optional<SampleIndex> end(const Frame& frame) noexcept;
    [[nodiscard]] bool is_beep() const noexcept;
    [[nodiscard]] bool is_again() const noexcept;
    [[nodiscard]] bool is_new(SampleIndex end) noexcept;

    Settings settings_;
    State state_;
};

} // namespace keytone
