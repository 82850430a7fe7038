// SPDX-License-Identifier: MIT
//
// Cosines of angles in turns, and back, the same on every machine.
#pragma once

#include "dsp/arithmetic/phase.hpp"
#include "dsp/arithmetic/sine.hpp"

#include <cmath>

namespace keytone {

/// The cosine of any number of turns. `[any]`
inline float cosine_of_turns(double turns) {
    const double shifted = turns + 0.25;
    return sine_of_phase(phase_of_turns(shifted - std::floor(shifted)));
}

/// The turns, 0 to 0.5, whose cosine this is, by halving. `[any]`
inline double turns_of_cosine(float cosine) {
    double low = 0.0;
    double high = 0.5;
    for (int i = 0; i < 24; ++i) {
        const double middle = 0.5 * (low + high);
        (cosine_of_turns(middle) > cosine ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

} // namespace keytone
