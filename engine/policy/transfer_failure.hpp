// SPDX-License-Identifier: MIT
#pragma once

#include "engine/call_event.hpp"
#include "engine/refusal.hpp"

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

} // namespace keytone
