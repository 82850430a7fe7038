// SPDX-License-Identifier: MIT
#include "server/agent/agent_lines.hpp"

#include "server/agent/dial_in.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

namespace keytone::server {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// How often the rings are looked after: the media thread cannot say that it has put something in.
constexpr auto interval = 5ms;

class LinesOnAThread {
  public:
    explicit LinesOnAThread(const AgentLinesSetup& setup)
        : ca_(setup.ca),
          wake_(setup.wake),
          metrics_(setup.metrics),
          tls_(asio::ssl::context::tls_client),
          timer_(context_),
          work_(context_.get_executor()) {}

    /// Behind end().
    ~LinesOnAThread() {
        if (thread_.joinable()) {
            thread_.join();
            lines_.clear();
        }
    }
    LinesOnAThread(const LinesOnAThread&) = delete;
    LinesOnAThread& operator=(const LinesOnAThread&) = delete;

    /// Begins to close all sockets: the thread ends when they are closed.
    void end() {
        asio::post(context_, [this] {
            ends_by_ = Clock::now() + WebSocket::longest_connect;
            for (const auto& line : lines_) {
                line->end();
            }
            tick();
        });
    }

    /// Lines that are not over. `[any]`
    [[nodiscard]] std::size_t count() const { return count_.load(std::memory_order_relaxed); }

    std::optional<std::string> begin() {
        boost::system::error_code error;
        if (tls_.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                                 asio::ssl::context::no_tlsv1_1,
                             error) ||
            (ca_.empty() && tls_.set_default_verify_paths(error))) {
            return "TLS cannot be used: " + error.message();
        }
        if (!ca_.empty() && tls_.load_verify_file(ca_, error)) {
            return ca_ + ": has no certificates in PEM form: " + error.message();
        }
        thread_ = std::thread([this] { context_.run(); });
        pthread_setname_np(thread_.native_handle(), "agents");
        return std::nullopt;
    }

    std::shared_ptr<AgentLine> open(std::shared_ptr<const AgentConfig> agent, const AgentCallInfo& call,
                                    std::shared_ptr<AgentSound> sound) {
        auto line =
            std::make_shared<AgentLine>(AgentLineParts{context_, tls_, std::move(agent),
                                                       [this](const std::string& id) { note(id); }, metrics_},
                                        call, std::move(sound));
        {
            const std::lock_guard lock(mutex_);
            by_call_.insert_or_assign(call.id, line);
        }
        count_.fetch_add(1, std::memory_order_relaxed);
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

    Adoption adopt(const std::string& call, DialIn&& dial_in) {
        std::shared_ptr<AgentLine> line;
        {
            const std::lock_guard lock(mutex_);
            const auto found = by_call_.find(call);
            line = found != by_call_.end() ? found->second.lock() : nullptr;
        }
        if (!line) {
            return Adoption::no_such_call;
        }
        if (!line->claim()) {
            return Adoption::has_socket;
        }
        // A handler of this context has to be copyable, and a socket is not.
        const auto moved = std::make_shared<DialIn>(DialIn{here(dial_in.socket), std::move(dial_in.request)});
        asio::post(context_, [line, moved] { line->adopt(std::move(*moved)); });
        return Adoption::taken;
    }

    std::vector<std::string> take_ready() {
        const std::lock_guard lock(mutex_);
        return std::exchange(ready_, {});
    }

  private:
    // The same connection in this context: it may outlive the other. One that is closed meanwhile stays so.
    asio::ip::tcp::socket here(asio::ip::tcp::socket& there) {
        boost::system::error_code error;
        asio::ip::tcp::socket moved(context_);
        const auto local = there.local_endpoint(error);
        const auto handle = error ? asio::ip::tcp::socket::native_handle_type{-1} : there.release(error);
        if (!error && moved.assign(local.protocol(), handle, error)) {
            close(handle); // Nobody has it.
        }
        return moved;
    }

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
        const auto over = std::erase_if(lines_, [](const auto& line) { return line->is_over(); });
        if (over > 0) {
            count_.fetch_sub(over, std::memory_order_relaxed);
            const std::lock_guard lock(mutex_);
            std::erase_if(by_call_, [](const auto& entry) {
                const auto line = entry.second.lock();
                return !line || line->is_over();
            });
        }
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

    const std::string ca_;
    const std::function<void()> wake_;
    Metrics* const metrics_;
    asio::io_context context_{1};
    asio::ssl::context tls_;
    asio::steady_timer timer_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::atomic<std::size_t> count_{0};
    std::vector<std::shared_ptr<AgentLine>> lines_; // the thread's
    Clock::time_point due_;                         // the thread's
    std::optional<Clock::time_point> ends_by_;      // the thread's
    std::mutex mutex_;
    std::vector<std::string> ready_;
    std::unordered_map<std::string, std::weak_ptr<AgentLine>> by_call_;
    std::thread thread_;
};

/// A call's agent has the thread that has fewest.
class LinesOnThreads final : public AgentLines {
  public:
    explicit LinesOnThreads(const AgentLinesSetup& setup) {
        for (std::size_t i = 0; i < setup.threads; ++i) {
            threads_.push_back(std::make_unique<LinesOnAThread>(setup));
        }
    }
    ~LinesOnThreads() override {
        for (const auto& thread : threads_) { // All at once: each may take seconds.
            thread->end();
        }
    }
    LinesOnThreads(const LinesOnThreads&) = delete;
    LinesOnThreads& operator=(const LinesOnThreads&) = delete;

    std::optional<std::string> begin() {
        for (const auto& thread : threads_) {
            if (auto error = thread->begin()) {
                return error;
            }
        }
        return std::nullopt;
    }

    std::shared_ptr<AgentLine> open(std::shared_ptr<const AgentConfig> agent, const AgentCallInfo& call,
                                    std::shared_ptr<AgentSound> sound) override {
        const auto idlest =
            std::ranges::min_element(threads_, {}, [](const auto& thread) { return thread->count(); });
        return (*idlest)->open(std::move(agent), call, std::move(sound));
    }

    Adoption adopt(const std::string& call, DialIn&& dial_in) override {
        for (const auto& thread : threads_) {
            // Only the thread that has the call touches the socket.
            if (const auto adoption =
                    thread->adopt(call, std::move(dial_in)); // NOLINT(bugprone-use-after-move)
                adoption != Adoption::no_such_call) {
                return adoption;
            }
        }
        return Adoption::no_such_call;
    }

    std::vector<std::string> take_ready() override {
        std::vector<std::string> ready;
        for (const auto& thread : threads_) {
            std::ranges::move(thread->take_ready(), std::back_inserter(ready));
        }
        return ready;
    }

  private:
    std::vector<std::unique_ptr<LinesOnAThread>> threads_;
};

} // namespace

Result<std::unique_ptr<AgentLines>, std::string> make_agent_lines(const AgentLinesSetup& setup) {
    auto lines = std::make_unique<LinesOnThreads>(setup);
    if (auto error = lines->begin()) {
        return *std::move(error);
    }
    return std::unique_ptr<AgentLines>(std::move(lines));
}

} // namespace keytone::server
