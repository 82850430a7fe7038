// SPDX-License-Identifier: MIT
//
// Random numbers that do not depend on how audio is cut: a value for each seed and index.
#pragma once

#include <cstdint>

namespace keytone::simulation {

/// Uniformly distributed from 0 (inclusive) to 1 (exclusive).
double chance(std::uint64_t seed, std::uint64_t index);
/// Normally distributed, mean 0 and variance 1.
double normal(std::uint64_t seed, std::uint64_t index);

} // namespace keytone::simulation
