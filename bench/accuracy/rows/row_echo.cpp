// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <cmath>

namespace keytone::accuracy {

Outcome measure_echo(const Setting& setting) {
    constexpr double delay_ms = 20.0;
    constexpr double echo_db = -10.0;
    const auto points = compare_points(setting, 1, [&](std::size_t, int digits, Random& random) {
        Sound sound = key_stream({}, digits, setting.rate_hz, random);
        const std::size_t delay = sample_count(delay_ms, setting.rate_hz);
        const auto gain = static_cast<float>(std::sqrt(power_ratio(echo_db)));
        // From the end: each sample takes the echo of one that has none yet.
        for (std::size_t i = sound.samples.size(); i-- > delay;) {
            sound.samples[i] += gain * sound.samples[i - delay];
        }
        return sound;
    });
    return {{all_heard(setting,
                       "echo after 20 ms at \xE2\x88\x92"
                       "10 dB",
                       points.front())}};
}

} // namespace keytone::accuracy
