// SPDX-License-Identifier: MIT
#include "tests/support/impaired_network.hpp"

#include <algorithm>

namespace keytone::test {

void ImpairedNetwork::send(std::span<const std::uint8_t> datagram, double sent_ms) {
    ++sent_;
    const double leave = 1.0 / impairment_.mean_burst;
    const double enter = leave * impairment_.loss / (1.0 - impairment_.loss);
    const bool is_lost =
        impairment_.loss > 0.0 && burst_ < impairment_.max_burst && happens(burst_ > 0 ? 1.0 - leave : enter);
    burst_ = is_lost ? burst_ + 1 : 0;
    if (is_lost) {
        ++lost_;
        return;
    }
    carry(datagram, sent_ms);
    if (impairment_.doubled > 0.0 && happens(impairment_.doubled)) {
        carry(datagram, sent_ms);
    }
}

void ImpairedNetwork::carry(std::span<const std::uint8_t> datagram, double sent_ms) {
    double arrival = sent_ms + impairment_.delay_ms;
    if (impairment_.jitter_ms > 0.0 && impairment_.mostly_short) {
        const double delay = std::exponential_distribution(5.0 / impairment_.jitter_ms)(random_);
        arrival += std::min(delay, impairment_.jitter_ms);
    } else if (impairment_.jitter_ms > 0.0) {
        arrival += std::uniform_real_distribution(0.0, impairment_.jitter_ms)(random_);
    }
    if (!impairment_.reorders) {
        arrival = std::max(arrival, last_arrival_);
        last_arrival_ = arrival;
    }
    under_way_.emplace(arrival, std::vector<std::uint8_t>(datagram.begin(), datagram.end()));
}

void ImpairedNetwork::deliver(double now_ms, const Deliver& sink) {
    while (!under_way_.empty() && under_way_.begin()->first < now_ms) {
        const auto first = under_way_.extract(under_way_.begin());
        sink(first.mapped(), first.key());
    }
}

} // namespace keytone::test
