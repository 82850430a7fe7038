// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

namespace keytone::server {

/// What the HTTP side has to say to an operator. No secret is in it.
struct ApiLogLine {
    bool is_warning = false; ///< Else it is for debugging.
    std::string event;       ///< Two words: `http.refused`.
    std::string message;
};

/// `[any]`
using ApiLog = std::function<void(const ApiLogLine&)>;

/// A log that takes so many warnings a second; of further ones it says how many they were. `[control]`
ApiLog bounded_log(ApiLog log, int warnings_a_second = 5);

} // namespace keytone::server
