// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "server/agent/agent_lines.hpp"
#include "server/api/api_context.hpp"
#include "server/profiles/agent_directory.hpp"
#include "server/program/local_address.hpp"
#include "server/program/service_log.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace keytone::server {

/// What the API is served from; all of it outlives it.
struct ApiParts {
    CallDesk& desk;
    AgentDirectory& directory;
    AgentLines& lines;
    ServiceLog& log;
    RecordingShelf* recordings = nullptr;
    std::function<std::string()> metrics{};
    std::function<Health()> health{};
};

struct ApiOptions {
    ListenPlace listen;
    std::string store; ///< A file: with tokens, agents and endpoints.
    WebhookPolicy webhooks;
};

/// The API of a service, on a thread of its own, with a connection of its own to the store.
class ApiService {
  public:
    /// Serves until it is destroyed. Errors: one line. `[control]`
    static Result<std::unique_ptr<ApiService>, std::string> create(const ApiParts& parts,
                                                                   const ApiOptions& options);
    virtual ~ApiService() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

} // namespace keytone::server
