// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "engine/prompt.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace keytone::io {

/// Characters in one spoken text.
inline constexpr std::size_t max_spoken_characters = 2000;

/// Brings UTF-8 text to the ASCII that flite pronounces. Flite drops every byte beyond ASCII without a word
/// ("café" becomes "caf", "über" "ber"), so an accented Latin letter gives its base letter, curly quotes and
/// dashes their plain forms, and what has no plain form a space. Tabs and line ends count as spaces; of a
/// long run of punctuation the first four stay.
///
/// Errors: no letter or digit to speak, more than max_spoken_characters, a control character, text that is
/// not UTF-8; with the character's number, from 1. `[control]`
Result<std::string, PromptError> spoken_text(std::string_view text);

} // namespace keytone::io
