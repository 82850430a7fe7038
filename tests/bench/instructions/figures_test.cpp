// SPDX-License-Identifier: MIT
//
// No part of the work takes more instructions than bench/instructions/figures says. Their number depends on
// the compiler and on how sources are joined, so that the test only runs where all of this is the same: with
// Debian 12's g++, in a build by the preset joined. When more instructions are what a change is meant to
// cost:
//
//     bench/instructions/count > bench/instructions/figures
#include "tests/support/child_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace keytone {
namespace {

constexpr double most_growth = 1.03;

struct Figures {
    std::string build;                   // the first line
    std::map<std::string, double> costs; // instructions by instruction set and part
};

Figures read_figures(std::istream& lines) {
    Figures figures;
    std::getline(lines, figures.build);
    std::string set;
    std::string part;
    std::string unit;
    double instructions = 0.0;
    while (lines >> set >> part >> instructions && std::getline(lines, unit)) {
        figures.costs[set + " " + part] = instructions;
    }
    return figures;
}

TEST(Instructions, AreNoMoreThanTheFiguresInTheTree) {
    std::ifstream file(KEYTONE_ROOT "/bench/instructions/figures");
    const Figures kept = read_figures(file);
    ASSERT_FALSE(kept.costs.empty());
    const auto build = test::run_child(KEYTONE_INSTRUCTIONS, {"--build"});
    if (kept.build + "\n" != "# " + build.output) {
        GTEST_SKIP() << "the figures are of another build: " << kept.build.substr(2) << "; this one is "
                     << build.output;
    }
    if (!std::filesystem::exists("/usr/bin/valgrind")) {
        GTEST_SKIP() << "valgrind is not installed: tools/install-deps test";
    }
    const auto run = test::run_child(KEYTONE_ROOT "/bench/instructions/count", {KEYTONE_INSTRUCTIONS});
    ASSERT_EQ(run.exit_code, 0) << run.errors;
    std::istringstream lines(run.output);
    const Figures counted = read_figures(lines);
    for (const auto& [part, instructions] : kept.costs) {
        ASSERT_TRUE(counted.costs.contains(part)) << part << " is not counted any more";
        EXPECT_LE(counted.costs.at(part), most_growth * instructions)
            << part << " took " << instructions << ". All figures of this build:\n"
            << run.output;
    }
    EXPECT_EQ(counted.costs.size(), kept.costs.size()) << "a part has no figure:\n" << run.output;
}

} // namespace
} // namespace keytone
