// SPDX-License-Identifier: MIT
#include "tests/support/audio_file.hpp"

#include "engine/io/audio_reader.hpp"

#include <gtest/gtest.h>

namespace keytone::test {

AudioFile read_audio(const std::string& path) {
    auto reader = io::AudioReader::open(path);
    if (!reader) {
        ADD_FAILURE() << reader.error().message;
        return {};
    }
    const auto channels = static_cast<std::size_t>(reader->channels());
    AudioFile file;
    file.rate_hz = reader->rate_hz();
    file.channels.resize(channels);
    std::vector<std::int16_t> interleaved(4096 * channels);
    for (;;) {
        const auto frames = reader->read(interleaved);
        if (!frames) {
            ADD_FAILURE() << frames.error().message;
            return {};
        }
        if (*frames == 0) {
            return file;
        }
        for (std::size_t frame = 0; frame < static_cast<std::size_t>(*frames); ++frame) {
            for (std::size_t channel = 0; channel < channels; ++channel) {
                file.channels[channel].push_back(interleaved[frame * channels + channel]);
            }
        }
    }
}

} // namespace keytone::test
