// SPDX-License-Identifier: MIT
//
// keytone or SpanDSP, detecting keys on 64-bit ARM, for its instructions to be counted:
// bench/instructions/neon.
//
//     arm_main keytone|spandsp FRAMES < SAMPLES        16-bit samples; prints how many keys it heard
#include "dsp/dtmf_detector.hpp"

#include <spandsp.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t frame = 160; // 20 ms

std::vector<std::int16_t> samples_of(std::FILE* in) {
    std::vector<std::int16_t> samples;
    std::vector<std::int16_t> part(100 * frame);
    for (std::size_t read = 0; (read = std::fread(part.data(), sizeof part[0], part.size(), in)) > 0;) {
        samples.insert(samples.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(read));
    }
    return samples;
}

std::size_t heard_by_keytone(std::span<const std::int16_t> samples) {
    keytone::DtmfDetector detector(keytone::SampleRate::narrowband());
    std::size_t keys = 0;
    for (; samples.size() >= frame; samples = samples.subspan(frame)) {
        detector.process(samples.first(frame), [&](const keytone::DtmfReport& report) {
            keys += report.kind == keytone::DtmfReport::Kind::begin ? 1U : 0U;
        });
    }
    return keys;
}

std::size_t heard_by_spandsp(std::span<const std::int16_t> samples) {
    std::size_t keys = 0;
    dtmf_rx_state_t* const receiver = dtmf_rx_init(
        nullptr,
        [](void* heard, const char*, int count) {
            *static_cast<std::size_t*>(heard) += static_cast<std::size_t>(count);
        },
        &keys);
    for (; samples.size() >= frame; samples = samples.subspan(frame)) {
        dtmf_rx(receiver, samples.data(), static_cast<int>(frame));
    }
    dtmf_rx_free(receiver);
    return keys;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        static_cast<void>(std::fprintf(stderr, "usage: arm_main keytone|spandsp FRAMES < SAMPLES\n"));
        return 2;
    }
    const std::vector<std::int16_t> samples = samples_of(stdin);
    const std::size_t wanted = std::strtoul(arguments[2], nullptr, 10) * frame;
    if (samples.size() < wanted) {
        static_cast<void>(std::fprintf(stderr, "arm_main: only %zu samples\n", samples.size()));
        return 1;
    }
    const auto heard = std::span(samples).first(wanted);
    const bool keytone = arguments[1] == std::string_view("keytone");
    std::printf("%zu\n", keytone ? heard_by_keytone(heard) : heard_by_spandsp(heard));
    return 0;
}
