// SPDX-License-Identifier: MIT
//
// What the program's JSON lines have in common: the order of their keys, and how far numbers are told.
#pragma once

#include <nlohmann/json.hpp>

#include <cmath>
#include <string>

namespace keytone::tools {

using Json = nlohmann::ordered_json; ///< The keys' order is part of the format.

/// The object on one line, its line end included; bytes that are no UTF-8 become U+FFFD.
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
