// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/child_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::test {

/// Runs the built program.
inline ChildResult keytone_program(const std::vector<std::string>& arguments, const ChildSetup& setup = {}) {
    return run_child(KEYTONE_PROGRAM, arguments, setup);
}

/// The child ended with exit code 0 and an empty standard error.
MATCHER(Succeeded, "") {
    *result_listener << "exit code " << arg.exit_code << ", errors: " << arg.errors;
    return arg.exit_code == 0 && arg.errors.empty();
}

/// The child ended with `exit_code` and one line on standard error: `keytone: …`, a thing and a remedy,
/// separated by a colon. The line contains `words`.
MATCHER_P2(FailedWith, exit_code, words, "") {
    const std::string_view errors = arg.errors;
    *result_listener << "exit code " << arg.exit_code << ", errors: " << errors;
    const std::string_view program = "keytone: ";
    return arg.exit_code == exit_code && errors.starts_with(program) &&
           std::ranges::count(errors, '\n') == 1 && errors.ends_with('\n') &&
           errors.substr(program.size()).find(": ") != std::string_view::npos &&
           errors.find(words) != std::string_view::npos;
}

} // namespace keytone::test
