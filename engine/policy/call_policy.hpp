// SPDX-License-Identifier: MIT
//
// Decides what a call does next: a function of the call's state and of the input, and of nothing else. It
// does not act itself; its result says what the audio side is to do (ops and cues), what the host is to do
// (intents), and what happened (outcomes).
#pragma once

#include "engine/media_report.hpp"
#include "engine/policy/call_state.hpp"
#include "engine/policy/call_step.hpp"

#include <cstdint>

namespace keytone {

/// The next state after an input. `[control]`
CallStep step(const CallRules& rules, CallState state, const HostInput& input);
/// The next state after the audio side reported something. `[control]`
CallStep step(const CallRules& rules, CallState state, const MediaReport& report);
/// The next state after it was found that reports were lost: `count` in total. `[control]`
CallStep step_reports_lost(CallState state, std::uint64_t count);

} // namespace keytone
