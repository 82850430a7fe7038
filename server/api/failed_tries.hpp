// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace keytone::server {

/// Counts what failed, by address, a minute at a time. A plain value, for one thread.
class FailedTries {
  public:
    using Clock = std::chrono::steady_clock;

    static constexpr int most = 20; ///< In a minute.
    static constexpr std::chrono::seconds window{60};
    static constexpr std::size_t most_addresses = 4096; ///< Beyond them all begin anew.

    /// Notes a failure. Returns how long the address is to wait; 0 s where it may try again.
    std::chrono::seconds note(const std::string& address, Clock::time_point now) {
        if (tries_.size() >= most_addresses && !tries_.contains(address)) {
            tries_.clear();
        }
        Tries& tries = tries_[address];
        if (tries.count == 0 || now - tries.since >= window) {
            tries = {0, now};
        }
        ++tries.count;
        if (tries.count <= most) {
            return std::chrono::seconds(0);
        }
        return std::chrono::ceil<std::chrono::seconds>(tries.since + window - now);
    }

  private:
    struct Tries {
        int count = 0;
        Clock::time_point since{};
    };
    std::map<std::string, Tries> tries_;
};

} // namespace keytone::server
