// SPDX-License-Identifier: MIT
//
// What is passed from the control thread to the audio thread: plain values. What is too large for a ring
// (samples, digit strings) stays with the control side, unchanged, until the op that points to it has ended.
//
// The ops of a leg run first in, first out; each starts at the sample at which the one before it ended:
//
//     leg a   |-- prompt --|-- gate: answered? ------------|-- gate: released? --- ...
//     leg b                                 answered at 0 -> |-- silence --|-- tones --|bridge
//
// An op that fails also ends the later ops of its own action; the leg continues with the next action.
#pragma once

#include "dsp/dtmf_generator.hpp"
#include "dsp/listener/progress_tone.hpp"
#include "dsp/units.hpp"
#include "engine/leg.hpp"
#include "engine/prompt.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
#include <variant>

namespace keytone {

/// No bound: later than any sample.
inline constexpr SampleCount unlimited = std::numeric_limits<SampleCount>::max();

/// What a gate waits for.
enum class CueKind : std::uint8_t {
    drained,      ///< The host's own speech has gone out.
    answered,     ///< The leg that was dialled was picked up.
    released,     ///< The transfer is over.
    parted,       ///< The leg that was told to hang up has ended.
    prompt_end,   ///< The far side has spoken, and has stopped.
    dial_tone,    ///< The far side sends dial tone.
    beep,         ///< The far side sent a beep.
    silence,      ///< The far side is silent.
    ringback_end, ///< It has rung, and rings no more.
    answered_by,  ///< Who answered is known.
};
inline constexpr std::size_t cue_kinds = static_cast<std::size_t>(CueKind::answered_by) + 1;
/// Those that report a state, which holds until the line does something else. The others report an event,
/// which happens once. `[any]`
constexpr bool is_state(CueKind cue) {
    return cue == CueKind::prompt_end || cue == CueKind::dial_tone || cue == CueKind::silence ||
           cue == CueKind::ringback_end || cue == CueKind::answered_by;
}

/// The length of every fade of what is switched on or off while it sounds.
inline constexpr Milliseconds fade_length{5};

/// Plays a prompt from its first sample to its last.
struct PlayPrompt {
    std::span<const std::int16_t> samples; ///< At the leg's rate; owned by the control side.
    SampleCount max_length;                ///< A longer prompt is faded out there, and the op fails.
};

/// Sends keys. The reports have each key's begin and end on the leg's own clock.
struct SendTones {
    const DtmfGenerator* generator; ///< Copied when the op starts; owned by the control side.
    SampleCount gap;                ///< Silence kept after the last tone before anything else sounds.
};

/// Sends nothing for a given time.
struct Wait {
    SampleCount length;
    bool after_speech = false; ///< Counted from the end of the host's own speech: MediaCue::speech_plays.
};

/// Sends nothing until a cue of this kind.
struct Gate {
    CueKind cue;
    bool listen;            ///< Whether the leg's own line listener gives the cue, too.
    bool fail_on_expiry;    ///< Whether the op fails at max_length; otherwise it completes, expired.
    SampleCount min_length; ///< A pass before this opens the gate here; a refusal takes effect at once.
    SampleCount max_length; ///< `unlimited` waits for ever.
    /// For prompt_end and silence: how long it has to be quiet. 0: as long as the listener takes to detect
    /// the end of a prompt, and no time when the host reports it.
    SampleCount silence = 0;
    SampleIndex heard_since = 0;  ///< What the line did before this does not count.
    const Prompt* hold = nullptr; ///< Sent in a loop while it waits; owned by the control side.
    /// For answered_by: who it has to be. Somebody else opens nothing, and ends the wait. Absent: whoever it
    /// is, and also when that cannot be told.
    std::optional<AnsweredBy> by = std::nullopt;
    /// For a beep: whether one after `heard_since`, with no word after it, counts also before the wait.
    bool remembers = false;
};

/// Connects both legs, once the host's own speech is over: each sends what the other hears.
struct Bridge {};

/// The leg is over: from here on it sends silence and hears nothing.
struct HangUp {};

/// One timed step on one leg.
struct MediaOp {
    OpKey key;
    SampleIndex known_since; ///< Leg clock: when the host or the agent requested it.
    SampleIndex not_before;  ///< Leg clock: earliest start. If that has passed: at once.
    std::variant<PlayPrompt, SendTones, Wait, Gate, Bridge, HangUp> what;
};

/// Something that happened, or will happen, at a sample; it takes effect at once when that has passed.
struct MediaCue {
    enum class Kind : std::uint8_t {
        pass,         ///< Opens the gate that waits for `cue`.
        refuse,       ///< Fails the gate that waits for `cue`.
        cut,          ///< Ends every op before `before`, whatever it is.
        cut_speech,   ///< Ends every prompt before `before`, and every gate for `drained`.
        leave,        ///< Ends the bridge: the leg sends its own audio again.
        withdraw,     ///< The state that was passed for `cue` no longer holds.
        speech_plays, ///< The host's own speech plays, until `until` at the latest.
        speech_over,  ///< The host's own speech has drained.
        attend,       ///< Hears call progress from here on, until the legs are connected; and where `cue` is
                      ///< answered_by, who answered here.
    };

    Kind kind;
    CueKind cue;                         ///< For pass, refuse, withdraw and attend.
    OpKey before;                        ///< For cuts: ops with smaller keys are cut.
    SampleIndex at;                      ///< Leg clock.
    SampleIndex until = 0;               ///< For speech_plays.
    AnsweredBy by = AnsweredBy::unknown; ///< For a pass of answered_by: who it is.
};

static_assert(std::is_trivially_copyable_v<MediaOp> && std::is_trivially_copyable_v<MediaCue>);

} // namespace keytone
