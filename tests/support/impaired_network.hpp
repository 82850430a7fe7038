// SPDX-License-Identifier: MIT
//
// Impairs datagrams as a network does: loses them in bursts, delays each differently, and duplicates some.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <span>
#include <vector>

namespace keytone::test {

struct Impairment {
    double loss = 0.0;          ///< Share of the packets.
    double mean_burst = 1.0;    ///< Packets lost in a row, on average: Gilbert's model.
    std::size_t max_burst = 64; ///< Packets lost in a row, at most.
    double jitter_ms = 0.0;     ///< Delays are uniform from 0 to this,
    bool mostly_short = false;  ///< or exponentially distributed, with a fifth of it as their mean.
    bool reorders = true;       ///< Otherwise each packet waits for the one before.
    double doubled = 0.0;       ///< Share of duplicated packets; the duplicate has its own delay.
    double delay_ms = 30.0;     ///< Delay of the fastest packet.
};

/// Carries datagrams. With the same seed it does the same.
class ImpairedNetwork {
  public:
    using Deliver = std::function<void(std::span<const std::uint8_t>, double arrival_ms)>;

    ImpairedNetwork(const Impairment& impairment, std::uint64_t seed)
        : impairment_(impairment), random_(seed) {}

    void send(std::span<const std::uint8_t> datagram, double sent_ms);
    /// Delivers what arrives before `now_ms`, in the order of arrival.
    void deliver(double now_ms, const Deliver& sink);
    [[nodiscard]] std::size_t sent() const { return sent_; }
    [[nodiscard]] std::size_t lost() const { return lost_; }

  private:
    bool happens(double probability) {
        return std::uniform_real_distribution(0.0, 1.0)(random_) < probability;
    }
    void carry(std::span<const std::uint8_t> datagram, double sent_ms);

    Impairment impairment_;
    std::mt19937_64 random_;
    std::size_t burst_ = 0;
    std::size_t sent_ = 0;
    std::size_t lost_ = 0;
    double last_arrival_ = 0.0;
    std::multimap<double, std::vector<std::uint8_t>> under_way_;
};

} // namespace keytone::test
