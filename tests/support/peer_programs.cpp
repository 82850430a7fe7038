// SPDX-License-Identifier: MIT
#include "tests/support/peer_programs.hpp"

#include "tests/support/child_process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <sstream>
#include <string_view>

namespace keytone::test {

namespace {

/// What a program found in PATH writes to standard output.
std::string output_of(const std::vector<std::string>& command) {
    const ChildResult result = run_child("/usr/bin/env", command);
    EXPECT_EQ(result.exit_code, 0) << command.front()
                                   << " (Debian package of the same name): " << result.errors;
    return result.output;
}

} // namespace

std::string multimon_digits(const std::string& path) {
    constexpr std::string_view prefix = "DTMF: ";
    std::istringstream lines(output_of({"multimon-ng", "-q", "-a", "DTMF", "-t", "wav", path}));
    std::string digits;
    for (std::string line; std::getline(lines, line);) {
        EXPECT_EQ(line.substr(0, prefix.size()), prefix) << "a line that multimon-ng was not known to print";
        digits += line.substr(std::min(prefix.size(), line.size()));
    }
    return digits;
}

std::vector<std::int16_t> sox_samples_8khz(const std::string& path) {
    const std::string bytes =
        output_of({"sox", "-D", path, "-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1", "-"});
    std::vector<std::int16_t> samples(bytes.size() / sizeof(std::int16_t));
    std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(std::int16_t));
    return samples;
}

void sox_synthesise(const std::vector<std::string>& format, const std::string& path,
                    const std::vector<std::string>& effects) {
    std::vector<std::string> command{"sox", "-n"};
    command.insert(command.end(), format.begin(), format.end());
    command.push_back(path);
    command.insert(command.end(), effects.begin(), effects.end());
    output_of(command);
}

} // namespace keytone::test
