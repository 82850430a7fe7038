// SPDX-License-Identifier: MIT
#pragma once

#include "server/sip/signalling.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace keytone::server {

/// Facts on their way from the network's thread to the control thread, in order.
class FactQueue {
  public:
    /// Beyond that keys, progress and changes of media are dropped. What begins or ends a call always has
    /// room: the number of calls is bounded.
    static constexpr std::size_t most_waiting = 16384;

    void push(SignallingFact fact) {
        {
            const std::lock_guard lock(mutex_);
            const auto* const referral = std::get_if<ReferProgress>(&fact.what);
            const bool may_be_dropped = (referral != nullptr && !referral->is_last) ||
                                        std::holds_alternative<KeyByInfo>(fact.what) ||
                                        std::holds_alternative<Progress>(fact.what) ||
                                        std::holds_alternative<MediaChanged>(fact.what);
            if (may_be_dropped && facts_.size() >= most_waiting) {
                return;
            }
            facts_.push_back(std::move(fact));
        }
        arrived_.notify_one();
    }

    std::optional<SignallingFact> next(std::chrono::steady_clock::time_point until) {
        std::unique_lock lock(mutex_);
        arrived_.wait_until(lock, until, [this] { return !facts_.empty() || is_woken_; });
        is_woken_ = false;
        if (facts_.empty()) {
            return std::nullopt;
        }
        SignallingFact fact = std::move(facts_.front());
        facts_.pop_front();
        return fact;
    }

    /// Ends the wait of next() that is under way, or the next one, before its time.
    void wake() {
        {
            const std::lock_guard lock(mutex_);
            is_woken_ = true;
        }
        arrived_.notify_one();
    }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<SignallingFact> facts_;
    bool is_woken_ = false;
};

} // namespace keytone::server
