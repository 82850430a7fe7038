// SPDX-License-Identifier: MIT
//
// What the API works with, by hand: calls, agents, recordings, and a store on disk.
#pragma once

#include "server/api/api.hpp"
#include "server/api/http_server.hpp"
#include "server/store/secret.hpp"
#include "server/store/token_table.hpp"
#include "tests/server/api/http_client.hpp"
#include "tests/server/store/store_file.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace keytone::test {

using server::ApiFault;
using server::CallNames;

class FakeDesk : public server::CallDesk {
  public:
    ~FakeDesk() override {
        for (std::thread& each : threads_) {
            each.join();
        }
    }

    /// A call as it is now.
    void put(server::CallView view, const std::vector<std::string>& lines = {}) {
        const std::lock_guard lock(mutex_);
        auto& events = events_[view.names.call];
        events = std::make_shared<server::CallEvents>();
        for (const std::string& line : lines) {
            events->add(line);
        }
        views_[view.names.call] = std::move(view);
    }
    std::shared_ptr<server::CallEvents> events_of(const std::string& call) {
        const std::lock_guard lock(mutex_);
        return events_[call];
    }
    void forget(const std::string& call) {
        const std::lock_guard lock(mutex_);
        views_.erase(call);
        events_.erase(call);
    }
    /// What is asked from now on is answered with this; nothing: it succeeds.
    void fail(std::optional<ApiFault> fault) {
        const std::lock_guard lock(mutex_);
        fault_ = std::move(fault);
    }
    /// Replies come from another thread, as the control thread's do; or never.
    enum class Replies { at_once, from_another_thread, never };
    void reply(Replies how) {
        const std::lock_guard lock(mutex_);
        replies_ = how;
    }
    void outcome(std::string line) {
        const std::lock_guard lock(mutex_);
        outcome_ = std::move(line);
    }
    /// What was asked last, as `transfer CALL TO`.
    std::string asked() {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

    void start(server::CallStart start, server::ApiReply<CallNames> reply) override {
        answer("start " + start.agent_id + " " + start.to_number + " " + start.provider + " " +
                   start.variables,
               CallNames{"20261129T100000.000Z-9", "99999999-0000-4000-8000-000000000009", start.agent_id,
                         "+15550000", start.to_number},
               std::move(reply));
    }
    void transfer(std::string call, std::optional<std::string> to,
                  server::ApiReply<CallNames> reply) override {
        answer("transfer " + call + " " + to.value_or("-"), names_of(call), std::move(reply));
    }
    void submit(std::string call, std::string line, server::ApiReply<std::string> reply) override {
        answer("submit " + call + " " + line, outcome_, std::move(reply));
    }
    void end(std::string call, bool is_drained, server::ApiReply<CallNames> reply) override {
        answer("end " + call + (is_drained ? " drained" : " now"), names_of(call), std::move(reply));
    }
    [[nodiscard]] server::CallCounts counts() const override {
        const std::lock_guard lock(mutex_);
        return {views_.size(), 100};
    }
    [[nodiscard]] std::optional<server::CallView> find(std::string_view call) const override {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, view] : views_) {
            if (id == call || view.names.session == call) {
                return view;
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] std::vector<server::CallView> list() const override {
        const std::lock_guard lock(mutex_);
        std::vector<server::CallView> all;
        for (const auto& [id, view] : views_) {
            all.push_back(view);
        }
        return all;
    }
    [[nodiscard]] std::shared_ptr<const server::CallEvents> events(std::string_view call) const override {
        const auto view = find(call);
        const std::lock_guard lock(mutex_);
        const auto found = view ? events_.find(view->names.call) : events_.end();
        return found == events_.end() ? nullptr : found->second;
    }

  private:
    CallNames names_of(const std::string& call) {
        const auto view = find(call);
        return view ? view->names : CallNames{};
    }

    template <class Value>
    void answer(std::string asked, Value value, server::ApiReply<Value> reply) {
        const std::lock_guard lock(mutex_);
        asked_ = std::move(asked);
        auto call = [reply = std::move(reply), fault = fault_, value = std::move(value)] {
            fault ? reply(*fault) : reply(value);
        };
        if (replies_ == Replies::at_once) {
            call();
        } else if (replies_ == Replies::from_another_thread) {
            threads_.emplace_back(call);
        }
    }

    mutable std::mutex mutex_;
    std::map<std::string, server::CallView> views_;
    std::map<std::string, std::shared_ptr<server::CallEvents>> events_;
    std::optional<ApiFault> fault_;
    Replies replies_ = Replies::from_another_thread;
    std::string outcome_ = R"({"v":1,"ev":"action.accepted","call":"c","id":"b1"})";
    std::string asked_;
    std::vector<std::thread> threads_;
};

/// Agents in memory: a PUT is kept as it came.
class FakeAgents : public server::AgentBook {
  public:
    Result<tools::Json, ApiFault> put(std::string_view id, std::string_view body) override {
        const auto settings = tools::Json::parse(body, nullptr, false);
        if (!settings.is_object()) {
            return ApiFault{400, "bad_json", "the body is no object: write {…}"};
        }
        if (settings.contains("conflict")) {
            return ApiFault{409, "conflict", "there are too many"};
        }
        tools::Json& agent = agents_[std::string(id)];
        agent["id"] = id;
        agent["createdAt"] = "2026-11-29T10:00:00.000Z";
        agent["updatedAt"] = "2026-11-29T10:00:00.000Z";
        agent.update(settings);
        return agent;
    }
    std::optional<tools::Json> find(std::string_view id) override {
        const auto found = agents_.find(std::string(id));
        return found == agents_.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<tools::Json> list() override {
        std::vector<tools::Json> all;
        for (const auto& [id, agent] : agents_) {
            all.push_back(agent);
        }
        return all;
    }
    bool remove(std::string_view id) override { return agents_.erase(std::string(id)) > 0; }

  private:
    std::map<std::string, tools::Json> agents_;
};

/// Recordings in a folder; a URL is valid whose signature is `good`.
class FakeRecordings : public server::RecordingShelf {
  public:
    explicit FakeRecordings(const TemporaryFolder& folder) : folder_(folder) {}
    std::optional<std::string> file_of(std::string_view session) override {
        std::string path = folder_.file(std::string(session) + ".wav");
        return std::filesystem::exists(path) ? std::optional(std::move(path)) : std::nullopt;
    }
    std::string url_of(std::string_view session) override {
        return "https://keytone.example/recordings/" + std::string(session) + ".wav?expires=1&signature=good";
    }
    bool is_valid(std::string_view, std::string_view, std::string_view signature) override {
        return signature == "good";
    }

  private:
    const TemporaryFolder& folder_;
};

/// The HTTP side of a service on a port of its own.
class FakeService {
  public:
    static constexpr const char* token = "rg_live_abc123def456ghi789jkl012";

    explicit FakeService(server::HttpServerOptions options = {}) {
        server::Query(store.database, "INSERT INTO tokens(name, hash, created_ms) VALUES('t', ?, 0)",
                      server::sha256_hex(token))
            .run();
        static constexpr server::PageFile files[] = {
            {"index.html", "text/html; charset=utf-8", "<!doctype html><title>keytone</title>", "e1"},
            {"main.js", "text/javascript; charset=utf-8", "export {};", "e2"}};
        server::ApiContext context{
            .desk = desk,
            .agents = agents,
            .database = database,
            .recordings = &recordings,
            .door = nullptr,
            .webhooks = {},
            .page = files,
            .now_ms = [] { return std::int64_t{1'800'000'000'000}; },
            .metrics = [] { return std::string("# TYPE keytone_calls gauge\nkeytone_calls 1\n"); },
            .health = [this] { return is_well ? server::Health{} : server::Health{{"no disk"}}; },
            .version = "1.2.3",
            .log = server::bounded_log([this](const server::ApiLogLine& line) { note(line); })};
        context.door = &door;
        api = std::make_unique<server::Api>(context);
        options.address = "127.0.0.1";
        auto created = server::HttpServer::create(
            std::move(options),
            [this](const server::HttpRequest& request, server::HttpReply reply) {
                api->serve(request, std::move(reply));
            },
            context.log);
        EXPECT_TRUE(created) << (created ? "" : created.error());
        http = *std::move(created);
    }

    [[nodiscard]] std::uint16_t port() const { return http->port(); }

    /// A request with the token on a connection of its own. `more` are further header lines.
    HttpAnswer ask(const std::string& method, const std::string& target, const std::string& body = {},
                   const std::string& more = {}) {
        HttpClient client(port());
        return client.ask(request(method, target, body, more), method == "HEAD");
    }
    static std::string request(const std::string& method, const std::string& target,
                               const std::string& body = {}, const std::string& more = {}) {
        std::string text = method + " " + target + " HTTP/1.1\r\nHost: keytone\r\n";
        if (more.find("Authorization:") == std::string::npos) {
            text += std::string("Authorization: Bearer ") + token + "\r\n";
        }
        if (!body.empty()) {
            if (more.find("Content-Type:") == std::string::npos) {
                text += "Content-Type: application/json\r\n";
            }
            text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        }
        return text + more + "\r\n" + body;
    }

    std::string log() {
        const std::lock_guard lock(mutex);
        return said;
    }

    class Door : public server::AgentDoor {
      public:
        std::optional<ApiFault> fault_of(std::string_view call) override {
            return call == "c2" ? std::optional(ApiFault{409, "not_awaited", "it has its agent"})
                                : std::nullopt;
        }
        void enter(std::string call, int descriptor, std::string request) override {
            const std::string text = "HTTP/1.1 101 Switching Protocols\r\nX-Call: " + call +
                                     "\r\nX-Size: " + std::to_string(request.size()) + "\r\n\r\n";
            EXPECT_GT(::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL), 0);
            EXPECT_NE(request.find("\r\n\r\nearly"), std::string::npos) << request;
            ::close(descriptor);
        }
    };

    StoreFile store;
    server::Database database{store.database.path()}; ///< The HTTP thread's.
    FakeDesk desk;
    FakeAgents agents;
    FakeRecordings recordings{store.folder};
    Door door;
    std::atomic<bool> is_well{true};
    std::unique_ptr<server::Api> api;
    std::mutex mutex;
    std::string said;
    std::unique_ptr<server::HttpServer> http; // last: it uses all of the above

  private:
    void note(const server::ApiLogLine& line) {
        const std::lock_guard lock(mutex);
        said += (line.is_warning ? "warning " : "debug ") + line.event + " " + line.message + "\n";
    }
};

} // namespace keytone::test
