// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::tools {

/// The word that was meant by `typed`, if one is near enough: by at most a third of its letters, missing,
/// wrong, too many or in each other's place.
std::optional<std::string> nearest_word(std::string_view typed, const std::vector<std::string>& words);

} // namespace keytone::tools
