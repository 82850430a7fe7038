// SPDX-License-Identifier: MIT
//
// The words of file errors: one line, the file's name first, the remedy last.
#pragma once

#include "engine/io/wav_file.hpp"

#include <string>
#include <string_view>

namespace keytone::io {

/// `name: what`, on one line whatever bytes `name` holds. `[control]`
FileError file_error(std::string_view name, std::string_view what);
/// The same for a system call's `errno` value while reading. `[control]`
FileError read_error(std::string_view name, int error_number);
/// The same for a system call's `errno` value while writing. `[control]`
FileError write_error(std::string_view name, int error_number);

} // namespace keytone::io
