// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "server/control/call_control.hpp"
#include "server/program/server_config.hpp"
#include "tools/console/failure.hpp"

#include <string>

namespace keytone::server {

/// Reads a configuration; where `file` is empty, every key has its default. Errors: those of the file, and
/// those of read_server_config(). `[control]`
Result<ServerConfig, tools::Failure> read_config_file(const std::string& file);

/// What calls by this configuration have in common. `trunk`: where numbers are dialled if the configuration
/// does not say; empty: nowhere. `[any]`
CallSetup call_setup(const ServerConfig& config, const std::string& trunk);

} // namespace keytone::server
