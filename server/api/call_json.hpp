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
/// `2026-11-28T18:01:08.123Z`. `[any]`
std::string time_text(std::int64_t ms);

} // namespace keytone::server
