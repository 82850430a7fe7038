// SPDX-License-Identifier: MIT
//
// Speech, and the host's own speech, the end of which only the host knows: what waits for it, and for how
// long.
#include "engine/policy/step_builder.hpp"
#include "engine/unicode.hpp"

#include <algorithm>

namespace keytone {

void StepBuilder::queue_speech(Action& action, const Speech& speech, When when) {
    action.words = speech.text;
    if (!rules_.host_speaks) {
        queue(action, Leg::a, OpRole::speech, when, SpeechOp{speech, unlimited});
        return;
    }
    const double characters = static_cast<double>(count_characters(speech.text).value_or(speech.text.size()));
    const Milliseconds expected{characters * rules_.slow_speech.value};
    const Milliseconds late{expected.value + rules_.drain_wait.value};
    // Only the host knows how long a recorded prompt is.
    const bool known = action.name == "transfer" && !speech.text.empty();
    const Milliseconds bound = known ? late : std::max(rules_.speech_wait, late);
    // Speech before a hang-up must never prevent it.
    const bool fail_on_expiry = !action.ends_call;
    action.speech = speech;
    queue(action, Leg::a, OpRole::host_speech, when,
          Gate{CueKind::drained, false, fail_on_expiry, 0, rules_.rate[Leg::a].samples(bound)})
        .length = rules_.rate[Leg::a].samples(expected);
}

void StepBuilder::host_speech_over(SampleIndex at_a, SampleIndex at_b) {
    std::uint32_t& speeches = step_.state.host_speeches;
    if (speeches == 0 || --speeches > 0) {
        return;
    }
    if (ending() != nullptr) {
        tell_host_speech(Leg::a, at_a);
    }
    if (step_.state.legs[Leg::b] == LegPhase::answered) {
        tell_host_speech(Leg::b, at_b);
    }
}

/// What keytone plays and keys ends by itself, and what waits for the line has a limit of its own: only
/// speech that the host plays could go on for ever.
void StepBuilder::limit_draining(const Action& end, SampleIndex now) {
    const auto silence = std::ranges::find(end.ops, OpRole::end_silence, &PendingOp::role);
    if (!rules_.host_speaks || silence == end.ops.end()) {
        return;
    }
    SampleCount expected = 0;
    for (const Action& action : step_.state.actions) {
        for (const PendingOp& op : action.ops) {
            if (op.leg == Leg::a && op.role != OpRole::end_silence) {
                expected += op.begin >= 0 ? std::max<SampleCount>(0, op.begin + op.length - now) : op.length;
            }
        }
    }
    cut(Leg::a, {end.number, silence->index},
        now + expected + rules_.rate[Leg::a].samples(rules_.drain_wait));
}

void StepBuilder::tell_host_speech(Leg leg, SampleIndex at) {
    const bool plays = step_.state.host_speeches > 0;
    const SampleIndex until = step_.state.host_speech_until + rules_.rate[Leg::a].samples(rules_.drain_wait);
    step_.cues.push_back({leg,
                          {plays ? MediaCue::Kind::speech_plays : MediaCue::Kind::speech_over,
                           CueKind::drained,
                           {},
                           at,
                           plays ? translate(Leg::a, until, leg) : 0}});
}

} // namespace keytone
