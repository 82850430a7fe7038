// SPDX-License-Identifier: MIT
#include "bench/speed/speed_picture.hpp"
#include "bench/speed/speed_run.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace keytone::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string benchmark(const std::string& name, const std::string& counter, double value) {
    return R"({"name": ")" + name + R"(", "run_name": ")" + name + R"(", "run_type": "iteration", ")" +
           counter + R"(": )" + std::to_string(value) + "}";
}

const std::string measured = R"({"context": {}, "benchmarks": [)" +
                             benchmark("detect/keytone/speech/100", "channels", 300'000) + "," +
                             benchmark("detect/keytone/speech/100", "channels", 320'000) + "," +
                             benchmark("detect/keytone/speech/100", "channels", 100'000) + "," +
                             benchmark("detect/keytone/speech/10000", "channels", 250'000) + "," +
                             benchmark("detect/spandsp/speech/100", "channels", 20'000) + "," +
                             benchmark("generate/keytone", "channels", 190'000) + "," +
                             benchmark("generate/spandsp", "channels", 38'000) + "," +
                             benchmark("limits/memory", "bytes", 1.2e10) + "]}";

TEST(SpeedRun, TakesTheMedianOfRepetitions) {
    const SpeedRun run = read_speed_run({measured}, "avx2");
    EXPECT_EQ(run.figure("detect/keytone/speech/100"), 300'000.0);
    EXPECT_EQ(run.ratio("detect/keytone/speech/100", "detect/spandsp/speech/100"), 15.0);
    EXPECT_EQ(run.ratio("detect/keytone/speech/100", "leg/spandsp"), std::nullopt);
}

TEST(SpeedRun, TakesTheMedianOfPasses) {
    const auto pass = [](double channels) {
        return R"({"benchmarks": [)" + benchmark("leg/keytone", "channels", channels) + "]}";
    };
    EXPECT_EQ(read_speed_run({pass(3.0), pass(1.0), pass(2.0)}, "avx2").figure("leg/keytone"), 2.0);
}

TEST(SpeedRun, RefusesWhatIsNoRun) {
    for (const char* const text : {"", "{", "[]", "{}", R"({"benchmarks": 3})"}) {
        EXPECT_THROW(read_speed_run({text}, "avx2"), std::runtime_error) << text;
    }
}

TEST(SpeedRun, StagesAreReadAndDrawn) {
    const auto stages = read_stages(
        R"([{"stage": "bridge", "instructions": 294}, {"stage": "listeners", "instructions": 2058}])");
    ASSERT_EQ(stages.size(), 2U);
    EXPECT_EQ(stages[1].name, "listeners");
    EXPECT_EQ(stages[1].instructions, 2058.0);
    const test::TemporaryFolder folder;
    ASSERT_FALSE(draw_stages(stages, folder.path()));
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "stages.png"));
    const std::string picture = folder.read("stages.svg");
    EXPECT_THAT(picture, HasSubstr("<svg"));
    for (const char* const wrong : {"", "[{}]", "[3]", R"([{"stage": 1, "instructions": 2}])"}) {
        EXPECT_THROW(read_stages(wrong), std::runtime_error) << wrong;
    }
}

TEST(SpeedRun, DoesNotHideABenchmarkThatFailed) {
    const std::string failed =
        R"({"benchmarks": [{"name": "leg/keytone", "run_type": "iteration", "error_occurred": true, )"
        R"("error_message": "a leg heard other keys than were sent"}]})";
    try {
        read_speed_run({failed}, "avx2");
        FAIL() << "no error";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "leg/keytone: a leg heard other keys than were sent");
    }
}

TEST(SpeedTables, SayWhatIsMetAndWhatIsNot) {
    const std::string tables = speed_tables({read_speed_run({measured}, "avx2")});
    EXPECT_THAT(tables, HasSubstr("## avx2"));
    EXPECT_THAT(tables, HasSubstr("| ratio |  |  | 15 |  |  |  |\n"));
    EXPECT_THAT(tables, HasSubstr("| asked |  |  | ≥ 12 | ≥ 12 | ≥ 10 | ≥ 8.0 |\n"));
    EXPECT_THAT(tables, HasSubstr("| keys generated | 190 000 | 38 000 | 5.0 | ≥ 20 | **no** |"));
}

TEST(SpeedTables, HaveTheLoadAndWhatIsAskedOfIt) {
    const std::string load =
        R"({"benchmarks": [{"name": "load/10000/iterations:1", "run_type": "iteration", "us_per_call": 0.95, )"
        R"("tick_ms_median": 9.5, "tick_ms_p999": 16.0, "tick_ms_worst": 17.0}]})";
    const SpeedRun run = read_speed_run({load}, "avx2");
    EXPECT_EQ(load_figure(run, 10'000, "us_per_call"), 0.95);
    EXPECT_EQ(load_figure(run, 10, "us_per_call"), std::nullopt);
    const std::string tables = speed_tables({run});
    EXPECT_THAT(tables, HasSubstr("| 10 000 | 0.95 | 9.50 | 16.0 | 17.0 |"));
    EXPECT_THAT(tables, HasSubstr("| met | | yes | **no** | yes |"));
}

TEST(SpeedTables, HaveTheListenersAndWhatIsAskedOfThem) {
    const std::string listeners = R"({"benchmarks": [)" +
                                  benchmark("listen/others/100", "channels", 123'400) + "," +
                                  benchmark("listen/others/10000", "channels", 99'000) + "," +
                                  benchmark("listen/keytone/100", "channels", 61'000) + "," +
                                  benchmark("listen/line/1000", "channels", 250'000) + "]}";
    const std::string tables = speed_tables({read_speed_run({listeners}, "avx512")});
    EXPECT_THAT(tables, HasSubstr("| listeners on speech, N = | 100 | 1 000 | 10 000 |\n|---|---|---|---|\n"
                                  "| all but the detector | 123 000 |  | 99 000 |\n"
                                  "| asked | ≥ 100 000 | ≥ 100 000 | ≥ 100 000 |\n"
                                  "| met | yes |  | **no** |\n"
                                  "| all, with the detector | 61 000 |  |  |\n"
                                  "| the line listener alone |  | 250 000 |  |\n"));
    EXPECT_THAT(speed_tables({read_speed_run({listeners}, "baseline")}), HasSubstr("| asked |  |  |  |\n"));
    EXPECT_THAT(speed_tables({read_speed_run({measured}, "avx512")}), Not(HasSubstr("listeners")));
}

TEST(SpeedTables, RoundToThreeDigits) {
    EXPECT_EQ(rounded(1'234'567.0), "1 230 000");
    EXPECT_EQ(rounded(999.6), "1 000");
    EXPECT_EQ(rounded(16.0), "16");
    EXPECT_EQ(rounded(0.0), "0");
}

TEST(SpeedPicture, IsDrawnAsSvgAndPng) {
    const test::TemporaryFolder folder;
    ASSERT_FALSE(draw_speed(read_speed_run({measured}, "avx2"), folder.path()));
    for (const char* const name :
         {"channels.svg", "channels.png", "cost.svg", "cost.png", "load.svg", "load.png"}) {
        EXPECT_GT(std::filesystem::file_size(folder.file(name)), 2000U) << name;
    }
    EXPECT_TRUE(draw_speed(read_speed_run({measured}, "avx2"), folder.path() / "missing"));
}

} // namespace
} // namespace keytone::bench
