// SPDX-License-Identifier: MIT
//
// What the network or a machine says by tones: dial tone, ringing, busy,
// congestion, no such number, special information, a fax or a modem. Frequency
// and cadence decide, by the tones of one country or of all. Keys, words and
// music are none.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/listener/cadence.hpp"
#include "dsp/listener/line_front.hpp"
#include "dsp/listener/machine_tones.hpp"
#include "dsp/listener/progress_tone.hpp"
#include "dsp/listener/tone_bursts.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/progress/country_tones.hpp"
#include "dsp/sample_rate.hpp"
#include "dsp/units.hpp"

#include <cstdint>
#include <optional>

namespace keytone {

/// One tone heard on the line.
struct ProgressEvent {
    enum class Kind : std::uint8_t {
        began, ///< It is known what sounds.
        ended, ///< It has stopped.
    };
    Kind kind;
    ProgressTone tone;
    SpecialInformation information = SpecialInformation::none;
    SampleIndex at;      ///< The tone's first sample; of an end, the one after its last.
    SampleIndex known;   ///< Samples heard when it was reported. Never decreases.
    Hertz first{0};      ///< As measured: the only frequency, or the lower of a pair;
                         ///< of SIT, the second.
    Hertz second{0};     ///< The higher of a pair.
    Hertz modulation{0}; ///< By what its level is modulated.
    Dbm0 level{};
    std::int32_t cycles = 0;          ///< Of the cadence, begun so far.
    double certainty = 0.0;           ///< 0 to 1: how well it fits.
    Country country = Country::any(); ///< One whose tone it is; any() for tones
                                      ///< of all countries.
};

/// The limits of the listener.
struct ProgressLimits {
    CadenceTolerance cadence{};
    MachineToneLimits machine{};
    /// Of a sound's power, what at least is in the lines of its tone. At 20 dB
    /// SNR it is 0.99; codecs for speech leave 0.9.
    double min_tone_share = 0.75;
    /// A sound of other kinds that lasts so long ends a tone's cadence.
    Milliseconds min_other{60};
    /// A tone with a cadence has ended when its longest pause is over by this
    /// much.
    Milliseconds pause_margin{100};
};

/// Hears the frames of a line: those of a LineFront, or of a LineListener,
/// which hands them on. A plain value; what is reported does not depend on how
/// the stream was cut into calls.
class ProgressListener {
  public:
    using Sink = FunctionRef<void(const ProgressEvent&)>;

    /// Only tones of `country` and those of faxes, modems and before
    /// announcements. With Country::any(), cadences that are one kind in one
    /// country and another one elsewhere are reported as the kind that is more
    /// common: even ones with bursts of less than 280 ms as congestion, all
    /// others as busy. `[any]`
    explicit ProgressListener(SampleRate rate, const ProgressLimits& limits = {},
                              Country country = Country::any()) noexcept;

    /// Hears a frame and reports what it completes. `[audio]`
    void hear(const LineFront::Frame& frame, Sink sink) noexcept KEYTONE_NONBLOCKING {
        const Passes of = passes(frame);
        if (of != all_pass) {
            hear_further(frame, of, sink);
        }
    }
    /// Whom a frame changes nothing for, who have heard it.
    using Passes = std::uint32_t;
    static constexpr Passes bursts_pass = 1;
    static constexpr Passes machine_passes = 2;
    static constexpr Passes cadence_passes = 4;
    static constexpr Passes all_pass = bursts_pass | machine_passes | cadence_passes;
    /// Hears what changes nothing; unless that is all, hear_further() has to hear the frame. `[audio]`
    Passes passes(const LineFront::Frame& frame) noexcept KEYTONE_NONBLOCKING {
        const Passes bursts = bursts_.passes(frame) ? bursts_pass : 0U;
        const Passes machine = machine_.passes(frame) ? machine_passes : 0U;
        return bursts | machine | (follows_ ? 0U : cadence_passes);
    }
    /// `[audio]`
    void hear_further(const LineFront::Frame& frame, Passes passes, Sink sink) noexcept KEYTONE_NONBLOCKING;
    /// Fetches from memory what the next frame touches. `[any]`
    void prefetch() const noexcept {
        bursts_.prefetch();
        machine_.prefetch(); // and what lies between them
    }
    /// What it touches besides, as that shows. `[any]`
    void prefetch_rest() const noexcept {
        machine_.prefetch_rest();
        if (follows_) {
            prefetch_early(&state_.row, &state_.tone);
        }
    }
    /// Forgets the stream. `[audio]`
    void reset() noexcept KEYTONE_NONBLOCKING;

    /// The tone that was reported and has not ended; nothing when there is none.
    /// `[any]`
    [[nodiscard]] std::optional<ProgressTone> sounding() const noexcept {
        return follows_ && state_.told ? std::optional(state_.told->tone) : machine_.sounding();
    }

  private:
    struct State {
        std::optional<ProgressEvent> told; // call progress that has not ended
        BurstRow row;
        BurstTone tone{};
        float power = 0.0F;
        std::int16_t pairs = 1;            // bursts of its cycle
        SampleCount longest_pause = 0;     // of it
        SampleCount look_at = 0;           // pause at which to look again; 0: never
        std::int32_t doubted_at = 0;       // bursts when another kind fitted first
        std::optional<SteadyMatch> steady; // the tone that sounds, if it lasts; known once it was asked
    };

    void hear_pause(SampleIndex now, Sink sink) noexcept;
    void hear_burst(const ToneBurst& burst, SampleIndex now, Sink sink) noexcept;
    void add_burst(const ToneBurst& burst, SampleIndex now, Sink sink) noexcept;
    void hear_steady(const ToneBurst& burst, SampleIndex now, Sink sink) noexcept;
    void look(const Pause& pause, SampleIndex now, Sink sink) noexcept;
    [[nodiscard]] bool stutters(SampleIndex begin) const noexcept;
    [[nodiscard]] bool same_tone(const BurstTone& tone) const noexcept;
    void tell(ProgressTone tone, SampleIndex at, SampleIndex now, Country country, double certainty,
              Sink sink) noexcept;
    void tell_end(SampleIndex at, SampleIndex now, Sink sink) noexcept;
    void forget(SampleIndex now, Sink sink) noexcept;
    void hear_machine(const MachineTone& tone, SampleIndex now, Sink sink) noexcept;

    SampleRate rate_;
    Milliseconds pause_margin_;
    SampleCount min_other_;
    ToneBursts::Settings burst_settings_;
    CadenceTable table_;
    State state_;
    // What every frame touches is at the end of the first, and at the front of the last.
    ToneBursts bursts_;
    bool follows_ = false;      // there is a row, or something was told that has not ended
    bool steady_asked_ = false; // for the tone that sounds
    MachineTones machine_;
};

} // namespace keytone
