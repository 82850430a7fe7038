// SPDX-License-Identifier: MIT
//
// What synthetic voices read: a telephone's answer and a sentence of small talk, in many languages.
#pragma once

#include <span>

namespace keytone::accuracy {

struct SpokenText {
    const char* language; ///< As `espeak-ng -v` takes it.
    const char* text;     ///< UTF-8.
};

/// Each language once.
std::span<const SpokenText> spoken_texts();

} // namespace keytone::accuracy
