// SPDX-License-Identifier: MIT
#include "server/agent/agent_lines.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace keytone::server {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// How often the rings are looked after: the media thread cannot say that it has put something in.
constexpr auto interval = 5ms;

class LinesOnAThread final : public AgentLines {
  public:
    LinesOnAThread(AgentConfig config, std::function<void()> wake, Metrics* metrics)
        : config_(std::move(config)),
          wake_(std::move(wake)),
          metrics_(metrics),
          tls_(asio::ssl::context::tls_client),
          timer_(context_),
          work_(context_.get_executor()) {}

    ~LinesOnAThread() override {
        if (!thread_.joinable()) {
            return;
        }
        asio::post(context_, [this] {
            ends_by_ = Clock::now() + WebSocket::longest_connect;
            for (const auto& line : lines_) {
                line->end();
            }
            tick();
        });
        thread_.join();
        lines_.clear();
    }
    LinesOnAThread(const LinesOnAThread&) = delete;
    LinesOnAThread& operator=(const LinesOnAThread&) = delete;

    std::optional<std::string> begin() {
        boost::system::error_code error;
        if (tls_.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                                 asio::ssl::context::no_tlsv1_1,
                             error) ||
            (config_.ca.empty() && tls_.set_default_verify_paths(error))) {
            return "TLS cannot be used: " + error.message();
        }
        if (!config_.ca.empty() && tls_.load_verify_file(config_.ca, error)) {
            return config_.ca + ": has no certificates in PEM form: " + error.message();
        }
        thread_ = std::thread([this] { context_.run(); });
        return std::nullopt;
    }

    std::shared_ptr<AgentLine> open(const AgentCallInfo& call, std::shared_ptr<AgentSound> sound) override {
        auto line = std::make_shared<AgentLine>(
            AgentLineParts{context_, tls_, config_, [this](const std::string& id) { note(id); }, metrics_},
            call, std::move(sound));
        asio::post(context_, [this, line] {
            lines_.push_back(line);
            line->start();
            if (lines_.size() == 1) {
                due_ = Clock::now();
                tick();
            }
        });
        return line;
    }

    std::vector<std::string> take_ready() override {
        const std::lock_guard lock(mutex_);
        return std::exchange(ready_, {});
    }
    [[nodiscard]] const AgentConfig& config() const override { return config_; }

  private:
    void note(const std::string& id) {
        {
            const std::lock_guard lock(mutex_);
            if (std::ranges::find(ready_, id) == ready_.end()) {
                ready_.push_back(id);
            }
        }
        wake_();
    }

    void tick() {
        for (const auto& line : lines_) {
            line->tick();
        }
        std::erase_if(lines_, [](const auto& line) { return line->is_over(); });
        if (ends_by_ && (lines_.empty() || Clock::now() >= *ends_by_)) {
            context_.stop();
            return;
        }
        if (lines_.empty()) {
            return;
        }
        due_ = std::max(due_ + interval, Clock::now()); // Ticks that were missed are left out.
        timer_.expires_at(due_);
        timer_.async_wait([this](boost::system::error_code error) {
            if (!error) {
                tick();
            }
        });
    }

    const AgentConfig config_;
    const std::function<void()> wake_;
    Metrics* const metrics_;
    asio::io_context context_{1};
    asio::ssl::context tls_;
    asio::steady_timer timer_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::vector<std::shared_ptr<AgentLine>> lines_; // the thread's
    Clock::time_point due_;                         // the thread's
    std::optional<Clock::time_point> ends_by_;      // the thread's
    std::mutex mutex_;
    std::vector<std::string> ready_;
    std::thread thread_;
};

} // namespace

Result<std::unique_ptr<AgentLines>, std::string>
make_agent_lines(AgentConfig config, std::function<void()> wake, Metrics* metrics) {
    auto lines = std::make_unique<LinesOnAThread>(std::move(config), std::move(wake), metrics);
    if (auto error = lines->begin()) {
        return *std::move(error);
    }
    return std::unique_ptr<AgentLines>(std::move(lines));
}

} // namespace keytone::server
