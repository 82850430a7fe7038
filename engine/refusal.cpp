// SPDX-License-Identifier: MIT
#include "engine/refusal.hpp"

namespace keytone {

std::string_view name(Code code) {
    switch (code) {
    case Code::invalid_digits:
        return "invalid_digits";
    case Code::invalid_number:
        return "invalid_number";
    case Code::invalid_sip:
        return "invalid_sip";
    case Code::invalid_setting:
        return "invalid_setting";
    case Code::invalid_event:
        return "invalid_event";
    case Code::call_not_in_progress:
        return "call_not_in_progress";
    case Code::transfer_in_progress:
        return "transfer_in_progress";
    case Code::unsupported:
        return "unsupported";
    case Code::disabled:
        return "disabled";
    case Code::not_allowed:
        return "not_allowed";
    case Code::drain_timeout:
        return "drain_timeout";
    case Code::wait_timeout:
        return "wait_timeout";
    case Code::no_answer:
        return "no_answer";
    case Code::sip_busy:
        return "sip_busy";
    case Code::sip_declined:
        return "sip_declined";
    case Code::sip_failed:
        return "sip_failed";
    case Code::refer_no_notify:
        return "refer_no_notify";
    case Code::remote_hangup:
        return "remote_hangup";
    case Code::superseded:
        return "superseded";
    case Code::call_transferred:
        return "call_transferred";
    case Code::queue_full:
        return "queue_full";
    case Code::prompt_failed:
        return "prompt_failed";
    case Code::already_ended:
        return "already_ended";
    case Code::truncated:
        return "truncated";
    case Code::busy:
        return "busy";
    case Code::congestion:
        return "congestion";
    case Code::number_unobtainable:
        return "number_unobtainable";
    case Code::vacant_code:
        return "vacant_code";
    case Code::intercept:
        return "intercept";
    case Code::fax_answered:
        return "fax_answered";
    case Code::machine_answered:
        return "machine_answered";
    case Code::human_answered:
        return "human_answered";
    case Code::message_left:
        return "message_left";
    }
    return "unknown";
}

} // namespace keytone
