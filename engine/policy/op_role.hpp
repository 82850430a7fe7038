// SPDX-License-Identifier: MIT
#pragma once

#include "engine/policy/transfer_plan.hpp"

#include <cstdint>
#include <string_view>

namespace keytone {

/// The purpose of an op.
enum class OpRole : std::uint8_t {
    speech,      ///< A prompt that the leg plays.
    host_speech, ///< Speech that the host plays: the leg waits for its end.
    pause,       ///< Silence that was requested.
    listen,      ///< Waits for what wait_for names.
    keys,        ///< Tones.
    parting,     ///< Waits for the end of the previous attempt.
    dial,        ///< Waits for the answer, or for the REFER's NOTIFY.
    hold,        ///< Holds the agent's later actions back until the transfer is over.
    who,         ///< Waits until it is known who answered.
    beep,        ///< Waits for the beep of the machine that answered.
    left_words,  ///< What the machine is told.
    left_end,    ///< Silence after that, before leg b is hung up.
    bridge,      ///< Connects the legs.
    end_silence, ///< Silence before the hang-up.
    hang_up,     ///< Ends the leg.
};

/// The name in the outcomes of an op of this role; `way` is that of its transfer. `[any]`
std::string_view name(OpRole role, TransferPlan::Way way);
/// Whether the op has output lines of its own; others are covered by intents. `[any]`
bool is_told(OpRole role);

} // namespace keytone
