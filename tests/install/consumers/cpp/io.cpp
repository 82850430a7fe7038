// SPDX-License-Identifier: MIT
//
// Writes a file and reads it.
#include <keytone/engine/io/audio_reader.hpp>
#include <keytone/engine/io/wav_writer.hpp>

#include <array>
#include <cstdint>
#include <cstdio>

int main() {
    using namespace keytone::io;
    auto writer = WavWriter::create("consumer.wav", 8000, 1, WavEncoding::pcm16);
    const std::array<std::int16_t, 123> silence{};
    if (!writer || !writer->write(std::span<const std::int16_t>(silence)) || !writer->close()) {
        return 1;
    }
    const auto reader = AudioReader::open("consumer.wav");
    std::printf("%lld\n", reader ? static_cast<long long>(reader->frames()) : -1);
}
