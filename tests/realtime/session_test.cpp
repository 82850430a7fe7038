// SPDX-License-Identifier: MIT
//
// What the audio thread of a call does not do: allocate, lock, call the system. Over an hour of every
// scenario.
#include "engine/io/flite_prompts.hpp"
#include "tests/support/guarded_thread.hpp"
#include "tools/simulation/call_simulation.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace keytone::simulation {
namespace {

using test::GuardedThread;
using test::Violations;

#if KEYTONE_GUARDS_THREADS
constexpr double simulated_seconds = 3600.0;
#else
constexpr double simulated_seconds = 240.0; // ten times as slow
#endif

std::vector<std::filesystem::path> scenario_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(KEYTONE_TESTDATA "/scenarios")) {
        if (entry.path().extension() == ".jsonl") {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    return files;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Runs one call in blocks of any size; returns how long it was.
double run_call(const Scenario& scenario, PromptSource& prompts, GuardedThread& audio, std::mt19937& random) {
    const auto call = CallSimulation::create(scenario, prompts);
    if (!call) {
        ADD_FAILURE() << call.error().message;
        return simulated_seconds;
    }
    const SampleCount longest = scenario.header.rate.samples(CallSimulation::max_block);
    std::uniform_int_distribution<SampleCount> block(1, longest);
    while (!(*call)->over()) {
        (*call)->prepare(block(random));
        audio.run([&] { (*call)->process(); });
        (*call)->collect();
    }
    return (*call)->position_s();
}

TEST(RealTimeSession, AnHourOfScenariosAllocatesLocksAndCallsNothing) {
    io::FlitePrompts prompts(KEYTONE_TESTDATA "/scenarios");
    std::vector<Scenario> scenarios;
    for (const auto& path : scenario_files()) {
        const auto scenario = parse_scenario(read_file(path));
        ASSERT_TRUE(scenario) << path << ": " << scenario.error().message;
        scenarios.push_back(*scenario);
    }
    ASSERT_FALSE(scenarios.empty());

    GuardedThread audio;
    ASSERT_EQ(audio.is_guarded(), KEYTONE_GUARDS_THREADS == 1);
    std::mt19937 random(1);
    double seconds = 0.0;
    for (std::size_t i = 0; seconds < simulated_seconds || i < scenarios.size(); ++i) {
        seconds += run_call(scenarios[i % scenarios.size()], prompts, audio, random);
    }
    EXPECT_EQ(audio.violations(), Violations{});
    std::cout << seconds << " s of calls, " << scenarios.size() << " scenarios\n";
}

#if KEYTONE_GUARDS_THREADS

// A watch that sees nothing proves nothing.
TEST(RealTimeSession, TheWatchSeesAllocation) {
    GuardedThread audio;
    std::unique_ptr<int> kept;
    audio.run([&] { kept = std::make_unique<int>(1); });
    EXPECT_EQ(audio.violations().allocations, 1);
    audio.run([&] { kept.reset(); });
    EXPECT_EQ(audio.violations().allocations, 2);
    EXPECT_EQ(audio.violations().locks, 0);
}

TEST(RealTimeSession, TheWatchSeesALock) {
    GuardedThread audio;
    std::mutex mutex;
    audio.run([&] { const std::lock_guard lock(mutex); });
    EXPECT_EQ(audio.violations().locks, 1);
    EXPECT_EQ(audio.violations().allocations, 0);
}

TEST(RealTimeSession, TheWatchSeesASystemCall) {
    GuardedThread audio;
    audio.run([] { static_cast<void>(getppid()); });
    EXPECT_EQ(audio.violations().system_calls, 1);
    EXPECT_EQ(audio.violations().locks, 0);
}

#endif

} // namespace
} // namespace keytone::simulation
