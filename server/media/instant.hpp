// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace keytone::server {

/// A time on the system's monotonic clock, and a length of such time.
using Instant = std::chrono::nanoseconds;

} // namespace keytone::server
