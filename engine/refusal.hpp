// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace keytone {

/// Why something was refused, failed or was cancelled. The names are those of the output lines.
enum class Code {
    invalid_digits,
    invalid_number,
    invalid_sip,
    invalid_setting,
    invalid_event,
    call_not_in_progress,
    transfer_in_progress,
    unsupported,
    disabled,
    not_allowed,
    drain_timeout,
    wait_timeout,
    no_answer,
    sip_busy,
    sip_declined,
    sip_failed,
    refer_no_notify,
    remote_hangup,
    superseded,
    call_transferred,
    queue_full,
    prompt_failed,
    already_ended,
    truncated,
    busy,
    congestion,
    number_unobtainable,
    vacant_code,
    intercept,
    fax_answered,
    machine_answered,
    human_answered,
    message_left,
};

/// The code as it is written in lines: `sip_busy`. `[any]`
std::string_view name(Code code);

/// The reason, and one line that says what would be accepted.
struct Refusal {
    Code code;
    std::string message;
    bool passing = false; ///< The request may be sent again with the same id: this refusal is not stored.
};

} // namespace keytone
