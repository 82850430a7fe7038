// SPDX-License-Identifier: MIT
//
// keytone-server token, webhooks and reports: what is done with the store by hand, also while the service
// runs.
#pragma once

#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"

#include <optional>
#include <string>
#include <vector>

namespace keytone::server {

/// The options of all three.
struct StoreCommand {
    std::string config; ///< A file, which names the store.
    std::string action;
    std::vector<std::string> words; ///< What it is about: a name, a label and a URL, numbers.
    bool json = false;
    bool allow_http_webhooks = false;
};

/// `create NAME`, `list`, `revoke NAME`: who may use the API. `create` prints the token alone.
std::optional<tools::Failure> run_token(const StoreCommand& command, tools::Console& console);
/// `add LABEL URL`, `list`, `remove LABEL`, `rotate LABEL`: where reports go. `add` and `rotate` print the
/// secret alone.
std::optional<tools::Failure> run_webhooks(const StoreCommand& command, tools::Console& console);
/// `list`, `resend [ID…]`: the reports, the newest first; sends them again, or all that failed.
std::optional<tools::Failure> run_reports(const StoreCommand& command, tools::Console& console);

} // namespace keytone::server
