// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/impaired_network.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>

namespace keytone::test {

/// A UDP relay on 127.0.0.1 between two ends, in real time, with an ImpairedNetwork each way. Each end sends
/// to its port of the relay, and hears the other from there.
class ImpairedRelay {
  public:
    struct Setup {
        Impairment impairment{};
        std::uint64_t seed = 1;
        double ppm = 0.0; ///< How much slower both ends' clocks seem to run: delays grow by it.
    };

    /// Throws std::runtime_error where there is no socket.
    explicit ImpairedRelay(const Setup& setup);
    ~ImpairedRelay();
    ImpairedRelay(const ImpairedRelay&) = delete;
    ImpairedRelay& operator=(const ImpairedRelay&) = delete;

    /// Where end 0 or 1 sends to.
    [[nodiscard]] std::uint16_t port(std::size_t end) const { return sides_.at(end).port; }
    /// Begins, with the ports where both ends receive.
    void start(std::uint16_t first, std::uint16_t second);
    /// Packets that came, and of these what was lost, both ways. After stop().
    [[nodiscard]] std::size_t sent() const;
    [[nodiscard]] std::size_t lost() const;
    void stop();

  private:
    struct Side {
        int socket = -1;
        std::uint16_t port = 0;
        std::uint16_t end = 0;                       ///< Where the end receives.
        std::unique_ptr<ImpairedNetwork> to_other{}; ///< What this end sends.
    };

    void run();

    double ppm_;
    std::array<Side, 2> sides_;
    std::atomic<bool> stops_{false};
    std::thread thread_;
};

} // namespace keytone::test
