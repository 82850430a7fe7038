// SPDX-License-Identifier: MIT
#pragma once

#include "bench/live/point.hpp"

#include <functional>
#include <optional>

namespace keytone::bench {

/// Runs the calls of a point: 2 s to begin, the seconds that are measured, and 1.5 s to end. `goes_on` is
/// called with the share that is done, several times a second; where it returns false, nothing is returned.
/// Throws std::runtime_error.
std::optional<Point> run_point(Side& side, const PointSetup& setup, const LoadSound& sound,
                               const std::function<bool(double)>& goes_on);

} // namespace keytone::bench
