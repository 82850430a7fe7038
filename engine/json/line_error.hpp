// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace keytone::json {

/// What is wrong with a line.
enum class LineFault {
    empty,         ///< There is nothing on it.
    too_long,      ///< More bytes than a line may have.
    not_utf8,      ///< A byte sequence that is no UTF-8.
    not_json,      ///< Anything else that JSON (RFC 8259) does not have.
    too_deep,      ///< Objects nested deeper than any form needs.
    too_many_keys, ///< More keys in one object than any form needs.
    duplicate_key, ///< The same key twice, or in both its spellings.
    unknown_key,
    missing_key,
    wrong_type,   ///< A number where a string is expected, and the like.
    out_of_range, ///< A number or a length.
    bad_value,    ///< Not one of the values offered.
};

/// The fault as it is written in lines: `unknown_key`. `[any]`
std::string_view name(LineFault fault);

/// Why a line was not accepted. The line has no effect.
struct LineError {
    LineFault fault;
    /// Where: a JSON pointer (RFC 6901) such as `/args/1/pauseSeconds`, cut at 160 bytes. A pointer into JSON
    /// text that is in a string continues the string's own: `/arguments/digits`. Empty: the whole line.
    std::string key;
    /// One line, `key: what is wrong: what would be accepted`. It never contains values: they may be secret.
    std::string message;
};

/// Composes the message. `what`: what is wrong, and what would be accepted.
LineError line_error(LineFault fault, std::string_view key, std::string_view what);

/// The pointer to `key` within what `pointer` points to.
std::string child(std::string_view pointer, std::string_view key);

} // namespace keytone::json
