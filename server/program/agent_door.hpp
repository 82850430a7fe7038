// SPDX-License-Identifier: MIT
#pragma once

#include "server/agent/agent_lines.hpp"
#include "server/api/api_context.hpp"

#include <memory>

namespace keytone::server {

/// Hands agents that dial in to the lines of their calls. `lines` outlives it. `[http]`
std::unique_ptr<AgentDoor> make_agent_door(AgentLines& lines);

} // namespace keytone::server
