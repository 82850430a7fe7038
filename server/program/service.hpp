// SPDX-License-Identifier: MIT
//
// keytone-server --config: a service, until SIGTERM.
#pragma once

#include "server/program/service_log.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <optional>
#include <string>

namespace keytone::server {

/// Its options.
struct ServiceCommand {
    std::string config;     ///< A file.
    int drain_seconds = 30; ///< How long running calls may go on after SIGTERM.
    std::string log_format; ///< `text` or `json`; empty: the configuration's, or text on a terminal.
    bool allow_http_webhooks = false; ///< Reports may go to the loopback by http.
};

/// Serves until SIGTERM or SIGINT, and logs on standard error. Errors: it could not begin. `[control]`
std::optional<tools::Failure> run_service(const ServiceCommand& command, tools::Console& console);

} // namespace keytone::server
