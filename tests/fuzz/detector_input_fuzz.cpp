// SPDX-License-Identifier: MIT
//
// Any bytes as the input of the detector: samples of every kind at any rate and with any profile, in blocks
// of any size, lost or not. Reports are in order, keys begin before they end, and nothing depends on the
// blocks.
#include "dsp/dtmf_detector.hpp"
#include "dsp/dtmf_generator.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/demand.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace {

using namespace keytone;
using test::Choices;

constexpr std::size_t most_samples = 60'000;

using keytone::test::demand;

/// Samples, or as many lost ones.
struct Part {
    std::vector<std::int16_t> samples;
    SampleCount lost = 0;
};

std::vector<std::int16_t> tone(Choices& choices, SampleRate rate) {
    const std::array<char, 2> keys{"1234567890ABCD*#"[choices.below(16)], '\0'};
    const auto digits = DigitString::parse(keys.data());
    const DtmfTone shape{.tone = Milliseconds{5.0 + static_cast<double>(choices.below(100))},
                         .edge = Milliseconds{0},
                         .low_level = Dbm0{-60.0 + static_cast<double>(choices.below(57))},
                         .high_level = Dbm0{-60.0 + static_cast<double>(choices.below(57))}};
    auto generator = DtmfGenerator::create(*digits, shape, rate);
    demand(static_cast<bool>(generator));
    std::vector<std::int16_t> samples(static_cast<std::size_t>(generator->length()));
    generator->generate(samples);
    return samples;
}

Part part(Choices& choices, SampleRate rate) {
    const std::size_t count = 1 + 17 * choices.below(200);
    switch (choices.below(6)) {
    case 0: // the bytes as samples
    case 1: {
        const auto bytes = choices.take(2 * count);
        std::vector<std::int16_t> samples;
        for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
            samples.push_back(static_cast<std::int16_t>(bytes[i] | bytes[i + 1] << 8));
        }
        return {std::move(samples), 0};
    }
    case 2:
        return {tone(choices, rate), 0};
    case 3:
        return {{}, static_cast<SampleCount>(count)};
    case 4: { // full scale of alternating sign
        std::vector<std::int16_t> samples(count);
        const std::size_t period = 1 + choices.below(20);
        for (std::size_t i = 0; i < count; ++i) {
            samples[i] = i / period % 2 == 0 ? std::int16_t{-32768} : std::int16_t{32767};
        }
        return {std::move(samples), 0};
    }
    default: {
        const int value = static_cast<int>(choices.below(256)) - 128;
        return {std::vector<std::int16_t>(count, static_cast<std::int16_t>(256 * value)), 0};
    }
    }
}

void check(const std::vector<DtmfReport>& reports, SampleIndex end) {
    bool sounding = false;
    SampleIndex last_onset = -1;
    for (const DtmfReport& report : reports) {
        demand(std::isfinite(report.low_level.value) && std::isfinite(report.high_level.value));
        demand(std::isfinite(report.snr.value) && std::isfinite(report.low_frequency.value));
        demand(report.onset >= 0 && report.onset <= end && report.duration >= 0);
        if (report.kind == DtmfReport::Kind::begin) {
            demand(!sounding && report.onset > last_onset);
            last_onset = report.onset;
        } else if (report.kind == DtmfReport::Kind::end) {
            demand(sounding && report.onset == last_onset && report.onset + report.duration <= end);
        }
        sounding = report.kind == DtmfReport::Kind::hint ? sounding : report.kind == DtmfReport::Kind::begin;
    }
    demand(!sounding);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Choices choices({data, size});
    const SampleRate rate =
        *SampleRate::from_hz(SampleRate::offered_hz[choices.below(SampleRate::offered_hz.size())]);
    DtmfLimits limits = dtmf_profiles()[choices.below(dtmf_profiles().size())].limits;
    limits.sensitivity = sensitivities[choices.below(sensitivities.size())];
    DtmfDetector whole(rate, limits);
    DtmfDetector cut(rate, limits);
    std::vector<DtmfReport> of_whole;
    std::vector<DtmfReport> of_cut;
    const auto take_whole = [&](const DtmfReport& report) { of_whole.push_back(report); };
    const auto take_cut = [&](const DtmfReport& report) { of_cut.push_back(report); };
    SampleCount heard = 0;
    while (!choices.empty() && static_cast<std::size_t>(heard) < most_samples) {
        const Part next = part(choices, rate);
        heard += next.lost + std::ssize(next.samples);
        whole.process_lost(next.lost, take_whole);
        whole.process(next.samples, take_whole);
        cut.process_lost(next.lost, take_cut);
        const std::size_t block = 1 + choices.below(170);
        for (std::span<const std::int16_t> rest = next.samples; !rest.empty();) {
            const std::size_t now = std::min(block, rest.size());
            cut.process(rest.first(now), take_cut);
            rest = rest.subspan(now);
        }
    }
    demand(whole.position() == heard && cut.position() == heard);
    whole.finish(take_whole);
    cut.finish(take_cut);
    demand(of_whole == of_cut);
    check(of_whole, heard);
    return 0;
}
