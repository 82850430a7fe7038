// SPDX-License-Identifier: MIT
//
// What crosses from the control thread to the audio thread: plain values. What is too long for a ring
// (samples, digit strings) stays with the control side, immutable, until the op that points at it has ended.
//
// The ops of a leg run first in, first out, each at the sample at which the one before it ended:
//
//     leg a   |-- prompt --|-- gate: answered? ------------|-- gate: released? --- ...
//     leg b                                 answered at 0 -> |-- silence --|-- tones --|bridge
//
// An op that fails takes the later ops of its own action with it; the next action goes on from there.
#pragma once

#include "dsp/dtmf_generator.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/prompt.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <variant>

namespace keytone {

/// No bound: later than any sample.
inline constexpr SampleCount unlimited = std::numeric_limits<SampleCount>::max();

/// What a gate waits for.
enum class CueKind : std::uint8_t {
    drained,    ///< The host's own speech has gone out.
    answered,   ///< The leg that was dialled was picked up.
    released,   ///< The transfer came to its end.
    parted,     ///< The leg that was told to hang up is over.
    prompt_end, ///< The far side has spoken, and has stopped.
    dial_tone,  ///< The far side sends dial tone.
    beep,       ///< The far side sent a beep.
    silence,    ///< The far side is silent.
};
/// Those that tell what is: true until the line does something else. The others happen once. `[any]`
constexpr bool is_state(CueKind cue) {
    return cue == CueKind::prompt_end || cue == CueKind::dial_tone || cue == CueKind::silence;
}

/// How fast whatever is switched on or off in mid-sound rises or falls.
inline constexpr Milliseconds fade_length{5};

/// Plays a prompt from its first sample to its last.
struct PlayPrompt {
    std::span<const std::int16_t> samples; ///< At the leg's rate; the control side keeps it.
    SampleCount max_length;                ///< Longer than this, and the op fails there, faded out.
};

/// Sends keys. The leg's own clock says when each began and ended.
struct SendTones {
    const DtmfGenerator* generator; ///< Copied when the op starts; the control side keeps it.
    SampleCount gap;                ///< Silence kept behind the last tone before anything else sounds.
};

/// Sends nothing for a while.
struct Wait {
    SampleCount length;
    bool after_speech = false; ///< Counted from when the host's own speech is over: MediaCue::speech_plays.
};

/// Sends nothing until a cue of this kind.
struct Gate {
    CueKind cue;
    bool listen;            ///< The leg's own line listener gives the cue too.
    bool fail_on_expiry;    ///< Whether the op fails at max_length; otherwise it completes, expired.
    SampleCount min_length; ///< A pass before this opens the gate here; a refusal acts at once.
    SampleCount max_length; ///< `unlimited` waits for ever.
    /// For prompt_end and silence: how long it has to be quiet. 0: as long as the listener takes for the end
    /// of a prompt, and at once when the host says so.
    SampleCount silence = 0;
    SampleIndex heard_since = 0;  ///< What the line did before does not count.
    const Prompt* hold = nullptr; ///< Sent over and over while it waits; the control side keeps it.
};

/// Connects both legs, once the host's own speech is over: each sends what the other hears.
struct Bridge {};

/// The leg is over: it sends silence from here on, and hears nothing.
struct HangUp {};

/// One timed step on one leg.
struct MediaOp {
    OpKey key;
    SampleIndex known_since; ///< Leg clock: when the host or the agent asked for it.
    SampleIndex not_before;  ///< Leg clock: earliest start. In the past: at once.
    std::variant<PlayPrompt, SendTones, Wait, Gate, Bridge, HangUp> what;
};

/// Something that happened, or is to happen, at a sample; applied at once when that has passed.
struct MediaCue {
    enum class Kind : std::uint8_t {
        pass,         ///< Opens the gate that waits for `cue`.
        refuse,       ///< Fails the gate that waits for `cue`.
        cut,          ///< Ends every op before `before`, whatever it is.
        cut_speech,   ///< Ends every prompt before `before`, and every gate for `drained`.
        leave,        ///< Ends the bridge: the leg sends its own again.
        withdraw,     ///< What was passed for `cue` is so no more.
        speech_plays, ///< The host's own speech plays, until `until` at the latest.
        speech_over,  ///< It has drained.
    };

    Kind kind;
    CueKind cue;           ///< For pass, refuse and withdraw.
    OpKey before;          ///< For the cuts: ops with smaller keys.
    SampleIndex at;        ///< Leg clock.
    SampleIndex until = 0; ///< For speech_plays.
};

static_assert(std::is_trivially_copyable_v<MediaOp> && std::is_trivially_copyable_v<MediaCue>);

} // namespace keytone
