// SPDX-License-Identifier: MIT
//
// What the program's JSON lines have in common: the order of their keys, and the precision of numbers.
#pragma once

#include <nlohmann/json.hpp>

#include <cmath>
#include <string>

namespace keytone::tools {

using Json = nlohmann::ordered_json; ///< The keys' order is part of the format.

/// The object on one line, including its line end; bytes that are not UTF-8 become U+FFFD.
inline std::string json_line(const Json& object) {
    return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

inline double to_microseconds(double seconds) {
    return std::round(seconds * 1e6) / 1e6;
}

inline double to_hundredths(double value) {
    return std::round(value * 100.0) / 100.0;
}

} // namespace keytone::tools
