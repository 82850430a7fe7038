// SPDX-License-Identifier: MIT
#include "tests/support/heard_keys.hpp"

#include "dsp/dtmf_detector.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace keytone::test {

std::vector<HeardKey> hear(std::span<const std::int16_t> samples, int rate_hz, const DtmfLimits& limits) {
    const auto rate = SampleRate::from_hz(rate_hz);
    if (!rate) {
        ADD_FAILURE() << "keytone does not offer " << rate_hz << " Hz";
        return {};
    }
    DtmfDetector detector(*rate, limits);
    std::vector<HeardKey> heard;
    std::string begun;
    const auto listen = [&](const DtmfReport& report) {
        if (report.kind == DtmfReport::Kind::begin) {
            begun += report.key.character();
        } else if (report.kind == DtmfReport::Kind::end) {
            heard.push_back({.key = report.key.character(),
                             .start_s = rate->seconds(report.onset),
                             .duration_s = rate->seconds(report.duration),
                             .low_dbm0 = report.low_level.value,
                             .high_dbm0 = report.high_level.value,
                             .low_hz = report.low_frequency.value,
                             .high_hz = report.high_frequency.value});
        }
    };
    const std::size_t frame = static_cast<std::size_t>(rate_hz) / 50;
    for (std::size_t at = 0; at < samples.size(); at += frame) {
        detector.process(samples.subspan(at, std::min(frame, samples.size() - at)), listen);
    }
    detector.finish(listen);
    EXPECT_EQ(begun, digits(heard)) << "keys begun, and keys ended";
    return heard;
}

std::string digits(const std::vector<HeardKey>& keys) {
    std::string text;
    for (const HeardKey& heard : keys) {
        text += heard.key;
    }
    return text;
}

} // namespace keytone::test
