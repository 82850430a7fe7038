// SPDX-License-Identifier: MIT
//
// The columns of ITU-T Q.24 Table A-1, with numbers of their own: an error in the library's numbers would
// show.
#pragma once

#include "bench/accuracy/key_stream.hpp"

#include <array>
#include <optional>
#include <string>

namespace keytone::accuracy {

struct Column {
    std::string profile;
    Deviation accepted;
    std::optional<double> rejected_percent; ///< Absent where the column names none.
    double loudest_dbm0;
    double softest_dbm0;
    double not_operated_dbm0;
    double high_over_low_db;
    double low_over_high_db;
    double rejected_ms;
    double pause_ms;
    double interruption_ms;
};

/// One column for each profile.
const std::array<Column, 7>& columns();

} // namespace keytone::accuracy
