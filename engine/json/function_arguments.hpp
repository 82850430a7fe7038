// SPDX-License-Identifier: MIT
//
// For the codec only: the functions that an agent may call, and their arguments.
//
// A name from one of the platforms' documents keeps its spelling (phone_number, pauseSeconds, sipDomain).
// Names that keytone adds are in snake_case (wait_for, tone_ms); camelCase is accepted for them, too.
#pragma once

#include "engine/call_event.hpp"
#include "engine/json/fields.hpp"
#include "engine/policy/dial_target.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace keytone::json {

/// The most bytes of a number to call, with its separators, or of a SIP user in its place.
inline constexpr std::size_t max_number_bytes = max_user_length;

/// A range of times in JSON's units.
constexpr Fields::Range in_seconds(TimeRange range) {
    return {range.least.value / 1000.0, range.most.value / 1000.0};
}
constexpr Fields::Range in_milliseconds(TimeRange range) {
    return {range.least.value, range.most.value};
}

/// One function.
struct Function {
    std::string_view name;
    std::optional<Key> first;     ///< The argument that comes first where they are positional.
    std::span<const Key> options; ///< The others.
    /// The argument that a string means where the object of options is expected.
    std::optional<Key> short_second;
    Request (*read)(Fields& arguments); ///< Faults are kept in `arguments`.
};

/// say, transfer, click_ivr, end_call.
std::span<const Function> functions();

} // namespace keytone::json
