// SPDX-License-Identifier: MIT
//
// Within the codec only: the functions an agent may call, and their arguments.
//
// A name that one of the platforms' documents gives keeps its spelling (phone_number, pauseSeconds,
// sipDomain). What keytone adds is spelled snake_case (wait_for, tone_ms); camelCase is taken for it too.
#pragma once

#include "engine/call_event.hpp"
#include "engine/json/fields.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace keytone::json {

/// How long it has to be quiet for `wait_for`, in seconds.
inline constexpr Fields::Range silence_range{0.1, 5};

/// One function.
struct Function {
    std::string_view name;
    std::optional<Key> first;     ///< The argument that comes first where they are positional.
    std::span<const Key> options; ///< The others.
    /// The argument that a string stands for where the options belong.
    std::optional<Key> short_second;
    Request (*read)(Fields& arguments); ///< Leaves what is wrong in `arguments`.
};

/// say, transfer, click_ivr, end_call.
std::span<const Function> functions();

} // namespace keytone::json
