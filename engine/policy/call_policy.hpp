// SPDX-License-Identifier: MIT
//
// What a call does next: a function of its state and of what came in, and of nothing else. It does no work
// itself; it says what the audio side is to do (ops and cues), what the host is to do (intents) and what came
// of it.
#pragma once

#include "engine/media_report.hpp"
#include "engine/policy/call_state.hpp"
#include "engine/policy/call_step.hpp"

#include <cstdint>

namespace keytone {

/// The next state after something came in. `[control]`
CallStep step(const CallRules& rules, CallState state, const HostInput& input);
/// The next state after the audio side reported something. `[control]`
CallStep step(const CallRules& rules, CallState state, const MediaReport& report);
/// The next state after reports were found lost: `count` in all. `[control]`
CallStep step_reports_lost(CallState state, std::uint64_t count);

} // namespace keytone
