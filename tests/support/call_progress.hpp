// SPDX-License-Identifier: MIT
//
// What exchanges send of a call's progress, country by country (ITU-T E.180 Supplement 2 and the common
// plans), made by plain sines.
#pragma once

#include "tests/support/signal.hpp"

#include <string>
#include <vector>

namespace keytone::test {

/// One tone plan.
struct CallProgress {
    std::string name;
    std::vector<double> hz;
    double modulation_hz;           ///< Of the level, from nothing to full; 0: none.
    std::vector<double> cadence_ms; ///< Sound, pause, sound, pause ...; one value: without a pause.
};

/// Ringing, busy and congestion of every country that is known here.
const std::vector<CallProgress>& call_progress_plans();

/// How a line has it: how loud each tone is, how much the frequencies and the times are off.
struct CallProgressForm {
    double dbm0 = -15.0;
    double frequency_factor = 1.0;
    double time_factor = 1.0;
    double level_step_db = 0.0; ///< Each further tone is so much softer than the one before.
};

/// So much of it, beginning with its first sound.
Signal call_progress(const CallProgress& plan, double length_ms, int rate_hz,
                     const CallProgressForm& form = {});

} // namespace keytone::test
