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
    too_deep,      ///< Objects in objects beyond what any form needs.
    too_many_keys, ///< The same of keys in one object.
    duplicate_key, ///< The same key twice, or in both its spellings.
    unknown_key,
    missing_key,
    wrong_type,   ///< A number where a string belongs, and the like.
    out_of_range, ///< A number or a length.
    bad_value,    ///< Not one of the values offered.
};

/// The fault as it is written: `unknown_key`. `[any]`
std::string_view name(LineFault fault);

/// Why a line was not taken. It changed nothing.
struct LineError {
    LineFault fault;
    /// Where: a JSON pointer (RFC 6901) such as `/args/1/pauseSeconds`, cut at 160 bytes; a pointer into the
    /// JSON text that a string holds goes on from the string: `/arguments/digits`. Empty: the whole line.
    std::string key;
    /// One line, `key: what is wrong: what would do`. Values are never in it: they may be secret.
    std::string message;
};

/// Puts the message together. `what`: what is wrong, and what would do.
LineError line_error(LineFault fault, std::string_view key, std::string_view what);

/// `key`, below what `pointer` points at.
std::string child(std::string_view pointer, std::string_view key);

} // namespace keytone::json
