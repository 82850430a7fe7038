// SPDX-License-Identifier: MIT
//
// What the far side of a line does, for whoever waits for it before dialling on: someone speaks or has
// stopped speaking, there is a dial tone, an answering machine beeped. Ringing, busy and other call progress
// is sound, but none of these.
#pragma once

#include "dsp/detector/tone_recurrence.hpp"
#include "dsp/function_ref.hpp"
#include "dsp/listener/beep_tail.hpp"
#include "dsp/listener/line_frame.hpp"
#include "dsp/listener/line_front.hpp"
#include "dsp/listener/line_sounds.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/prefetch.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace keytone {

using namespace literals;

/// One thing heard on the line.
struct LineEvent {
    enum class Kind : std::uint8_t {
        sound_began, ///< Sound louder than the line's own noise.
        sound_ended, ///< Silence for `min_silence`, which is longer than pauses between words.
        dial_tone,   ///< Heard long enough to be one; `at` is its first sample.
        beep_ended,  ///< One short steady tone, and silence after it.
    };
    Kind kind;
    SampleIndex at;    ///< When it happened, within 20 ms (a dial tone's beginning within 60 ms).
    SampleIndex known; ///< Samples heard when it was reported. Never before `at`; never decreases.
};

/// The limits of the listener. Where no source is named, the limit is keytone's own.
struct LineLimits {
    /// Below this is silence, however quiet the line. Speech on the network is 20 to 40 dB above.
    Dbm0 min_sound_level{-50};
    /// Steady noise up to this level is taken for the line's own.
    Dbm0 max_noise_level{-40};
    /// The same for what has been steady for a second and is no tone: a noisy place, a line's hum.
    Dbm0 max_steady_noise_level{-25};
    /// Sound is this much above the softest 20 ms of the noise, as noise itself varies. In noise that varies
    /// less, it is `min_sound_over_loudest` above the loudest 20 ms of half a second, but at least
    /// `min_sound_over_hum` above the softest.
    Decibels min_sound_over_noise{8};
    Decibels min_sound_over_loudest{1.5};
    Decibels min_sound_over_hum{3.5};
    /// Anything shorter is a click.
    Milliseconds min_sound{30};
    /// Silence that ends a sound. Recorded prompts pause for up to half a second between phrases.
    Milliseconds min_silence{600};

    /// Power of everything else, relative to the tone. A beep at -20 dBm0 over noise at -40 has -20 dB; the
    /// most tone-like vowel in an hour of prompts has -16.
    Decibels max_noise_of_tone{-17};

    /// A dial tone of two frequencies, as in North America and the United Kingdom. ITU-T E.180 Supplement 2.
    Hertz dial_pair_low{350};
    Hertz dial_pair_high{440};
    /// The pair's frequencies may be off by this.
    double dial_pair_tolerance_percent = 2.5;
    /// A dial tone of one frequency: 400, 425 or 440 Hz, each within 2.5 %. ITU-T E.180 Supplement 2.
    Hertz lowest_dial_single{390};
    Hertz highest_dial_single{451};
    /// The pair is a dial tone when it lasts this long.
    Milliseconds min_dial_pair{400};
    /// The single frequency is a dial tone when it lasts this long. Ringing uses it too: 1 s at a time in
    /// most countries, 1.5 s in France and Spain, up to 2 s elsewhere, and 10 % more.
    Milliseconds min_dial_single{2500};
    /// A dial tone's level is this steady from one 50 ms to the next.
    Decibels max_dial_level_change{1};

    /// A beep's frequency, length and steadiness from one 10 ms to the next; voicemail systems use 400 to
    /// 2000 Hz.
    Hertz lowest_beep{350};
    Hertz highest_beep{2200};
    Milliseconds min_beep{80};
    Milliseconds max_beep{1500};
    Decibels max_beep_level_change{1};
    /// Silence, or at least 11.5 dB less, for this long after a beep. Separates it from tones in a row.
    Milliseconds min_silence_after_beep{100};
    /// The same tone again within this time, from end to end, is a cadence (busy, ringing): only its first
    /// burst can be a beep. Ringing's longest is 1 s on, 5 s off.
    Milliseconds max_cadence_gap{7000};
    /// The same tone again, as long as before, within this time is a reminder: of being held, of being
    /// recorded.
    Milliseconds max_reminder_gap{35000};
    /// A single tone in this range may be ringing, busy or congestion: it is reported as a beep once it has
    /// not come again within `max_cadence_gap` and nothing else was heard. ITU-T E.180 Supplement 2: 400 to
    /// 450 Hz nearly everywhere, 480 and 500 Hz in places.
    Hertz lowest_progress_tone{375};
    Hertz highest_progress_tone{520};

    /// Power of everything else, relative to one tone or two, at which 50 ms still count as call progress.
    /// Unlike a vowel, it stays. Ringing at -30 dBm0 over noise at -45 has -11.
    Decibels max_noise_of_progress{-10};
    /// Silence that separates two sounds of different kinds. Pauses between syllables and the gaps of lost
    /// packets are shorter.
    Milliseconds min_pause{100};
    /// A pause up to this long belongs to call progress: the line is not quiet. Ringing pauses for up to 5 s.
    Milliseconds max_progress_pause{6000};
    /// A longer burst without a pause was a dial tone, which has none.
    Milliseconds max_progress_burst{3000};
};

/// Listens to one line, in frames of 10 ms. Two tones are never a beep and, except for the dial tone's own
/// pair, never a dial tone: neither keys nor 440+480 Hz ringing. A plain value; what is reported does not
/// depend on how the stream is cut into calls.
class LineListener {
  public:
    explicit LineListener(SampleRate rate, const LineLimits& limits = {}) noexcept;

    /// Hears the next samples and reports what they complete. `[audio]`
    void process(std::span<const std::int16_t> in,
                 FunctionRef<void(const LineEvent&)> sink) noexcept KEYTONE_NONBLOCKING;
    /// The same; then hands on each frame, to whoever listens further. `[audio]`
    void process(std::span<const std::int16_t> in, FunctionRef<void(const LineEvent&)> sink,
                 LineFront::Sink frames) noexcept KEYTONE_NONBLOCKING;
    /// Takes samples from the front of `in` until they complete a frame, hears it and reports what it
    /// completes; false when they complete none. `[audio]`
    [[gnu::always_inline]] bool next(std::span<const std::int16_t>& in, LineFront::Frame& frame,
                                     FunctionRef<void(const LineEvent&)> sink) noexcept KEYTONE_NONBLOCKING {
        const bool ended = front_.next(in, frame);
        if (ended) {
            hear(frame, sink);
        }
        return ended;
    }
    /// Fetches from memory what the next frame touches. `[any]`
    void prefetch() const noexcept { prefetch_early(this, front_.often_touched_end()); }
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    /// Whether there is sound, by the events reported so far. `[any]`
    [[nodiscard]] bool sounding() const noexcept { return state_.activity.sounding; }

    // The state at the end of the last whole frame. `[any]`

    /// Samples heard in whole frames.
    [[nodiscard]] SampleIndex heard_to() const noexcept { return state_.position; }
    /// Since when there has been no sound; the pauses of call progress count as sound. Nothing while there is
    /// sound.
    [[nodiscard]] std::optional<SampleIndex> quiet_since() const noexcept;
    /// The last words, once a pause follows; nothing when there were none, or when call progress came after
    /// them.
    [[nodiscard]] std::optional<LineSounds::Sound> last_words() const noexcept;
    /// That frame, as whoever listens further needs it.
    [[nodiscard]] LineFrame last_frame() const noexcept {
        return {state_.activity.active > 0, state_.beep.frames >= least_tone && state_.beep.after == 0,
                front_.last_power()};
    }
    /// Whether a dial tone that was reported still sounds.
    [[nodiscard]] bool dial_tone() const noexcept { return dial_tone_reported(); }

    /// Samples of a frame. `[any]`
    [[nodiscard]] SampleCount frame() const noexcept { return settings_.frame; }

  private:
    using Sink = FunctionRef<void(const LineEvent&)>;

    using Frame = LineFront::Frame;

    static constexpr std::int32_t block_frames = 5;
    static constexpr SampleIndex longest_noise = 150; // frames until it becomes known
    static constexpr std::int32_t least_tone = 5;     // frames of one pitch that are a tone

    /// A range of cosines, which fall as the frequency rises.
    struct Cosines {
        float least;
        float greatest;
        // Which side it is on cannot be guessed: no branch.
        [[nodiscard]] bool hold(float cosine) const { return (cosine >= least) & (cosine <= greatest); }
    };

    /// The limits in the listener's units: frames, and mean squares of 16-bit samples.
    struct Settings {
        std::int16_t frame;           // samples of the line
        std::int16_t min_dial_pair;   // blocks
        std::int16_t min_dial_single; // blocks
        std::int16_t min_silence_after_beep;
        std::int32_t max_cadence_gap; // samples of the line
        std::int32_t max_reminder_gap;
        std::int32_t max_progress_pause;
        std::int32_t max_progress_burst;
        float max_dial_change;
        float max_beep_change;
        float min_beep;
        float max_beep;
        float highest_hum; // over one average: a tone above has a smaller cosine
        Cosines dial_low;  // over the long lag
        Cosines dial_high;
        Cosines dial_single;
        Cosines progress_tone;
        Cosines dial_region; // over one average
        float deepest_tone;  // over the long lag: a tone of the region has a smaller cosine
        float max_noise_of_tone;
        float max_noise_of_progress;
        // What every frame touches.
        Cosines beep; // over one average
        std::int32_t min_silence;
        std::int32_t min_sound;
        std::int32_t min_pause;
        float max_frame_noise;
    };

    struct Activity {
        bool sounding = false;
        std::int32_t active = 0; // frames in a row
        std::int32_t silent = 0; // frames since `last`
        SampleIndex first = 0;   // of the latest active frames in a row
        SampleIndex last = 0;    // end of the sound so far
        SampleIndex ended = 0;   // end of the last sound whose end was reported
    };

    enum class DialKind : std::uint8_t { none, pair, single };
    struct Dial {
        SampleIndex begin = 0;
        DialKind kind = DialKind::none;
        std::int8_t block_length = 0; // frames of the current block
        std::int8_t block_active = 0; // those that are loud
        std::int32_t blocks = 0;      // of the tone
        float block_power = 0.0F;
        float power = 0.0F;            // of the tone's first block
        OneToneRecurrence short_block; // at a lag of one average; as in a frame, followed by the long lag
        ToneRecurrence block;
    };

    struct Beep {
        SampleIndex end = 0;
        std::int32_t frames = 0; // of the steady tone
        std::int16_t after = 0;  // frames since
        bool ruled_out = false;  // by another tone right before, or by being a dial tone
        bool awaits = false;     // the last burst is a beep if nothing follows it
        float power = 0.0F;      // means over the tone
        float noise_share = 0.0F;
        float cosine = 0.0F;
        float long_cosine = 0.0F;
        BeepTail tail;
        float length = 0.0F;      // frames, counting the parts in the frames at either end
        float last_cosine = 2.0F; // of the last burst
        float last_length = 0.0F;
        SampleIndex last_end = 0;
    };

    // Every frame touches the position, the activity and the front of the beep, and what lies between them;
    // every block the end of the sounds, too.
    struct State {
        LineSounds sounds;
        SampleIndex position = 0; // of the frame's last sample, and one
        Activity activity;
        Dial dial;
        Beep beep;
    };

    /// What a block is, if it is one tone or two.
    struct BlockTones {
        std::optional<ToneRecurrence::OneTone> one;
        std::optional<ToneRecurrence::TwoTones> two;
    };

    /// One steady tone in the frame: its cosines at a lag of one average and at the long lag.
    struct Pitch {
        float cosine;
        float long_cosine;
        float noise_share;
    };

    static bool about(float a, float b, float ratio) { return a <= b * ratio && b <= a * ratio; }

    [[gnu::always_inline]] void hear(const Frame& frame, Sink sink) noexcept;
    void follow_activity(bool active, Sink sink) noexcept;
    void follow_change(bool active, Sink sink) noexcept;
    void follow_sounds() noexcept;
    void follow_dial(const Frame& frame, Sink sink) noexcept;
    void end_sounding_block(const Frame& frame, Sink sink) noexcept;
    void end_block(const Frame& frame, Sink sink) noexcept;
    [[nodiscard]] BlockTones block_tones() const noexcept;
    [[nodiscard]] LineSounds::Block sound_block(const BlockTones& tones) const noexcept;
    [[nodiscard]] DialKind dial_kind(const BlockTones& tones, const Frame& frame) const noexcept;
    void follow_dial_tone(DialKind kind, Sink sink) noexcept;
    [[nodiscard]] bool dial_tone_reported() const noexcept;
    [[nodiscard]] std::optional<Pitch> pitch(const Frame& frame) const noexcept;
    void follow_beep(const Frame& frame, bool may_be_tone, Sink sink) noexcept;
    void end_beep(const Frame& frame, Sink sink) noexcept;
    void await_cadence(bool active, Sink sink) noexcept;

    State state_;
    Settings settings_;
    LineFront front_;
};

inline void LineListener::hear(const Frame& frame, Sink sink) noexcept {
    state_.position = frame.end;
    if (frame.learnt_noise > 0.0F) {
        state_.sounds.take_for_noise(frame.learnt_noise, frame.end - longest_noise * settings_.frame);
    }
    follow_activity(frame.active, sink);
    follow_sounds();
    follow_dial(frame, sink);
    const bool may_be_tone = frame.active &&
                             !frame.long_lag.one().leaves_more_than(settings_.max_frame_noise) &&
                             !frame.short_lag.leaves_more_than(settings_.max_frame_noise) &&
                             !frame.short_lag.is_outside(settings_.beep.least, settings_.beep.greatest);
    if (may_be_tone || state_.beep.frames > 0) {
        follow_beep(frame, may_be_tone, sink);
    }
    if (state_.beep.awaits) {
        await_cadence(frame.active, sink);
    }
}

inline void LineListener::follow_activity(bool active, Sink sink) noexcept {
    Activity& activity = state_.activity;
    if (!active || !activity.sounding || activity.active == 0) {
        follow_change(active, sink);
        return;
    }
    ++activity.active;
    activity.silent = 0;
    activity.last = state_.position;
}

inline void LineListener::follow_sounds() noexcept {
    const Activity& activity = state_.activity;
    LineSounds& sounds = state_.sounds;
    if (!sounds.open() && activity.active == settings_.min_sound) {
        sounds.begin(activity.first);
    } else if (sounds.open() && activity.silent >= settings_.min_pause) {
        sounds.end(activity.last);
    }
}

inline void LineListener::follow_dial(const Frame& frame, Sink sink) noexcept {
    Dial& dial = state_.dial;
    if (frame.active) {
        ++dial.block_active;
        dial.block.add(frame.long_lag);
        dial.short_block.add(frame.short_lag);
    }
    dial.block_power += frame.power;
    if (++dial.block_length < block_frames) {
        return;
    }
    if (dial.block_active > 0) {
        end_sounding_block(frame, sink);
    } else {
        dial.kind = DialKind::none;
        dial.blocks = 0;
    }
    dial.block_length = 0;
    dial.block_power = 0.0F;
}

} // namespace keytone
