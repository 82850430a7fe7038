// SPDX-License-Identifier: MIT
//
// What the routes work with. All of it outlives them.
#pragma once

#include "server/api/api_log.hpp"
#include "server/api/call_desk.hpp"
#include "server/metrics/health.hpp"
#include "server/page/page_files.hpp"
#include "server/reports/webhook_target.hpp"
#include "server/store/database.hpp"
#include "tools/console/json_line.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::server {

/// The agents and their settings, as the API reads and writes them. `[http]`
class AgentBook {
  public:
    virtual ~AgentBook() = default;

    /// Makes the agent, or changes what `body` names. Returns it as find() does. Errors: 400 with the key and
    /// the remedy.
    virtual Result<tools::Json, ApiFault> put(std::string_view id, std::string_view body) = 0;
    [[nodiscard]] virtual std::optional<tools::Json> find(std::string_view id) = 0;
    [[nodiscard]] virtual std::vector<tools::Json> list() = 0;
    /// False where there is none of that id.
    virtual bool remove(std::string_view id) = 0;
};

/// The recordings, as the API gives them out. `[http]`
class RecordingShelf {
  public:
    virtual ~RecordingShelf() = default;

    /// The file of a session's recording; nothing where there is none, or it is not finished.
    [[nodiscard]] virtual std::optional<std::string> file_of(std::string_view session) = 0;
    /// A fresh URL of it.
    [[nodiscard]] virtual std::string url_of(std::string_view session) = 0;
    /// Whether such a URL was made here and is still valid.
    [[nodiscard]] virtual bool is_valid(std::string_view session, std::string_view expires,
                                        std::string_view signature) = 0;
};

/// Where agents that dial in are let in. `[http]`
class AgentDoor {
  public:
    virtual ~AgentDoor() = default;

    /// Why the call takes no agent; nothing where it waits for one.
    [[nodiscard]] virtual std::optional<ApiFault> fault_of(std::string_view call) = 0;
    /// Takes the connection: a descriptor that it closes, and the request for a WebSocket with all that came
    /// behind it, which is what a WebSocket's accept takes as already read.
    virtual void enter(std::string call, int descriptor, std::string request) = 0;
};

struct ApiContext {
    CallDesk& desk;
    AgentBook& agents;
    Database& database; ///< Of the HTTP thread alone.
    RecordingShelf* recordings = nullptr;
    AgentDoor* door = nullptr;
    WebhookPolicy webhooks;
    std::span<const PageFile> page;
    std::function<std::int64_t()> now_ms; ///< The wall clock, milliseconds since 1970.
    std::function<std::string()> metrics;
    std::function<Health()> health;
    std::string version;
    ApiLog log;
};

} // namespace keytone::server
