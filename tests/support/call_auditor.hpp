// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/call_script.hpp"

#include <string>
#include <vector>

namespace keytone::test {

/// The first promise of OutcomeLedger that `call` breaks, or nothing.
std::string first_breach(const CallScript& call);
/// The same, of a call that is over: every accepted action was concluded, every op that was told of has
/// ended, the session of an answered call was told to be over, and the state holds nothing that is under way.
std::string first_breach_at_end(const CallScript& call);

} // namespace keytone::test
