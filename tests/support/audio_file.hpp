// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace keytone::test {

/// A whole file in memory, one run of samples a channel.
struct AudioFile {
    int rate_hz = 0;
    std::vector<std::vector<std::int16_t>> channels;
};

/// Reads `path` by keytone's reader. A file that cannot be read fails the test that asked, and gives no
/// channels.
AudioFile read_audio(const std::string& path);

} // namespace keytone::test
