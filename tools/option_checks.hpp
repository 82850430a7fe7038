// SPDX-License-Identifier: MIT
//
// Checks of option values. Each error states what was given and what would be accepted.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace keytone::tools {

/// A finite decimal number.
CLI::Validator decimal_number();
/// A finite decimal number from `least` to `most`, in `unit`.
CLI::Validator decimal_number(double least, double most, const std::string& unit);
/// A whole decimal number from `least` to `most`.
CLI::Validator whole_number(int least, int most);
/// One of `offered`. The check's name is all of them with `|` between, which a shell completes.
CLI::Validator one_of(std::vector<std::string> offered);
/// A format of files without a header: an encoding, `@` and a rate.
CLI::Validator raw_format();

/// The sampling rates that keytone works at, in hertz.
std::vector<std::string> offered_rates();

/// "a, b or c".
std::string enumerate(const std::vector<std::string>& words);

} // namespace keytone::tools
