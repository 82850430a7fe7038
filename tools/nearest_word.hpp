// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::tools {

/// The word that was probably meant by `typed`, if one is near enough: at most a third of its letters are
/// missing, wrong, added or swapped.
std::optional<std::string> nearest_word(std::string_view typed, const std::vector<std::string>& words);

} // namespace keytone::tools
