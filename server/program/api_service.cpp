// SPDX-License-Identifier: MIT
#include "server/program/api_service.hpp"

#include "server/api/api.hpp"
#include "server/api/http_server.hpp"
#include "server/program/agent_door.hpp"
#include "server/program/call_reporter.hpp"
#include "server/store/agent_table.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace keytone::server {

namespace {

/// The agents of the directory and of the store, which are the same.
class DirectoryBook final : public AgentBook {
  public:
    DirectoryBook(AgentDirectory& directory, Database& database) : directory_(directory), agents_(database) {}

    Result<tools::Json, ApiFault> put(std::string_view id, std::string_view body) override {
        const auto changed = directory_.change(
            id, body, unix_ms(), [this](const StoredAgent& agent) -> std::optional<ApiFault> {
                if (agents_.put(agent)) {
                    return std::nullopt;
                }
                return ApiFault{409, "too_many", "there are as many agents as may be: delete one"};
            });
        if (!changed) {
            return changed.error();
        }
        return object(**changed);
    }
    std::optional<tools::Json> find(std::string_view id) override {
        const auto agent = directory_.find(id);
        return agent ? std::optional(object(*agent)) : std::nullopt;
    }
    std::vector<tools::Json> list() override {
        std::vector<tools::Json> all;
        for (const AgentProfilePtr& agent : directory_.list()) {
            all.push_back(object(*agent));
        }
        return all;
    }
    bool remove(std::string_view id) override {
        return directory_.remove(id, [this](std::string_view gone) { agents_.remove(gone); });
    }

  private:
    static tools::Json object(const AgentProfile& agent) { return tools::Json::parse(agent_object(agent)); }

    AgentDirectory& directory_;
    AgentTable agents_;
};

ApiLog log_of(ServiceLog& log) {
    return bounded_log([&log](const ApiLogLine& line) {
        log.put({line.is_warning ? LogLevel::warning : LogLevel::debug, line.event, line.message});
    });
}

class Service final : public ApiService {
  public:
    Service(const ApiParts& parts, const ApiOptions& options)
        : log_(log_of(parts.log)),
          database_(options.store),
          book_(parts.directory, database_),
          door_(make_agent_door(parts.lines)),
          api_({.desk = parts.desk,
                .agents = book_,
                .database = database_,
                .recordings = parts.recordings,
                .door = door_.get(),
                .webhooks = options.webhooks,
                .page = page_files(),
                .now_ms = &unix_ms,
                .metrics = parts.metrics,
                .health = parts.health,
                .version = KEYTONE_VERSION,
                .log = log_}) {}

    // Errors: one line.
    std::string listen(const ListenPlace& place) {
        HttpServerOptions options;
        options.address = place.address;
        options.port = place.port;
        auto made = HttpServer::create(
            std::move(options),
            [this](const HttpRequest& request, HttpReply reply) { api_.serve(request, std::move(reply)); },
            log_);
        if (!made) {
            return made.error();
        }
        http_ = *std::move(made);
        return {};
    }

    [[nodiscard]] std::uint16_t port() const override { return http_->port(); }

  private:
    ApiLog log_;
    Database database_;
    DirectoryBook book_;
    std::unique_ptr<AgentDoor> door_;
    Api api_;
    std::unique_ptr<HttpServer> http_; // last: it uses all of the above
};

} // namespace

Result<std::unique_ptr<ApiService>, std::string> ApiService::create(const ApiParts& parts,
                                                                    const ApiOptions& options) {
    try {
        auto service = std::make_unique<Service>(parts, options);
        if (auto fault = service->listen(options.listen); !fault.empty()) {
            return "http.listen: " + fault;
        }
        return std::unique_ptr<ApiService>(std::move(service));
    } catch (const StoreError& error) {
        return std::string(error.what());
    }
}

} // namespace keytone::server
