// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace keytone::test {

/// How a program is started.
struct ChildSetup {
    std::string input = {};         ///< What it reads from standard input.
    std::optional<int> output = {}; ///< Where its standard output goes instead of being captured.
    bool close_output = false;      ///< Starts it without a standard output.
    std::function<void(int process)> meanwhile = {}; ///< Called when it has started.
    std::string folder = {};                         ///< Its working folder; the caller's when empty.
};

/// The result of a program.
struct ChildResult {
    int exit_code = 0; ///< Minus the signal's number if a signal ended it.
    std::string output;
    std::string errors;
};

/// Runs `program` with `arguments`, without a shell, and waits for its end. Fails the running test when it
/// cannot be started.
ChildResult run_child(const std::string& program, const std::vector<std::string>& arguments,
                      const ChildSetup& setup = {});

} // namespace keytone::test
