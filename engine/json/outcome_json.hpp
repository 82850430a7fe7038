// SPDX-License-Identifier: MIT
//
// Writes an outcome as one line of JSON. The keys' order is part of the format: what every line has comes
// first.
//
//     {"v":1,"ev":"action.accepted","call":"c1","leg":"a","id":"b1","seq":4,"sample":40000,"name":"transfer"}
//     {"v":1,"ev":"intent","call":"c1","leg":"b","id":"b1/1","seq":6,"sample":40000,"do":"dial","to":"+1530319…"}
#pragma once

#include "engine/outcome.hpp"

#include <string>
#include <string_view>

namespace keytone::json {

/// The names by which the host knows the call.
struct CallName {
    std::string_view call;
    std::string_view session; ///< Empty: the call's.
};

/// The outcome as one line, including its line end. `id` names an op where the outcome belongs to one:
/// `b1/2`. Samples are on the leg's own clock; `start` is the first one, `end` the one after the last.
/// Invalid UTF-8 is replaced. `[control]`
std::string outcome_line(const Outcome& outcome, const CallName& name);

} // namespace keytone::json
