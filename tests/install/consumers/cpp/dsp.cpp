// SPDX-License-Identifier: MIT
//
// Detects a key that it generated itself.
#include <keytone/dsp/dtmf_detector.hpp>
#include <keytone/dsp/dtmf_generator.hpp>

#include <array>
#include <cstdint>
#include <cstdio>

int main() {
    const auto rate = keytone::SampleRate::narrowband();
    const auto digits = keytone::DigitString::parse("7");
    if (!digits) {
        return 1;
    }
    auto generator = keytone::DtmfGenerator::create(*digits, {}, rate);
    if (!generator) {
        return 1;
    }
    std::array<std::int16_t, 2000> samples{};
    generator->generate(std::span<std::int16_t>(samples));
    keytone::DtmfDetector detector(rate);
    const auto print = [](const keytone::DtmfReport& report) {
        if (report.kind == keytone::DtmfReport::Kind::end) {
            std::printf("%c\n", report.key.character());
        }
    };
    detector.process(samples, print);
    detector.finish(print);
}
