// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace keytone::test {

/// How far apart the two levels of a key may be for SpanDSP's receiver; by default its own limits.
struct SpandspTwist {
    int max_low_over_high_db = 8;
    int max_high_over_low_db = 4;
};

/// The digits that SpanDSP's receiver hears. `samples` are at 8 kHz.
std::string spandsp_digits(std::span<const std::int16_t> samples, SpandspTwist accepted = {});

} // namespace keytone::test
