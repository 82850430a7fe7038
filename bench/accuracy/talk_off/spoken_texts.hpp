// SPDX-License-Identifier: MIT
//
// What synthetic voices read: a telephone greeting and a sentence of small talk, in many languages.
#pragma once

#include <span>

namespace keytone::accuracy {

struct SpokenText {
    const char* language; ///< The name for `espeak-ng -v`.
    const char* text;     ///< UTF-8.
};

/// Each language once.
std::span<const SpokenText> spoken_texts();

} // namespace keytone::accuracy
