// SPDX-License-Identifier: MIT
#include "bench/accuracy/rows/columns.hpp"

namespace keytone::accuracy {

const std::array<Column, 7>& columns() {
    static const std::array<Column, 7> all{{
        {"q24", {1.5, 2}, 3.0, 0, -40, -55, 4, 8, 23, 40, 10},
        {"att", {1.5, 0}, 3.5, 0, -25, -55, 4, 8, 23, 40, 10},
        {"ntt", {1.8, 0}, 3.0, -3, -24, -29, 5, 5, 24, 30, 10},
        {"danish", {1.5, 2}, {}, -2, -27, -36, 6, 6, 20, 40, 20},
        {"australian", {1.5, 4}, 7.0, -5, -27, -30, 10, 10, 25, 70, 12},
        {"brazilian", {1.8, 0}, 3.0, -3, -25, -50, 9, 9, 20, 30, 10},
        // Its levels were not available: the Danish column's are used.
        {"etsi", {1.5, 2}, {}, -2, -27, -36, 6, 6, 20, 40, 20},
    }};
    return all;
}

} // namespace keytone::accuracy
