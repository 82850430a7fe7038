// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace keytone::test {

/// A whole file in memory, with the samples of each channel together.
struct AudioFile {
    int rate_hz = 0;
    std::vector<std::vector<std::int16_t>> channels;
};

/// Reads `path` by keytone's reader. If it cannot be read, the running test fails, and there are no channels.
AudioFile read_audio(const std::string& path);

} // namespace keytone::test
