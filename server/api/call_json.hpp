// SPDX-License-Identifier: MIT
#pragma once

#include "server/api/call_lookup.hpp"
#include "tools/console/json_line.hpp"

#include <cstdint>
#include <string>

namespace keytone::server {

/// A call as lists and answers have it. `[any]`
tools::Json call_json(const FoundCall& call);
/// The state's word in answers: `ringing`, `in_progress`, `transferring`, `transferred`, `ended`. `[any]`
std::string state_of(const FoundCall& call);

} // namespace keytone::server
