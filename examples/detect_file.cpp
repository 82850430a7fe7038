// SPDX-License-Identifier: MIT
//
// The digits in an audio file of one channel:
//
//     detect_file call.wav
#include "dsp/dtmf_detector.hpp"
#include "engine/io/audio_reader.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <span>

using namespace keytone;

int main(int argc, char** argv) {
    auto file = io::AudioReader::open(argc > 1 ? argv[1] : "-");
    const auto rate = file ? SampleRate::from_hz(file->rate_hz()) : Error::rate_not_offered;
    if (!file || !rate || file->channels() != 1) {
        const char* const why =
            file ? "not one channel, or at a rate that is not offered" : file.error().message.c_str();
        static_cast<void>(std::fprintf(stderr, "detect_file: %s\n", why));
        return 1;
    }
    DtmfDetector detector(*rate);
    const auto print = [](const DtmfReport& report) {
        if (report.kind == DtmfReport::Kind::begin) {
            static_cast<void>(std::putchar(report.key.character()));
        }
    };
    std::array<std::int16_t, 160> frame{};
    auto count = file->read(frame);
    for (; count && *count > 0; count = file->read(frame)) {
        detector.process(std::span(frame).first(static_cast<std::size_t>(*count)), print);
    }
    detector.finish(print);
    static_cast<void>(std::putchar('\n'));
    return count ? 0 : 1; // no count: the file could not be read to its end
}
