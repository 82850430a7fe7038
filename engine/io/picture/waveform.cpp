// SPDX-License-Identifier: MIT
#include "engine/io/picture/waveform.hpp"

#include <algorithm>
#include <cstddef>

namespace keytone::io {

std::vector<Extremes> waveform_columns(std::span<const std::int16_t> samples, double samples_per_column,
                                       int max_columns) {
    std::vector<Extremes> columns;
    for (int column = 0; column < max_columns; ++column) {
        const auto first = static_cast<std::size_t>(column * samples_per_column);
        if (first >= samples.size()) {
            break;
        }
        const auto behind = static_cast<std::size_t>((column + 1) * samples_per_column) + 1;
        const auto part = samples.subspan(first, std::min(behind, samples.size()) - first);
        const auto [lowest, highest] = std::minmax_element(part.begin(), part.end());
        columns.push_back({*lowest, *highest});
    }
    return columns;
}

} // namespace keytone::io
