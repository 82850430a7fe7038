// SPDX-License-Identifier: MIT
#pragma once

#include "bench/accuracy/talk_off/clip.hpp"

#include <filesystem>

namespace keytone::accuracy {

/// The files that `folder`/index.tsv lists. Its first line names the columns, between tabs; of these are
/// read: `file`, `source` (who published it: is_held_out() goes by it) and `kind` (a way of speaking). An
/// empty `folder` is none. Throws a line that names the index and what is wrong with it.
Corpus speech_folder(const std::filesystem::path& folder);

} // namespace keytone::accuracy
