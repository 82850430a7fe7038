// SPDX-License-Identifier: MIT
//
// Prints the detector's reports for keys in noise, to the bit: a program for another processor, on which only
// its output can be tested. It prints the instruction set in use to standard error.
#include "dsp/digit_string.hpp"
#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"
#include "dsp/g711.hpp"
#include "dsp/simd/instruction_set.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

using namespace keytone;

// Knuth's MMIX generator, which gives the same numbers everywhere.
std::int16_t noise(std::uint64_t& state) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::int16_t>(static_cast<std::int64_t>(state) >> 53U);
}

std::vector<std::int16_t> line(SampleRate rate) {
    const auto digits = DigitString::parse("1234567890ABCD*#").value();
    auto generator = DtmfGenerator::create(digits, {.tone = {60}, .gap = {50}}, rate).value();
    std::vector<std::int16_t> samples(static_cast<std::size_t>(generator.length()) + 2000);
    generator.generate(std::span(samples));
    std::uint64_t state = 1;
    for (std::int16_t& sample : samples) {
        sample = static_cast<std::int16_t>(sample + noise(state));
    }
    std::vector<std::uint8_t> codes(samples.size());
    const G711Law law = rate == SampleRate::narrowband() ? G711Law::ulaw : G711Law::alaw;
    g711_encode(law, samples, codes);
    g711_decode(law, codes, samples);
    return samples;
}

} // namespace

int main() {
    std::fprintf(stderr, "instruction set: %s\n", name(instruction_set()).data());
    for (const int rate_hz : {8000, 16000}) {
        const SampleRate rate = SampleRate::from_hz(rate_hz).value();
        DtmfDetector detector(rate);
        const auto print = [](const DtmfReport& report) {
            std::printf("%d %c %lld %lld %a %a %a %a %a\n", static_cast<int>(report.kind),
                        report.key.character(), static_cast<long long>(report.onset),
                        static_cast<long long>(report.duration), report.low_level.value,
                        report.high_level.value, report.low_frequency.value, report.high_frequency.value,
                        report.snr.value);
        };
        detector.process(line(rate), print);
        detector.finish(print);
    }
}
