// SPDX-License-Identifier: MIT
//
// The program's commands and options: what it reads its arguments by, and what its manual is made from.
#pragma once

#include "server/program/live_commands.hpp"
#include "server/program/service.hpp"
#include "server/program/store_commands.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>

namespace keytone::server {

/// What its arguments say.
struct ServerProgramOptions {
    ServiceCommand service;
    LiveOptions live;
    StoreCommand store;
};

/// Describes the program. Parsing the arguments fills `options`, which outlives it. The function that is
/// returned then does what was asked for.
std::function<std::optional<tools::Failure>(tools::Console&)>
describe_server_program(CLI::App& program, ServerProgramOptions& options);

} // namespace keytone::server
