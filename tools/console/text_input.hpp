// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "tools/console/failure.hpp"

#include <cstddef>
#include <string>

namespace keytone::tools {

/// All that the file at `path` holds, or standard input where it is `-`. More than `max_bytes` is a failure.
Result<std::string, Failure> read_text(const std::string& path, std::size_t max_bytes);

} // namespace keytone::tools
