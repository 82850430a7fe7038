// SPDX-License-Identifier: MIT
#include "engine/outcome.hpp"

namespace keytone {

std::string_view name(Warning warning) {
    switch (warning) {
    case Warning::not_e164:
        return "not_e164";
    case Warning::empty_ignored:
        return "empty_ignored";
    case Warning::pause_ignored:
        return "pause_ignored";
    }
    return "unknown";
}

std::string_view name(OpPlanned::Event event) {
    switch (event) {
    case OpPlanned::Event::answered:
        return "answered";
    case OpPlanned::Event::queue:
        return "queue";
    }
    return "unknown";
}

std::string_view name(Intent::Do what) {
    switch (what) {
    case Intent::Do::speak:
        return "speak";
    case Intent::Do::dial:
        return "dial";
    case Intent::Do::sip_invite:
        return "sip_invite";
    case Intent::Do::sip_refer:
        return "sip_refer";
    case Intent::Do::bridge:
        return "bridge";
    case Intent::Do::hangup:
        return "hangup";
    }
    return "unknown";
}

std::string_view name(LineHeard::What what) {
    switch (what) {
    case LineHeard::What::sound_began:
        return "sound_began";
    case LineHeard::What::sound_ended:
        return "sound_ended";
    case LineHeard::What::dial_tone:
        return "dial_tone";
    case LineHeard::What::beep:
        return "beep";
    }
    return "unknown";
}

std::string_view name(LegChanged::State state) {
    switch (state) {
    case LegChanged::State::ringing:
        return "ringing";
    case LegChanged::State::early_media:
        return "early_media";
    case LegChanged::State::answered:
        return "answered";
    case LegChanged::State::ended:
        return "ended";
    }
    return "unknown";
}

} // namespace keytone
