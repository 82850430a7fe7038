// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "engine/io/byte_input.hpp"
#include "engine/io/file_error.hpp"

#include <string>

namespace keytone::io {

/// Opens a file, or standard input for `-`, called `name` in messages. Never waits for the other end of a
/// named pipe. Errors: missing, no permission, a directory, a named pipe, a device, a socket, a terminal.
/// `[control]`
Result<ByteInput, FileError> open_input(const std::string& path, const std::string& name);

} // namespace keytone::io
