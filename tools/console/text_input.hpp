// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "tools/console/failure.hpp"

#include <cstddef>
#include <string>

namespace keytone::tools {

/// The content of the file at `path`, or of standard input for `-`. More than `max_bytes` is a failure.
Result<std::string, Failure> read_text(const std::string& path, std::size_t max_bytes);

} // namespace keytone::tools
