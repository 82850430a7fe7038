// SPDX-License-Identifier: MIT
//
// A service in the test's own process, without its API: the test asks its desk.
#pragma once

#include "engine/io/flite_prompts.hpp"
#include "server/program/call_service.hpp"
#include "server/program/config_file.hpp"
#include "server/sip/re_signalling.hpp"
#include "server/store/agent_table.hpp"
#include "tests/support/live_peers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace keytone::test {

class ServedHere {
  public:
    /// `config`: of the service; its port of SIP is chosen here. Agents are those of `stored` besides.
    explicit ServedHere(const std::string& config, const std::vector<server::StoredAgent>& stored = {})
        : port_(free_port()),
          config_(*server::read_server_config("[sip]\nlisten = \"" + on_loopback(port_) + "\"\n" + config,
                                              "test")),
          directory_(config_.agent) {
        EXPECT_TRUE(directory_.load(stored).empty());
        signalling_ = *server::make_re_signalling(config_.sip);
        reporter_ = *server::CallReporter::create({folder_.file("store.db"), {}, 90}, log_);
        lines_ = *server::make_agent_lines({.ca = "", .wake = [this] { signalling_->wake(); }, .threads = 2});
        media_.push_back(std::make_unique<server::MediaThread>(server::MediaThreadOptions{}));
        server::ServiceOptions options;
        options.call.setup = server::call_setup(config_, "");
        options.call.dial_allow = config_.allowed_targets.value_or(std::vector<std::string>{});
        options.max_placed = config_.max_placed;
        options.placed_per_minute = config_.placed_per_minute;
        options.drain = std::chrono::seconds(5);
        desk_ = std::make_unique<server::ServiceDesk>(10, [this] { signalling_->wake(); });
        service_ = std::make_unique<server::CallService>(
            server::ServiceParts{*signalling_, media_, log_, nullptr, lines_.get(), &prompts_, nullptr,
                                 reporter_.get(), &directory_, desk_.get()},
            std::move(options));
        thread_ = std::thread([this] { service_->run([this] { return orders_.load(); }); });
    }
    ~ServedHere() { stop(); }
    ServedHere(const ServedHere&) = delete;
    ServedHere& operator=(const ServedHere&) = delete;

    /// Ends it: all is written then.
    void stop() {
        if (thread_.joinable()) {
            orders_ = 1;
            signalling_->wake();
            thread_.join();
            service_.reset();
            lines_.reset();
            reporter_.reset();
            signalling_.reset();
        }
    }

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] server::ServiceDesk& desk() { return *desk_; }
    [[nodiscard]] server::AgentLines& lines() { return *lines_; }
    [[nodiscard]] std::string store() const { return folder_.file("store.db"); }
    [[nodiscard]] std::string log() const {
        const std::lock_guard lock(said_mutex_);
        return said_;
    }

    /// What the desk replies; a fault where it does not within 20 s.
    template <class Value, class Ask>
    Result<Value, server::ApiFault> ask(Ask question) {
        auto promise = std::make_shared<std::promise<Result<Value, server::ApiFault>>>();
        auto future = promise->get_future();
        question(server::ApiReply<Value>(
            [promise](Result<Value, server::ApiFault> reply) { promise->set_value(std::move(reply)); }));
        if (future.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
            return server::ApiFault{0, "no_reply", log()};
        }
        return future.get();
    }
    auto start(const server::CallStart& start) {
        return ask<server::CallNames>([&](auto reply) { desk_->start(start, std::move(reply)); });
    }
    auto transfer(const std::string& call, const std::optional<std::string>& to) {
        return ask<server::CallNames>([&](auto reply) { desk_->transfer(call, to, std::move(reply)); });
    }
    auto submit(const std::string& call, const std::string& line) {
        return ask<std::string>([&](auto reply) { desk_->submit(call, line, std::move(reply)); });
    }
    auto end(const std::string& call, bool is_drained) {
        return ask<server::CallNames>([&](auto reply) { desk_->end(call, is_drained, std::move(reply)); });
    }

    /// Waits until a call is as it should be, whichever where `call` is empty; nothing where none is within
    /// 20 s.
    std::optional<server::CallView> until(const std::string& call,
                                          const std::function<bool(const server::CallView&)>& is_so) {
        for (int i = 0; i < 2000; ++i) {
            for (const server::CallView& view : desk_->list()) {
                if ((call.empty() || view.names.call == call || view.names.session == call) && is_so(view)) {
                    return view;
                }
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return std::nullopt;
    }
    std::optional<server::CallView> until(const std::string& call, const std::string& state) {
        return until(call, [&](const server::CallView& view) { return view.state == state; });
    }

  private:
    int port_;
    TemporaryFolder folder_;
    server::ServerConfig config_;
    mutable std::mutex said_mutex_;
    std::string said_;
    server::ServiceLog log_{server::LogFormat::json, server::LogLevel::info, [this](std::string_view lines) {
                                const std::lock_guard lock(said_mutex_);
                                said_ += lines;
                            }};
    server::AgentDirectory directory_;
    io::FlitePrompts voice_{"/nonexistent"};
    server::KeptPrompts prompts_{voice_};
    std::unique_ptr<server::Signalling> signalling_;
    std::unique_ptr<server::CallReporter> reporter_;
    std::unique_ptr<server::AgentLines> lines_;
    std::vector<std::unique_ptr<server::MediaThread>> media_;
    std::unique_ptr<server::ServiceDesk> desk_;
    std::unique_ptr<server::CallService> service_;
    std::atomic<int> orders_{0};
    std::thread thread_;
};

} // namespace keytone::test
