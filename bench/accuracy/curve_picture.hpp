// SPDX-License-Identifier: MIT
#pragma once

#include "bench/accuracy/outcome.hpp"
#include "engine/io/file_error.hpp"

#include <filesystem>
#include <optional>

namespace keytone::accuracy {

/// Draws the curve into `folder`, as NAME.svg and NAME.png. Errors: those of a file that cannot be written.
std::optional<io::FileError> draw_curve(const Curve& curve, const std::filesystem::path& folder);

} // namespace keytone::accuracy
