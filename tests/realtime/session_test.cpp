// SPDX-License-Identifier: MIT
//
// The audio thread of a call does not allocate, lock or make system calls: over an hour of every scenario.
#include "dsp/digit_string.hpp"
#include "dsp/dtmf_generator.hpp"
#include "engine/io/flite_prompts.hpp"
#include "engine/session.hpp"
#include "tests/support/realtime_watch.hpp"
#include "tools/simulation/call_simulation.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

namespace keytone::simulation {
namespace {

using test::RealTimeWatch;
using test::Violations;

#if KEYTONE_WATCHES_REAL_TIME
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
double run_call(const Scenario& scenario, PromptSource& prompts, RealTimeWatch& audio, std::mt19937& random) {
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

    RealTimeWatch audio;
    ASSERT_EQ(audio.sees_system_calls(), KEYTONE_WATCHES_REAL_TIME == 1);
    std::mt19937 random(1);
    double seconds = 0.0;
    for (std::size_t i = 0; seconds < simulated_seconds || i < scenarios.size(); ++i) {
        seconds += run_call(scenarios[i % scenarios.size()], prompts, audio, random);
    }
    EXPECT_EQ(audio.violations(), Violations{});
    std::cout << seconds << " s of calls, " << scenarios.size() << " scenarios\n";
}

// Ringing for the caller, keys as packets, and keys that are kept from the other leg: a transfer with an
// extension, after which both legs press keys.
TEST(RealTimeSession, KeysAsEventsRingingAndMutedKeysAllocateNothing) {
    constexpr std::size_t block = 160;
    SessionConfig config;
    config.mix_bridge = true;
    config.rules.keys = {KeyForm::events, KeyForm::events};
    config.rules.mute_bridged_keys = true;
    config.rules.hold = Hold::ringback;
    Session session(config);
    const auto submit_fact = [&](Fact::Kind kind, Leg leg) {
        Fact fact{};
        fact.kind = kind;
        fact.leg = leg;
        session.submit({"", std::nullopt, fact});
    };
    auto keys = *DtmfGenerator::create(*DigitString::parse("123w456w789"), {}, SampleRate::narrowband());
    submit_fact(Fact::Kind::leg_answered, Leg::a);
    Transfer transfer;
    transfer.phone_number = "+15303195426";
    transfer.extension = "4711";
    session.submit({"t1", std::nullopt, transfer});
    RealTimeWatch audio;
    std::size_t packets = 0;
    bool is_bridged = false;
    for (std::size_t i = 0; i < 500; ++i) { // ten seconds
        if (i == 100) {
            submit_fact(Fact::Kind::leg_answered, Leg::b);
        }
        for (const Leg leg : both_legs) {
            std::vector<std::int16_t> heard(block);
            std::vector<std::int16_t> sent(block);
            if (is_bridged && leg == Leg::a) {
                keys.generate(heard);
            }
            audio.run([&] {
                session.process(leg, heard, sent);
                while (session.next_key_event(leg)) {
                    ++packets;
                }
            });
        }
        while (const auto outcome = session.poll()) {
            is_bridged = is_bridged || std::holds_alternative<SessionCompleted>(outcome->what);
        }
    }
    EXPECT_TRUE(is_bridged);
    EXPECT_GT(packets, 20U);
    EXPECT_EQ(audio.violations(), Violations{});
}

#if KEYTONE_WATCHES_REAL_TIME

// The watch itself must work.
TEST(RealTimeSession, TheWatchSeesAllocation) {
    RealTimeWatch audio;
    std::unique_ptr<int> kept;
    audio.run([&] { kept = std::make_unique<int>(1); });
    EXPECT_EQ(audio.violations().allocations, 1);
    audio.run([&] { kept.reset(); });
    EXPECT_EQ(audio.violations().allocations, 2);
    EXPECT_EQ(audio.violations().locks, 0);
}

TEST(RealTimeSession, TheWatchSeesALock) {
    RealTimeWatch audio;
    std::mutex mutex;
    audio.run([&] { const std::lock_guard lock(mutex); });
    EXPECT_EQ(audio.violations().locks, 1);
    EXPECT_EQ(audio.violations().allocations, 0);
}

TEST(RealTimeSession, TheWatchSeesASystemCall) {
    RealTimeWatch audio;
    audio.run([] { static_cast<void>(getppid()); });
    EXPECT_EQ(audio.violations().system_calls, 1);
    EXPECT_EQ(audio.violations().locks, 0);
}

#endif

} // namespace
} // namespace keytone::simulation
