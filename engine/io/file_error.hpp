// SPDX-License-Identifier: MIT
//
// What is wrong with a file: one line, the file's name first, the remedy last.
#pragma once

#include <string>
#include <string_view>

namespace keytone::io {

/// Why a file could not be used, in one line that names the file and the remedy.
struct FileError {
    std::string message;
    bool reader_is_gone = false; ///< The reader of what was written has left: the end of a pipe, not a fault.
};

/// `name: what`, on one line whatever bytes `name` holds. `[control]`
FileError file_error(std::string_view name, std::string_view what);
/// The same for a system call's `errno` value while reading. `[control]`
FileError read_error(std::string_view name, int error_number);
/// The same for a system call's `errno` value while writing. `[control]`
FileError write_error(std::string_view name, int error_number);

} // namespace keytone::io
