// SPDX-License-Identifier: MIT
//
// Includes headers by their names from before 0.2, beside those of now.
#include "dsp/keys.hpp"

#include <keytone/dsp/dtmf_detector.hpp>

#include <cstdio>

int main() {
    const keytone::DtmfDetector detector(keytone::SampleRate::narrowband());
    std::puts("both");
}
