// SPDX-License-Identifier: MIT
//
// Events of every kind with any values, made from a stream of choices: random ones, or a fuzzer's bytes.
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

/// Returns one of `count` possibilities, from 0.
using Choose = std::function<std::size_t(std::size_t count)>;

class EventMaker {
  public:
    /// With `any_time`, times may be anything, including NaN; otherwise events take effect now.
    EventMaker(Choose choose, bool any_time) : choose_(std::move(choose)), any_time_(any_time) {}

    /// An agent's request. Its id is new, missing or one of the last few.
    CallEvent request();
    /// A fact from a host: of any kind, leg and status.
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
