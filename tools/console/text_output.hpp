// SPDX-License-Identifier: MIT
#pragma once

#include "engine/io/byte_output.hpp"
#include "tools/console/failure.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace keytone::tools {

/// Writes a file, which appears complete or not at all; `-` is standard output. Failures: those of audio
/// files.
std::optional<Failure> write_text(const std::string& path, std::string_view text,
                                  io::FileReaders readers = io::FileReaders::usual);

} // namespace keytone::tools
