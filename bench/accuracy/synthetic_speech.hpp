// SPDX-License-Identifier: MIT
//
// Speech by flite and espeak-ng, in every voice they bring: made once, and kept in a folder.
#pragma once

#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/work.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace keytone::accuracy {

/// About `hours` of English text, read by each program's voices in equal parts; pieces of a minute, each of
/// the name of its voice. A program that is not installed adds nothing.
std::vector<Recording> synthetic_speech(const std::filesystem::path& cache, double hours, Work& work);

} // namespace keytone::accuracy
