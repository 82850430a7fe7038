// SPDX-License-Identifier: MIT
//
// Any bytes as an audio file: it is read to its end, or refused in one line.
#include "engine/io/audio_reader.hpp"
#include "tests/fuzz/demand.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace keytone;

constexpr SampleCount most_frames = 1'000'000;

using keytone::test::demand;

void check(const io::FileError& error) {
    demand(!error.message.empty() && error.message.find('\n') == std::string::npos);
}

void read_all(const std::string& path) {
    auto reader = io::AudioReader::open(path);
    if (!reader) {
        check(reader.error());
        return;
    }
    demand(reader->rate_hz() > 0 && reader->channels() > 0 && reader->frames() >= 0);
    std::vector<std::int16_t> frames(512 * static_cast<std::size_t>(reader->channels()));
    for (SampleCount total = 0; total < most_frames;) {
        const auto got = reader->read(frames);
        if (!got) {
            check(got.error());
            return;
        }
        if (*got == 0) {
            return;
        }
        demand(*got > 0 && *got <= 512);
        total += *got;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const int file = memfd_create("sound.wav", MFD_CLOEXEC);
    demand(file >= 0 && write(file, data, size) == static_cast<ssize_t>(size));
    read_all("/proc/self/fd/" + std::to_string(file));
    demand(close(file) == 0);
    return 0;
}
