// SPDX-License-Identifier: MIT
#include "engine/call_event.hpp"

namespace keytone {

std::string_view name(Fact::Kind kind) {
    switch (kind) {
    case Fact::Kind::leg_ringing:
        return "leg.ringing";
    case Fact::Kind::leg_early_media:
        return "leg.early_media";
    case Fact::Kind::leg_answered:
        return "leg.answered";
    case Fact::Kind::leg_ended:
        return "leg.ended";
    case Fact::Kind::prompt_queued:
        return "prompt.queued";
    case Fact::Kind::prompt_drained:
        return "prompt.drained";
    case Fact::Kind::sip_response:
        return "sip.response";
    case Fact::Kind::refer_notify:
        return "refer.notify";
    case Fact::Kind::speech_started:
        return "speech.started";
    case Fact::Kind::speech_ended:
        return "speech.ended";
    case Fact::Kind::tone_detected:
        return "tone.detected";
    case Fact::Kind::beep_detected:
        return "beep.detected";
    case Fact::Kind::answer_detected:
        return "answer.detected";
    }
    return "unknown";
}

} // namespace keytone
