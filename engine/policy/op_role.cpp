// SPDX-License-Identifier: MIT
#include "engine/policy/op_role.hpp"

namespace keytone {

std::string_view name(OpRole role, TransferPlan::Way way) {
    switch (role) {
    case OpRole::speech:
    case OpRole::host_speech:
    case OpRole::left_words:
        return "prompt";
    case OpRole::pause:
    case OpRole::end_silence:
    case OpRole::left_end:
        return "silence";
    case OpRole::listen:
        return "wait";
    case OpRole::beep:
        return "beep";
    case OpRole::who:
        return "answer";
    case OpRole::parting:
        return "parting";
    case OpRole::keys:
        return "dtmf";
    case OpRole::dial:
        return way == TransferPlan::Way::dial         ? "dial"
               : way == TransferPlan::Way::sip_invite ? "sip_invite"
                                                      : "sip_refer";
    case OpRole::hold:
        return "hold";
    case OpRole::bridge:
        return "bridge";
    case OpRole::hang_up:
        return "hangup";
    }
    return "";
}

bool is_told(OpRole role) {
    return role != OpRole::parting && role != OpRole::dial && role != OpRole::hold &&
           role != OpRole::bridge && role != OpRole::hang_up;
}

} // namespace keytone
