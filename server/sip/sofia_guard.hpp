// SPDX-License-Identifier: MIT
//
// What Sofia-SIP must not be given: it reads any text as a URI, and its dialogs abort the process where one
// has no host.
#pragma once

#include <sofia-sip/sip.h>

namespace keytone::server {

/// Whether a request that sets a dialog's target or its route may be taken: exactly one Contact, all
/// Record-Routes, each a sip or sips URI with a host. `[any]`
[[nodiscard]] bool has_usable_targets(const sip_t& request);

} // namespace keytone::server
