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

/// What keytone's detector hears from the first sample to the last, fed 20 ms at a time as a telephone line
/// would. A key that begins must end: a begin without its end, or the other way round, fails the test that
/// asked.
std::vector<HeardKey> hear(std::span<const std::int16_t> samples, int rate_hz, const DtmfLimits& limits = {});

std::string digits(const std::vector<HeardKey>& keys);

} // namespace keytone::test
