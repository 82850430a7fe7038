// SPDX-License-Identifier: MIT
//
// What the tests of call progress hear on a line, at 8 kHz unless told otherwise.
#pragma once

#include "dsp/listener/line_listener.hpp"
#include "dsp/listener/progress_listener.hpp"
#include "tests/dsp/listener/sound_parts.hpp"

#include <vector>

namespace keytone::test {

/// All that is reported on `line`, over noise of `noise_dbm0`, of a country's tones or any.
inline std::vector<ProgressEvent> progress_events(Signal line, double noise_dbm0,
                                                  const char* country = nullptr, int at_hz = rate_hz) {
    mix_into(line, white_noise(line.size(), noise_dbm0, 7), 0);
    const SampleRate rate = *SampleRate::from_hz(at_hz);
    LineListener listener(rate);
    ProgressListener progress = country == nullptr ? ProgressListener(rate)
                                                   : ProgressListener(rate, {}, *Country::from_code(country));
    std::vector<ProgressEvent> all;
    listener.process(
        to_pcm16(line), [](const LineEvent&) {},
        [&](const LineFront::Frame& frame) {
            progress.hear(frame, [&](const ProgressEvent& event) { all.push_back(event); });
        });
    return all;
}

} // namespace keytone::test
