// SPDX-License-Identifier: MIT
#include "tools/nearest_word.hpp"

#include <algorithm>

namespace keytone::tools {

namespace {

/// The number of letters to insert, delete, change or swap with their neighbour to turn `a` into `b`.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> steps(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                steps[i][j] = i + j;
                continue;
            }
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            steps[i][j] = std::min({steps[i - 1][j] + 1, steps[i][j - 1] + 1, steps[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
            }
        }
    }
    return steps.back().back();
}

} // namespace

std::optional<std::string> nearest_word(std::string_view typed, const std::vector<std::string>& words) {
    std::optional<std::string> nearest;
    std::size_t least = 0;
    for (const std::string& word : words) {
        const std::size_t steps = distance(typed, word);
        if (3 * steps <= word.size() && (!nearest || steps < least)) {
            nearest = word;
            least = steps;
        }
    }
    return nearest;
}

} // namespace keytone::tools
