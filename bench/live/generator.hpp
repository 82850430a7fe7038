// SPDX-License-Identifier: MIT
//
// The far ends of all calls, on a thread of their own and one socket: what comes is told apart by the port it
// comes from. A slot of a millisecond sends its lines' packets in one system call, and reads what is there.
#pragma once

#include "bench/live/line.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

namespace keytone::bench {

/// Where a line's packets go and where those come from that it checks: ports of 127.0.0.1.
struct LineRoute {
    std::uint16_t to;
    std::uint16_t from;
};

class Generator {
  public:
    static constexpr std::size_t slots = 20;

    /// Throws std::runtime_error where there is no socket.
    Generator();
    ~Generator();
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    /// Of 127.0.0.1.
    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// Begins to send; what has come before is dropped. Once only.
    void start(std::vector<std::unique_ptr<Line>> lines, const std::vector<LineRoute>& routes);
    /// No further key begins.
    void stop_keys() { may_begin_key_.store(false); }
    /// Nothing more is sent or read. The lines are the caller's from now on.
    const std::vector<std::unique_ptr<Line>>& stop();

    /// Slots that began more than 5 ms late: then what comes is not to be judged.
    [[nodiscard]] std::uint64_t late_slots() const { return late_slots_.load(); }
    [[nodiscard]] std::uint64_t send_failures() const { return send_failures_.load(); }
    /// Datagrams from ports that no line has.
    [[nodiscard]] std::uint64_t strangers() const { return strangers_.load(); }
    /// The kernel's number of the thread.
    [[nodiscard]] int thread_number() const { return thread_number_.load(); }

  private:
    void run();
    void send_slot(std::size_t slot);
    void flush();
    void receive_all();
    void drop_all();

    struct Batches;

    int socket_ = -1;
    std::uint16_t port_ = 0;
    std::vector<std::unique_ptr<Line>> lines_;
    std::vector<LineRoute> routes_;
    std::vector<Line*> by_port_;
    std::unique_ptr<Batches> batches_;
    std::atomic<bool> may_begin_key_{true};
    std::atomic<bool> stops_{false};
    std::atomic<std::uint64_t> late_slots_{0};
    std::atomic<std::uint64_t> send_failures_{0};
    std::atomic<std::uint64_t> strangers_{0};
    std::atomic<int> thread_number_{0};
    std::thread thread_;
};

} // namespace keytone::bench
