// SPDX-License-Identifier: MIT
//
// One call's agent: its socket, dialled again where it is lost, until the call is over. An agent may dial in,
// too, while it has no socket.
//
//     control thread   tell(outcome), end() ─────► thread of the sockets ─► frames
//                      next() ◄─ requests, news ◄─                       ◄─ frames
//     media thread     AgentSound                ◄─────────────────────►
#pragma once

#include "engine/call_event.hpp"
#include "engine/outcome.hpp"
#include "server/agent/agent_config.hpp"
#include "server/agent/agent_protocol.hpp"
#include "server/agent/agent_sound.hpp"
#include "server/agent/web_socket.hpp"
#include "server/metrics/metrics.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

namespace keytone::server {

/// What is told to the control thread.
struct AgentOpened {};
struct AgentGone {
    bool for_good; ///< It ended its stream: it is not dialled again.
    std::string why;
};
using AgentNews = std::variant<AgentOpened, AgentGone, CallEvent>;

/// What did not go as it should, since the line was opened.
struct AgentFigures {
    std::uint64_t faults = 0;  ///< Frames from the agent that were answered with an error.
    std::uint64_t unsent = 0;  ///< Frames to the agent that were left out: it did not read.
    std::uint64_t unheard = 0; ///< Blocks of 20 ms among these, and those that came too late for the socket.
};

/// What all lines share; outlives them.
struct AgentLineParts {
    boost::asio::io_context& context;
    boost::asio::ssl::context& tls;
    std::shared_ptr<const AgentConfig> config;
    std::function<void(const std::string& call)> on_news; ///< There is something for next(). `[socket]`
    Metrics* metrics = nullptr;                           ///< Null: nothing is counted.
};

class AgentLine : public std::enable_shared_from_this<AgentLine> {
  public:
    /// Requests that wait for the control thread, and outcomes that wait for the sockets' thread.
    static constexpr std::size_t most_waiting = 256;
    /// Bytes that wait for the agent to read them; beyond, what it hears is left out, and then all else.
    static constexpr std::size_t most_unsent_sound = std::size_t{256} * 1024;
    static constexpr std::size_t most_unsent = std::size_t{1024} * 1024;

    /// `[control]`
    AgentLine(AgentLineParts parts, const AgentCallInfo& call, std::shared_ptr<AgentSound> sound);
    /// Drops the socket. `[socket]`
    ~AgentLine();
    AgentLine(const AgentLine&) = delete;
    AgentLine& operator=(const AgentLine&) = delete;

    /// The next news; nothing if there are none. `[control]`
    std::optional<AgentNews> next();
    /// `[control]`
    void tell(const Outcome& outcome);
    /// The agent's part is over: says so and closes the socket, once. `[control]`
    void end();
    /// `[any]`
    [[nodiscard]] AgentFigures figures() const;

    /// Whether it has no socket, and may be given one: then it is to be given one, by adopt(). `[any]`
    [[nodiscard]] bool claim() { return wants_socket_.exchange(false); }

    /// Dials, where it is dialled. `[socket]`
    void start();
    /// The agent has dialled in, after claim(). `[socket]`
    void adopt(DialIn dial_in);
    /// What is due every few milliseconds. `[socket]`
    void tick();
    /// Its socket is closed, after end(). `[socket]`
    [[nodiscard]] bool is_over() const { return is_over_; }

  private:
    static constexpr std::chrono::milliseconds first_wait{
        100}; ///< Until it is dialled again; then twice as long,
    static constexpr std::chrono::milliseconds longest_wait{1000}; ///< up to this.
    static constexpr std::chrono::seconds between_pings{10};

    [[nodiscard]] WebSocketListener listener();
    void dial();
    void opened();
    void ended(const WebSocketEnd& how);
    void count_open(std::int64_t change);
    void finish();
    void take(AgentSaid said);
    void send(AgentFrame frame);
    void send_heard(const HeardBlock& block);
    void push(AgentNews news);
    bool push_request(CallEvent event);

    AgentLineParts parts_;
    const std::string call_;
    std::shared_ptr<AgentSound> sound_;

    std::mutex mutex_;
    std::deque<AgentNews> news_;
    std::atomic<std::size_t> untold_{0}; ///< Outcomes on their way to the sockets' thread.
    std::atomic<bool> wants_socket_{true};
    std::atomic<std::uint64_t> faults_{0};
    std::atomic<std::uint64_t> unsent_{0};
    std::atomic<std::uint64_t> unheard_{0};
    bool has_ended_ = false; // [control]

    // [socket]
    std::unique_ptr<AgentProtocol> protocol_;
    std::shared_ptr<WebSocket> socket_;
    boost::asio::steady_timer redial_;
    std::chrono::milliseconds wait_ = first_wait;
    std::size_t foreign_marks_ = 0; ///< Of a socket before this one.
    std::chrono::steady_clock::time_point next_ping_;
    bool is_open_ = false;
    bool was_open_ = false;
    bool is_told_gone_ = false;
    bool is_ending_ = false;
    bool is_over_ = false;
};

} // namespace keytone::server
