// SPDX-License-Identifier: MIT
#include "engine/policy/transfer_failure.hpp"

#include <string>

namespace keytone {

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

} // namespace keytone
