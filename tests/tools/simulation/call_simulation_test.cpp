// SPDX-License-Identifier: MIT
//
// What a simulation does beyond the calls of testdata/scenarios/, which tests/scenarios/ tests.
#include "tests/support/simulated_call.hpp"
#include "tools/simulation/call_simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>

namespace keytone::simulation {
namespace {

using test::answered_call;
using test::SimulatedCall;

template <class What>
std::ptrdiff_t count(const CallSimulation& call) {
    return std::ranges::count_if(call.record().outcomes, [](const Outcome& outcome) {
        return std::holds_alternative<What>(outcome.what);
    });
}

const std::string transfer =
    answered_call(R"({"at":0.1,"type":"based_call","id":"b1","name":"transfer","args":["+15303195426","12"]})"
                  "\n"
                  R"({"leg":"b","answer_after":0.5})"
                  "\n");

TEST(CallSimulation, EndsASecondAfterTheLastThing) {
    SimulatedCall call(answered_call(R"({"at":0.5,"ev":"leg.ended","leg":"a"})"));
    EXPECT_EQ(call.call().position_s(), 0.0);
    EXPECT_FALSE(call.call().over());
    call.run();
    EXPECT_EQ(call.call().position_s(), 1.5);
    EXPECT_EQ(call.call().record().audio[Leg::a].sent.size(), 12'000U);
    EXPECT_EQ(call.call().record().audio[Leg::b].sent.size(), 12'000U);
    EXPECT_FALSE(call.call().was_cut());
}

TEST(CallSimulation, LastsUntilItsSoundsAreOver) {
    SimulatedCall call(answered_call(R"({"at":3,"leg":"a","by":"agent","speak":"one two three"})"));
    EXPECT_EQ(call.call().expected_end_s(), 3.3);
    EXPECT_NEAR(call.run().call().position_s(), 3.3, 0.02);
}

TEST(CallSimulation, EndsWhereItIsTold) {
    SimulatedCall call(transfer + R"({"end":0.3})");
    EXPECT_EQ(call.call().expected_end_s(), 0.3);
    EXPECT_NEAR(call.run().call().position_s(), 0.3, 1e-9);
    EXPECT_EQ(count<ActionCompleted>(call.call()), 0);
    // The call lasts longer than anything in it.
    EXPECT_NEAR(SimulatedCall(answered_call(R"({"end":4})")).run().call().position_s(), 4.0, 1e-9);
}

TEST(CallSimulation, DoesNotDependOnTheBlocks) {
    SimulatedCall whole(transfer + R"({"end":3})");
    whole.run();
    for (const double block_ms : {0.125, 1.0, 7.625}) {
        SimulatedCall parts(transfer + R"({"end":3})");
        parts.run(Milliseconds{block_ms});
        EXPECT_EQ(parts.call().record().outcomes.size(), whole.call().record().outcomes.size()) << block_ms;
        for (const Leg leg : both_legs) {
            const auto& expected = whole.call().record().audio[leg].sent;
            const auto& sent = parts.call().record().audio[leg].sent;
            ASSERT_GE(sent.size(), expected.size());
            EXPECT_TRUE(std::equal(expected.begin(), expected.end(), sent.begin())) << block_ms;
        }
    }
}

TEST(CallSimulation, LegsKeepTogetherAtAnyTwoRates) {
    std::string text = transfer;
    text.replace(text.find("\"rate\":8000"), 11, "\"rate\":44100,\"rate_b\":8000");
    SimulatedCall call(text);
    while (!call.call().over()) {
        call.call().prepare(3); // Often there is no sample of leg b in it.
        call.call().process();
        call.call().collect();
        const double on_b = static_cast<double>(call.call().record().audio[Leg::b].sent.size()) / 8000.0;
        ASSERT_NEAR(on_b, call.call().position_s(), 1.0 / 8000.0);
    }
    EXPECT_EQ(count<ToneCompleted>(call.call()), 2);
}

TEST(CallSimulation, SoundsThatAreNotThereAreAnError) {
    const auto scenario = parse_scenario(answered_call(R"({"at":0,"leg":"a","play":"missing"})"));
    ASSERT_TRUE(scenario);
    test::PlainPrompts prompts;
    const auto call = CallSimulation::create(*scenario, prompts);
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().message, "missing: no such recording");
}

TEST(CallSimulation, APromptThatIsNotThereIsARefusalWithinTheCall) {
    SimulatedCall call(answered_call(
        R"({"at":0.1,"type":"based_call","id":"s1","name":"say","args":["Hello.",{"prompt":"missing"}]})"));
    call.run();
    ASSERT_EQ(count<ActionRejected>(call.call()), 1);
    EXPECT_EQ(count<ActionAccepted>(call.call()), 0);
}

TEST(CallSimulation, RecordsFactsInsteadOfRules) {
    SimulatedCall call(transfer + R"({"after_answer":0.5,"leg":"b","speak":"hello"})");
    call.run();
    const std::string recording = call.call().recording();
    EXPECT_EQ(recording.find("answer_after"), std::string::npos);
    EXPECT_EQ(recording.find("after_answer"), std::string::npos);
    EXPECT_NE(recording.find(R"({"at":0.2,"ev":"leg.ringing","leg":"b","id":"b1/1"})"), std::string::npos)
        << recording;
    EXPECT_NE(recording.find(R"({"at":0.6,"ev":"leg.answered","leg":"b","id":"b1/1"})"), std::string::npos);
    EXPECT_NE(recording.find(R"({"at":1.1,"leg":"b","speak":"hello"})"), std::string::npos);
    EXPECT_NE(recording.find(R"({"end":)"), std::string::npos);
}

TEST(CallSimulation, RecordsNoFactThatDidNotComeToPass) {
    SimulatedCall call(transfer + R"({"end":0.4})");
    call.run();
    EXPECT_NE(call.call().recording().find("leg.ringing"), std::string::npos);
    EXPECT_EQ(call.call().recording().find("leg.answered\",\"leg\":\"b"), std::string::npos);
}

} // namespace
} // namespace keytone::simulation
