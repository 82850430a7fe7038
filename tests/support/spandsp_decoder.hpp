// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace keytone::test {

/// The digits that SpanDSP's receiver hears, as it is set when made. `samples` are at 8 kHz.
std::string spandsp_digits(std::span<const std::int16_t> samples);

} // namespace keytone::test
