// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/dtmf_limits.hpp"

#include <span>

namespace keytone::accuracy {

struct Sensitivity {
    const char* name;
    DtmfLimits limits;
};

/// From the least sensitive to the most; what the rows of the table hear with is among them.
std::span<const Sensitivity> sensitivities();

} // namespace keytone::accuracy
