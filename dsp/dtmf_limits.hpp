// SPDX-License-Identifier: MIT
//
// What a receiver must accept and must reject. One named limit a line, with its unit, default and clause; the
// administrations' columns are those of ITU-T Q.24 Table A-1, and of ETSI ES 201 235-3.
#pragma once

#include "dsp/units.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace keytone {

/// The limits one receiver works by. The defaults are the profile `q24`.
struct DtmfLimits {
    // Placeholder for the limits, see the detector's own work.
};

/// A set of limits by the name of who asks for it.
struct DtmfProfile {
    std::string_view name;
    DtmfLimits limits;
};

/// `q24` (the default), `att`, `ntt`, `danish`, `australian`, `brazilian`, `etsi`.
std::array<DtmfProfile, 7> dtmf_profiles();
/// Nothing for a name that is none of them.
std::optional<DtmfLimits> dtmf_profile(std::string_view name);

} // namespace keytone
