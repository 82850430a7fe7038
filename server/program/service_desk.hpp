// SPDX-License-Identifier: MIT
//
// The desk between the API's threads and the control thread:
//
//     API's threads   start(), transfer(), …  ──orders──► queue ──next()──► control thread
//                     counts(), find(), list() ◄──────── views ◄──put()────
//
// A view is written when its call's state changes, and once a second beside: it costs the control thread a
// lookup then, and no reader makes it wait longer than a copy takes.
#pragma once

#include "server/api/call_desk.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace keytone::server {

class ServiceDesk final : public CallDesk {
  public:
    /// Orders that may wait.
    static constexpr std::size_t most_waiting = 4096;
    /// How long a call that has ended can be found, and how many of them.
    static constexpr std::chrono::seconds kept{30};
    static constexpr std::size_t most_kept = 1000;

    struct Start {
        CallStart start;
        ApiReply<CallNames> reply;
    };
    struct Transfer {
        std::string call;
        std::optional<std::string> to;
        ApiReply<CallNames> reply;
    };
    struct Submit {
        std::string call;
        std::string line;
        ApiReply<std::string> reply;
    };
    struct End {
        std::string call;
        bool is_drained;
        ApiReply<CallNames> reply;
    };
    using Order = std::variant<Start, Transfer, Submit, End>;

    /// `wake`: there is an order. `[any]`
    ServiceDesk(std::size_t most_calls, std::function<void()> wake);

    // The API's side.
    void start(CallStart start, ApiReply<CallNames> reply) override;
    void transfer(std::string call, std::optional<std::string> to, ApiReply<CallNames> reply) override;
    void submit(std::string call, std::string line, ApiReply<std::string> reply) override;
    void end(std::string call, bool is_drained, ApiReply<CallNames> reply) override;
    [[nodiscard]] CallCounts counts() const override;
    [[nodiscard]] std::optional<CallView> find(std::string_view call) const override;
    [[nodiscard]] std::vector<CallView> list() const override;
    [[nodiscard]] std::shared_ptr<const CallEvents> events(std::string_view call) const override;

    // The control thread's side.
    /// The next order; nothing where there is none.
    std::optional<Order> next();
    /// Whether orders wait.
    [[nodiscard]] bool is_busy() const { return waiting_.load(std::memory_order_relaxed) > 0; }
    /// A call as it is now. `events` as it began; the same later.
    void put(const CallView& view, const std::shared_ptr<const CallEvents>& events);
    void count(std::size_t active) { active_.store(active, std::memory_order_relaxed); }
    /// Forgets calls that have ended, once their time is over.
    void forget_old();
    /// No order is taken any more: those that wait, and those that come, are answered with 503.
    void close();

  private:
    using Clock = std::chrono::steady_clock;
    struct Entry {
        CallView view;
        std::shared_ptr<const CallEvents> events;
    };
    struct Ended {
        std::string call;
        std::string session;
        Clock::time_point at;
    };

    void post(Order order);
    [[nodiscard]] const Entry* entry(std::string_view call) const;

    const std::size_t most_calls_;
    const std::function<void()> wake_;
    std::atomic<std::size_t> active_{0};
    std::atomic<std::size_t> waiting_{0};

    std::mutex orders_mutex_;
    std::deque<Order> orders_;
    bool is_closed_ = false;

    mutable std::mutex views_mutex_;
    std::unordered_map<std::string, Entry> views_;            ///< By the call's id.
    std::unordered_map<std::string, std::string> by_session_; ///< To the call's id.
    std::deque<Ended> ended_;                                 ///< The oldest first.
};

} // namespace keytone::server
