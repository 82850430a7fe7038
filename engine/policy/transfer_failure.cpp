// SPDX-License-Identifier: MIT
#include "engine/policy/transfer_failure.hpp"

#include <string>

namespace keytone {

namespace {

const TransferFailure fax_failure{{Code::fax_answered, "a fax or a modem answered"}, false};

/// Telcordia SR-2275 names the kinds. An administration that sends one kind for everything says no more than
/// that the call cannot be completed.
TransferFailure information_failure(SpecialInformation information) {
    switch (information) {
    case SpecialInformation::reorder_local:
    case SpecialInformation::reorder_distant:
    case SpecialInformation::no_circuit_local:
    case SpecialInformation::no_circuit_distant:
        return {{Code::congestion, "the network has no circuit: it says so by special information tones"},
                true};
    case SpecialInformation::vacant_code:
        return {
            {Code::vacant_code, "nobody has this number: the network says so by special information tones"},
            false};
    case SpecialInformation::intercept:
        return {{Code::intercept, "the number was changed or disconnected: the network says so by special "
                                  "information tones"},
                false};
    case SpecialInformation::ineffective:
    case SpecialInformation::reserved:
    case SpecialInformation::none:
        break;
    }
    return {{Code::number_unobtainable,
             "the call cannot be completed: the network says so by special information tones"},
            false};
}

} // namespace

TransferFailure sip_failure(int status) {
    const std::string code = std::to_string(status);
    switch (status) {
    case 486:
    case 600:
        return {{Code::sip_busy, "the number is busy (" + code + ")"}, true};
    case 603:
    case 403:
    case 607:
        return {{Code::sip_declined, "the call was declined (" + code + ")"}, false};
    case 408:
    case 480:
    case 487:
        return {{Code::no_answer, "nobody answered (" + code + ")"}, true};
    default:
        // Not implemented, version not supported, message too large: the same request would always fail.
        const bool passing = status >= 500 && status < 600 && status != 501 && status != 505 && status != 513;
        return {{Code::sip_failed, "the call failed (" + code + ")"}, passing};
    }
}

TransferFailure end_failure(Fact::Reason reason, bool answered) {
    if (answered && reason != Fact::Reason::failed) {
        return {{Code::remote_hangup, "the other side hung up before the legs were connected"}, true};
    }
    switch (reason) {
    case Fact::Reason::busy:
        return {{Code::sip_busy, "the number is busy"}, true};
    case Fact::Reason::declined:
        return {{Code::sip_declined, "the call was declined"}, false};
    case Fact::Reason::failed:
        return {{Code::sip_failed, "the call failed"}, true};
    case Fact::Reason::no_answer:
        return {{Code::no_answer, "nobody answered"}, true};
    case Fact::Reason::hangup:
        break;
    }
    return {{Code::no_answer, "the call ended before anybody answered"}, true};
}

std::optional<TransferFailure> progress_failure(ProgressTone tone, SpecialInformation information) {
    switch (tone) {
    case ProgressTone::busy:
        return TransferFailure{{Code::busy, "the number is busy: its tone was heard"}, true};
    case ProgressTone::congestion:
        return TransferFailure{{Code::congestion, "the network has no circuit: its tone was heard"}, true};
    case ProgressTone::number_unobtainable:
        return TransferFailure{{Code::number_unobtainable, "there is no such number: its tone was heard"},
                               false};
    case ProgressTone::special_information:
        return information_failure(information);
    case ProgressTone::fax_calling:
    case ProgressTone::answering:
    case ProgressTone::modem_answering:
    case ProgressTone::fax_preamble:
        return fax_failure;
    case ProgressTone::dial:
    case ProgressTone::second_dial:
    case ProgressTone::ringback:
    case ProgressTone::call_waiting:
        break;
    }
    return std::nullopt;
}

std::optional<TransferFailure> answer_failure(AnsweredBy who) {
    switch (who) {
    case AnsweredBy::fax:
        return fax_failure;
    case AnsweredBy::special_information:
        return information_failure(SpecialInformation::none);
    case AnsweredBy::unknown:
    case AnsweredBy::human:
    case AnsweredBy::machine:
        break;
    }
    return std::nullopt;
}

} // namespace keytone
