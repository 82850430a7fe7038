// SPDX-License-Identifier: MIT
//
// Events of every kind with any values, out of a stream of choices: chance, or a fuzzer's bytes.
#pragma once

#include "engine/call_event.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

namespace keytone::test {

/// One of `count` possibilities, from 0.
using Choose = std::function<std::size_t(std::size_t count)>;

class EventMaker {
  public:
    /// Whose times may lie anywhere, and be no numbers: `any_time`; else what comes takes effect now.
    EventMaker(Choose choose, bool any_time) : choose_(std::move(choose)), any_time_(any_time) {}

    /// An agent's request. An id is its own, missing or one of the last few.
    CallEvent request();
    /// What a host says: any of the kinds, leg and status.
    CallEvent fact();
    /// The given fact about a leg.
    static CallEvent fact(Fact::Kind kind, Leg leg);

  private:
    template <class T>
    T one_of(std::initializer_list<T> values) {
        return *(values.begin() + static_cast<std::ptrdiff_t>(choose_(values.size())));
    }
    bool flip() { return choose_(2) == 1; }
    std::string id();
    std::optional<double> at_s();
    Milliseconds milliseconds();
    CueKind cue();
    std::string digits();
    std::optional<WaitFor> wait_for();
    Say say();
    ClickIvr click();
    Transfer transfer();

    Choose choose_;
    bool any_time_;
    std::uint64_t ids_ = 0;
};

} // namespace keytone::test
