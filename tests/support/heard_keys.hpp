// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/dtmf_limits.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace keytone::test {

/// A key as keytone's detector reports it at its end.
struct HeardKey {
    char key;
    double start_s;
    double duration_s;
    double low_dbm0;
    double high_dbm0;
    double low_hz;
    double high_hz;
};

/// What keytone's detector reports from the first sample to the last, fed 20 ms at a time as on a telephone
/// line. A begin without an end, or an end without a begin, fails the running test.
std::vector<HeardKey> hear(std::span<const std::int16_t> samples, int rate_hz, const DtmfLimits& limits = {});

std::string digits(const std::vector<HeardKey>& keys);

} // namespace keytone::test
