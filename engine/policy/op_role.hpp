// SPDX-License-Identifier: MIT
#pragma once

#include "engine/policy/transfer_plan.hpp"

#include <cstdint>
#include <string_view>

namespace keytone {

/// What an op is for.
enum class OpRole : std::uint8_t {
    speech,      ///< A prompt that the leg plays.
    host_speech, ///< Speech that the host plays: the leg waits for its end.
    pause,       ///< Silence that was asked for.
    listen,      ///< Waits for what wait_for names.
    keys,        ///< Tones.
    parting,     ///< Waits for the end of the attempt before.
    dial,        ///< Waits for the answer, or for the REFER's NOTIFY.
    hold,        ///< Keeps the agent's later actions back until the transfer is over.
    bridge,      ///< Connects the legs.
    end_silence, ///< Before the hang-up.
    hang_up,     ///< The end of the leg.
};

/// The name in the outcomes of an op of this role, of a transfer that goes this way. `[any]`
std::string_view name(OpRole role, TransferPlan::Way way);
/// Whether the op's life is told by lines of its own; that of the others is told by intents. `[any]`
bool is_told(OpRole role);

} // namespace keytone
