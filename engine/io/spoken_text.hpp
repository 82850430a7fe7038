// SPDX-License-Identifier: MIT
#pragma once

#include "dsp/result.hpp"
#include "engine/prompt.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace keytone::io {

/// Most characters of one spoken text.
inline constexpr std::size_t max_spoken_characters = 2000;

/// Converts UTF-8 text to the ASCII that flite pronounces. flite silently drops every byte beyond ASCII
/// ("café" becomes "caf", "über" "ber"), so accented Latin letters become their base letters, curly quotes
/// and dashes their plain forms, and what has no plain form a space. Tabs and line ends count as spaces; of a
/// long run of punctuation the first four marks stay.
///
/// Errors: no letter or digit to speak, more than max_spoken_characters, a control character, text that is
/// not UTF-8; with the character's number, from 1. `[control]`
Result<std::string, PromptError> spoken_text(std::string_view text);

} // namespace keytone::io
