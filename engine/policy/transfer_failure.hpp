// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/listener/progress_tone.hpp"
#include "engine/call_event.hpp"
#include "engine/refusal.hpp"

#include <optional>

namespace keytone {

/// The refusal that a failure to reach somebody is reported as.
struct TransferFailure {
    Refusal why;
    bool retryable; ///< Whether the same request may succeed later.
};

/// A final SIP status of 300 and above (RFC 3261 clause 21). `[any]`
TransferFailure sip_failure(int status);
/// Leg b ended before the legs were connected. `[any]`
TransferFailure end_failure(Fact::Reason reason, bool answered);
/// A tone was heard on leg b before the legs were connected. Nothing where the call may still be answered.
/// `information` is that of a special information tone. `[any]`
std::optional<TransferFailure> progress_failure(ProgressTone tone, SpecialInformation information);
/// Somebody answered to whom nobody can be put through. Nothing for humans and machines. `[any]`
std::optional<TransferFailure> answer_failure(AnsweredBy who);

} // namespace keytone
