// SPDX-License-Identifier: MIT
#pragma once

#include "server/agent/agent_config.hpp"
#include "server/program/config_reader.hpp"

namespace keytone::server {

/// Reads the section `[agent]` of a configuration. An agent's settings in it are read by engine/json.
/// `[control]`
AgentConfig read_agent_section(ConfigReader& reader, const toml::table& agent);

} // namespace keytone::server
