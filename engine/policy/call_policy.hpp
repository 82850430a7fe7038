// SPDX-License-Identifier: MIT
//
// What a call does next: a function of its state and of what came in, and of nothing else. It does no work
// itself; it says what the audio side is to do (ops and cues), what the host is to do (intents) and what came
// of it.
#pragma once

#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "engine/call_event.hpp"
#include "engine/leg.hpp"
#include "engine/media_action.hpp"
#include "engine/media_report.hpp"
#include "engine/outcome.hpp"
#include "engine/policy/call_state.hpp"
#include "engine/policy/transfer_plan.hpp"
#include "engine/refusal.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace keytone {

/// Speech for a leg to play, before it was made into samples.
struct SpeechOp {
    Speech speech;
    SampleCount max_length;
};
/// Keys for a leg to send, before they were made into a generator.
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

/// A cue for a leg.
struct PlannedCue {
    Leg leg;
    MediaCue cue;
};

/// Something that came in from the host or the agent.
struct HostInput {
    CallEvent event;
    PerLeg<SampleIndex> now;        ///< The next sample that each leg will be asked for.
    std::optional<Refusal> refusal; ///< Why it cannot be done, whatever it is: it is refused with this.
};

/// What a step comes to.
struct CallStep {
    CallState state;
    std::vector<PlannedOp> ops;
    std::vector<PlannedCue> cues;
    std::vector<Outcome> outcomes;
};

/// The next state after something came in. `[control]`
CallStep step(const CallRules& rules, CallState state, const HostInput& input);
/// The next state after the audio side reported something. `[control]`
CallStep step(const CallRules& rules, CallState state, const MediaReport& report);
/// The next state after reports were found lost: `count` in all. `[control]`
CallStep step_reports_lost(CallState state, std::uint64_t count);

} // namespace keytone
