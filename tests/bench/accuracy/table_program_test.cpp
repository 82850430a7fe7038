// SPDX-License-Identifier: MIT
#include "bench/accuracy/table_program.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::accuracy {
namespace {

using tools::Console;
using tools::ExitCode;

struct NamedRow {
    std::string_view name;
};

constexpr std::array table{NamedRow{"noise"}, NamedRow{"speech"}, NamedRow{"echo"}};

struct Ended {
    int code;
    bool measured;
    TableOptions options;
};

using Measure = std::function<ExitCode(const CLI::App&, Console&)>;

int run(std::vector<std::string> arguments, TableOptions& options, const Measure& measure) {
    arguments.insert(arguments.begin(), "measure");
    std::vector<char*> words;
    for (std::string& argument : arguments) {
        words.push_back(argument.data());
    }
    const auto add = [&](CLI::App& program) {
        add_options(program, options, names(std::span<const NamedRow>(table)),
                    {"--digits", "Digits", 500, 20}, "Less");
    };
    return run_table_program({"measure", "Measures.", add, measure}, static_cast<int>(words.size()),
                             words.data());
}

/// A program with these arguments, that measures and ends with `result`.
Ended run(const std::vector<std::string>& arguments, ExitCode result = ExitCode::done) {
    Ended ended{};
    ended.code = run(arguments, ended.options, [&](const CLI::App&, Console&) {
        ended.measured = true;
        return result;
    });
    return ended;
}

TEST(TableProgram, RowsAreThoseAskedForInTheTablesOrder) {
    const Ended ended = run({"--rows", "echo,noise"});
    EXPECT_EQ(ended.code, 0);
    const auto rows = chosen(std::span<const NamedRow>(table), ended.options);
    EXPECT_EQ(names(std::span(rows)), (std::vector<std::string>{"noise", "echo"}));
    EXPECT_EQ(chosen(std::span<const NamedRow>(table), run({}).options).size(), table.size());
}

TEST(TableProgram, AQuickRunIsSmallerUnlessTheNumberIsGiven) {
    const Stimuli digits{"--digits", "Digits", 500, 20};
    EXPECT_EQ(run({}).options.count(digits), 500);
    EXPECT_EQ(run({"--quick"}).options.count(digits), 20);
    EXPECT_EQ(run({"--quick", "--digits", "7"}).options.count(digits), 7);
    EXPECT_LT(run({"--quick"}).options.hours(), run({}).options.hours());
    EXPECT_EQ(run({"--quick", "--speech-hours", "2"}).options.hours(), 2.0);
    EXPECT_EQ(run({"--jobs", "3"}).options.threads(), 3U);
    EXPECT_GE(run({}).options.threads(), 1U);
}

TEST(TableProgram, WhatIsWrongIsSaidBeforeAnythingIsMeasured) {
    testing::internal::CaptureStderr();
    const Ended unknown = run({"--rows", "music"});
    EXPECT_NE(testing::internal::GetCapturedStderr().find("see measure --help"), std::string::npos);
    EXPECT_EQ(unknown.code, static_cast<int>(ExitCode::usage));
    EXPECT_FALSE(unknown.measured);
    for (const char* const wrong : {"--digits=0", "--jobs=0", "--speech-hours=-1", "--speech=/not/there"}) {
        EXPECT_EQ(run({wrong}).code, static_cast<int>(ExitCode::usage)) << wrong;
    }
}

TEST(TableProgram, HelpIsNoFailureAndMeasuresNothing) {
    testing::internal::CaptureStdout();
    const Ended ended = run({"--help"});
    EXPECT_NE(testing::internal::GetCapturedStdout().find("Digits [500; 20 with --quick]"),
              std::string::npos);
    EXPECT_EQ(ended.code, 0);
    EXPECT_FALSE(ended.measured);
}

TEST(TableProgram, AFailedMeasurementIsTheProgramsExitCode) {
    EXPECT_EQ(run({}, ExitCode::failed).code, static_cast<int>(ExitCode::failed));
    TableOptions options;
    testing::internal::CaptureStderr();
    const int code =
        run({}, options, [](const CLI::App&, Console&) -> ExitCode { throw std::runtime_error("deaf"); });
    EXPECT_NE(testing::internal::GetCapturedStderr().find("deaf"), std::string::npos);
    EXPECT_EQ(code, static_cast<int>(ExitCode::failed));
}

TEST(TableProgram, TheTallyCountsLinesOfWhichSomethingIsAsked) {
    Tally tally;
    tally.add({{Line{"met", "1", Figure{1.0, "1"}, {}, true}, Line{"not", "1", Figure{0.0, "0"}, {}, false},
                Line{"free", "", Figure{0.0, "0"}, {}, {}}}});
    EXPECT_EQ(tally.text(), "1 met, 1 not met\n");
}

} // namespace
} // namespace keytone::accuracy
