// SPDX-License-Identifier: MIT
//
// The call progress tones of exchanges, country by country (ITU-T E.180 Supplement 2 and the usual plans),
// made of plain sines.
#pragma once

#include "tests/support/signal.hpp"

#include <string>
#include <vector>

namespace keytone::test {

/// One tone plan.
struct CallProgress {
    std::string name;
    std::vector<double> hz;
    double modulation_hz;           ///< Modulation of the level, from 0 to full; 0: none.
    std::vector<double> cadence_ms; ///< Sound, pause, sound, pause ...; a single value: no pause.
};

/// Ringing, busy and congestion of every country that is listed here.
const std::vector<CallProgress>& call_progress_plans();

/// How a line changes it: the level of each tone, and by how much frequencies and times are off.
struct CallProgressForm {
    double dbm0 = -15.0;
    double frequency_factor = 1.0;
    double time_factor = 1.0;
    double level_step_db = 0.0; ///< How much softer each further tone is than the one before.
};

/// The first `length_ms` of it, beginning with its first sound.
Signal call_progress(const CallProgress& plan, double length_ms, int rate_hz,
                     const CallProgressForm& form = {});

} // namespace keytone::test
