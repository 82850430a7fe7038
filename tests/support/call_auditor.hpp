// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/call_script.hpp"

#include <string>
#include <vector>

namespace keytone::test {

/// The first promise of OutcomeLedger that `call` breaks; empty if it breaks none.
std::string first_breach(const CallScript& call);
/// The same for a call that is over: every accepted action is concluded, every op that was reported has
/// ended, the session of an answered call is completed, and nothing in the state is still pending.
std::string first_breach_at_end(const CallScript& call);

} // namespace keytone::test
