// SPDX-License-Identifier: MIT
//
// The input of one step of the policy, and its result.
#pragma once

#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/units.hpp"
#include "engine/call_event.hpp"
#include "engine/leg.hpp"
#include "engine/media_action.hpp"
#include "engine/outcome.hpp"
#include "engine/policy/call_state.hpp"
#include "engine/prompt.hpp"
#include "engine/refusal.hpp"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace keytone {

/// Speech for a leg to play, not yet converted to samples.
struct SpeechOp {
    Speech speech;
    SampleCount max_length;
};
/// Keys for a leg to send, not yet converted to a generator.
struct KeysOp {
    DigitString digits;
    DtmfTone tone;
};

/// An op to queue on a leg.
struct PlannedOp {
    OpKey key;
    Leg leg;
    SampleIndex known_since;
    SampleIndex not_before;
    std::variant<SpeechOp, KeysOp, Wait, Gate, Bridge, HangUp> what;
};

/// Speech that may become an op of the action.
struct LaterSpeech {
    std::uint32_t action;
    Leg leg;
    Speech speech;
};

/// A cue for a leg.
struct PlannedCue {
    Leg leg;
    MediaCue cue;
};

/// An input from the host or the agent.
struct HostInput {
    CallEvent event;
    PerLeg<SampleIndex> now;        ///< The next sample that each leg will be asked for.
    std::optional<Refusal> refusal; ///< If set, the input is refused with this, whatever it is.
};

/// The result of a step.
struct CallStep {
    CallState state;
    std::vector<PlannedOp> ops;
    std::vector<PlannedCue> cues;
    std::vector<Outcome> outcomes;
    /// What the step's action may have to say later, by an op of this key that is not planned yet: it is made
    /// now, so that it is refused now where it cannot be, and is there at once when it is due.
    std::optional<LaterSpeech> later = std::nullopt;
};

} // namespace keytone
