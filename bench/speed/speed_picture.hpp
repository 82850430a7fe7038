// SPDX-License-Identifier: MIT
#pragma once

#include "bench/speed/speed_run.hpp"
#include "engine/io/file_error.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace keytone::bench {

/// Draws channels over the number of lines and over the cost of a sample, and a call's time over the number
/// of calls, into `folder`: channels, cost and load, each as .svg and .png. Errors: those of a file that
/// cannot be written.
std::optional<io::FileError> draw_speed(const SpeedRun& run, const std::filesystem::path& folder);
/// Draws where a loaded call's instructions go, largest first, into `folder`: stages.svg and stages.png. The
/// same errors.
std::optional<io::FileError> draw_stages(std::vector<Stage> stages, const std::filesystem::path& folder);

} // namespace keytone::bench
