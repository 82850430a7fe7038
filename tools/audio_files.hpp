// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "tools/console/failure.hpp"

#include <string>
#include <vector>

namespace keytone::tools {

/// The files that `paths` stand for: a folder stands for the audio files in it and below, recognised by the
/// endings of their names, in the order of their paths; anything else for itself. Links to folders are not
/// followed. Fails where a folder cannot be read, or no file is found.
Result<std::vector<std::string>, Failure> audio_files_below(const std::vector<std::string>& paths);

} // namespace keytone::tools
