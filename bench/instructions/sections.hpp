// SPDX-License-Identifier: MIT
//
// The work whose instructions are counted.
#pragma once

#include "dsp/function_ref.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace keytone::bench {

/// Does a part of the work; valgrind counts while this function runs.
using Counted = FunctionRef<void(FunctionRef<void()>)>;

struct Section {
    std::string_view name;
    std::string_view unit; ///< What its instructions are divided by.
    /// Prepares and does the work, and returns how many units it was. Throws a line that says what went
    /// wrong.
    std::size_t (*run)(Counted counted);
};

std::span<const Section> sections();

} // namespace keytone::bench
