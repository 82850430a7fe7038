// SPDX-License-Identifier: MIT
#pragma once

#include "bench/accuracy/talk_off/clip.hpp"

#include <filesystem>

namespace keytone::accuracy {

/// The files that `folder`/index.tsv lists. Its first line has the names of the columns, separated by tabs.
/// These are read: `file`, `source` (the publisher, for is_held_out()) and `kind` (a way of speaking). An
/// empty `folder` has none. Throws a line that names the index and what is wrong with it.
Corpus speech_folder(const std::filesystem::path& folder);

} // namespace keytone::accuracy
