// SPDX-License-Identifier: MIT
//
// Tones that are the same in every country: the three before an announcement (SIT), those of faxes and of
// modems. All are single tones of 850 to 2300 Hz, one after another or alone:
//
//     SIT      111111112222222233333333...   known when the third has ended
//     CNG      11111111111111.............   1100 Hz for 0.5 s, and then silence up to 1.1 s
//     CED      111111111111111111111111111   2100 Hz for 1 s; ANSam: with 15 Hz in its level, or reversed
//     V.21     ABBBABBBABBBABBBABBBABBBABB   flags: two of eight bits are 1850 Hz, six are 1650 Hz
#pragma once

#include "dsp/detector/tone_recurrence.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/listener/line_front.hpp"
#include "dsp/listener/phase_reversals.hpp"
#include "dsp/listener/progress_tone.hpp"
#include "dsp/listener/tone_level.hpp"
#include "dsp/prefetch.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace keytone {

/// The limits of these tones. Where no source is named, the limit is keytone's
/// own.
struct MachineToneLimits {
    /// Power of everything else, relative to the tone, in one frame.
    Decibels max_noise{-6};
    /// A segment of special information. E.180: 330 ± 70 ms; SR-2275: 274 and 380
    /// ms; and 10 %.
    Milliseconds min_segment{225};
    Milliseconds max_segment{445};
    /// Between two segments. E.180: 30 ms.
    Milliseconds max_segment_pause{60};
    /// What is longer is a long segment, SR-2275.
    Milliseconds long_segment{327};
    /// All three frequencies may be off by this much together, and each by this
    /// much more.
    double information_percent = 2.0;
    double segment_percent = 1.2;
    /// CNG. T.30: 1100 ± 38 Hz, 0.5 s ± 15 %.
    Hertz calling{1100};
    Hertz calling_tolerance{50};
    Milliseconds min_calling{400};
    Milliseconds max_calling{600};
    /// It is known so long after its first sample, if nothing else was heard.
    Milliseconds calling_known{1080};
    /// Without another burst for so long it has ended. T.30: 3 s ± 15 %, and the
    /// burst.
    Milliseconds max_calling_pause{4300};
    /// CED, ANS, ANSam. V.25: 2100 ± 15 Hz.
    Hertz answering{2100};
    Hertz answering_tolerance{40};
    Milliseconds min_answering{1000};
    /// Where a codec makes its level waver, as ANSam's does. Which of the two it is takes longer, if it lasts
    /// that long. V.25: 2.6 to 4 s.
    Milliseconds min_rough_answering{2000};
    Milliseconds rough_kind_known{2400};
    /// V.8: a fifth of the amplitude, at 15 Hz.
    Hertz answering_modulation{15};
    double min_modulation_depth = 0.1;
    /// V.25: reversed every 450 ± 25 ms.
    Milliseconds reversal{450};
    Milliseconds reversal_tolerance{70};
    /// V.21's flags last 1 s ± 15 %, T.30. They are known after this, or later
    /// through codecs for speech.
    Milliseconds min_preamble{300};
};

/// A tone that was found.
struct MachineTone {
    bool ended; ///< It has stopped, or else it is there.
    ProgressTone tone;
    SpecialInformation information;
    SampleIndex begin;
    SampleIndex end; ///< So far.
    float hz;
    float power;     ///< Mean square of 16-bit samples.
    float certainty; ///< 0 to 1.
};

/// Finds them in the frames of a line. A plain value.
class MachineTones {
  public:
    using Sink = FunctionRef<void(const MachineTone&)>;

    MachineTones(SampleRate rate, SampleCount frame, const MachineToneLimits& limits) noexcept;

    /// Hears a frame. `[audio]`
    void hear(const LineFront::Frame& frame, Sink sink) noexcept {
        if (!passes(frame)) {
            hear_further(frame, sink);
        }
    }
    /// Hears a frame in which nothing begins, goes on or ends, as most of speech
    /// are. Otherwise false, and hear_further() has to hear it. `[audio]`
    bool passes(const LineFront::Frame& frame) noexcept {
        ++frames_;
        return !follows_ && !may_begin(frame);
    }
    /// `[audio]`
    void hear_further(const LineFront::Frame& frame, Sink sink) noexcept;
    /// Fetches from memory what every frame touches. `[any]`
    void prefetch() const noexcept { prefetch_early(&frames_, &follows_ + 1); }
    /// What one touches besides while something is followed. `[any]`
    void prefetch_rest() const noexcept {
        if (follows_) {
            prefetch_early(&state_.run, &state_.calling + 1);
        }
    }
    /// Forgets the stream. `[audio]`
    void reset() noexcept {
        state_ = {};
        frames_ = 0;
        follows_ = false;
    }
    /// The tone that was found and has not ended. `[any]`
    [[nodiscard]] std::optional<ProgressTone> sounding() const noexcept {
        return follows_ && state_.heard ? std::optional(state_.heard->tone) : std::nullopt;
    }

  private:
    /// One frequency that keeps sounding.
    struct Run {
        SampleIndex begin = 0;
        SampleIndex end = 0;
        std::int32_t frames = 0; // 0: there is none
        std::int32_t missed = 0; // in a row
        float cosine = 0.0F;     // at a lag of one average
        float long_cosine = 0.0F;
        float power = 0.0F; // mean
        OneToneRecurrence short_lag;
        ToneRecurrence long_lag;
        ToneLevel level;
        bool may_answer = false; // its reversals are heard
        bool asked = false;      // whether it is an answering tone
    };
    struct Segment {
        SampleIndex begin = 0;
        SampleIndex end = 0;
        float hz = 0.0F;
        float power = 0.0F;
    };
    /// Frames in a row that may be flags.
    struct Flags {
        std::int32_t frames = 0;
        std::int32_t missed = 0; // in a row
        bool told = false;
        SampleIndex begin = 0;
        float power = 0.0F;
        float sum = 0.0F; // of the cosines, and of their squares
        float squares = 0.0F;
        float wave_cos = 0.0F; // at the flags' frequency
        float wave_sin = 0.0F;
    };
    // What every frame touches while something is followed comes first.
    struct State {
        Run run;
        Flags flags;
        std::optional<MachineTone> heard; // what was told and has not ended
        std::optional<Segment> calling;   // a burst that waits for its silence
        SampleIndex calling_end = 0;
        std::array<Segment, 3> segments{};
    };
    struct Pitch {
        float cosine;
        float long_cosine;
        float noise;
    };

    /// Whether it is not known that no tone of a machine begins: most frames of
    /// speech are none.
    [[nodiscard]] bool may_begin(const LineFront::Frame& frame) const noexcept {
        return frame.active && !frame.short_lag.is_outside(lowest_cosine_, highest_cosine_) &&
               !frame.short_lag.leaves_more_than(max_noise_);
    }
    [[nodiscard]] std::optional<Pitch> pitch(const LineFront::Frame& frame) const noexcept;
    void follow_run(const LineFront::Frame& frame, Sink sink) noexcept;
    void add_to_run(const LineFront::Frame& frame, const Pitch& pitch) noexcept;
    void add_to_answering(const LineFront::Frame& frame) noexcept;
    [[nodiscard]] double turns_of(Hertz frequency) const noexcept;
    void end_run(Sink sink) noexcept;
    [[nodiscard]] float frequency(const OneToneRecurrence& short_lag,
                                  const ToneRecurrence& long_lag) const noexcept;
    void find_information(Sink sink) noexcept;
    void follow_calling(const LineFront::Frame& frame, Sink sink) noexcept;
    void follow_answering(Sink sink) noexcept;
    void tell_answering(Sink sink) noexcept;
    [[nodiscard]] SampleCount least_answering() const noexcept;
    [[nodiscard]] bool reversed() const noexcept { return state_.run.may_answer && reversals_.repeats(); }
    void follow_flags(const LineFront::Frame& frame, Sink sink) noexcept;
    void end_flags(SampleIndex at, Sink sink) noexcept;
    void tell(const MachineTone& tone, Sink sink) noexcept;
    void tell_end(SampleIndex at, Sink sink) noexcept;
    [[nodiscard]] bool within(SampleCount length, Milliseconds least, Milliseconds most) const noexcept;

    // What every frame touches, together and first.
    std::int64_t frames_ = 0;
    float max_noise_;
    float lowest_cosine_;
    float highest_cosine_;
    bool follows_ = false; // there is something that the next frame may go on with, or end
    float answering_cosine_;
    float lowest_flag_cosine_; // of the frequencies, which fall as these rise
    float highest_flag_cosine_;
    float mean_flag_cosine_;
    std::int32_t frame_; // samples of the line
    SampleRate rate_;
    State state_;
    MachineToneLimits limits_;
    double average_hz_;
    int lag_;
    PhaseReversals reversals_; // of the run, where it may be an answering tone
};

} // namespace keytone
