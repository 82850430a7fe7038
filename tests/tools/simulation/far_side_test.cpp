// SPDX-License-Identifier: MIT
#include "tests/support/plain_prompts.hpp"
#include "tests/support/signal.hpp"
#include "tests/support/spandsp_decoder.hpp"
#include "tools/simulation/far_side.hpp"
#include "tools/simulation/scenario_json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace keytone::simulation {
namespace {

Scenario scenario(const std::string& lines) {
    auto parsed = parse_scenario("{\"v\":1,\"call\":\"c1\",\"rate\":8000,\"rate_b\":16000}\n" + lines);
    EXPECT_TRUE(parsed) << parsed.error().message;
    return *std::move(parsed);
}

FarSide far_side(const std::string& lines) {
    test::PlainPrompts prompts;
    auto made = FarSide::create(scenario(lines), prompts);
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
}

std::vector<std::int16_t> heard(const FarSide& far_side, Leg leg, SampleIndex first, std::size_t count) {
    std::vector<std::int16_t> samples(count, std::int16_t{-1});
    far_side.hear(leg, first, samples);
    return samples;
}

Outcome intent(Intent::Do what, Leg leg, SampleIndex sample) {
    Intent intent{};
    intent.what = what;
    return {1, leg, sample, "b1", "transfer", false, false, intent};
}

const Fact& fact_of(const CallEvent& event) {
    return std::get<Fact>(event.what);
}

TEST(FarSide, IsHeardFromTheSampleThatWasSaid) {
    const FarSide far = far_side(R"({"at":0.25,"leg":"a","speak":"one"}
{"at":0.25,"leg":"b","speak":"three"})");
    const auto on_a = heard(far, Leg::a, 0, 4000);
    EXPECT_EQ(std::ranges::count(on_a, 300), 800) << "a word of 100 ms";
    EXPECT_EQ(on_a[1999], 0);
    EXPECT_EQ(on_a[2000], 300);
    EXPECT_EQ(on_a[2800], 0);
    const auto on_b = heard(far, Leg::b, 3990, 20);
    EXPECT_EQ(on_b[9], 0);
    EXPECT_EQ(on_b[10], 500) << "at leg b's own rate";
    EXPECT_EQ(far.sounds_end_s(), 0.35);
}

TEST(FarSide, IsTheAgentWhereItSaysSo) {
    const FarSide far = far_side(R"({"at":0,"leg":"a","by":"agent","speak":"one"})");
    EXPECT_EQ(heard(far, Leg::a, 0, 1)[0], 0);
    std::vector<std::int16_t> spoken(1);
    far.speak(Leg::a, 0, spoken);
    EXPECT_EQ(spoken[0], 300);
}

TEST(FarSide, AddsSoundsUpWithoutOverflow) {
    const std::string loud(300, 'x');
    std::string lines = R"({"at":0,"leg":"a","speak":"one"})"
                        "\n"
                        R"({"at":0,"leg":"a","speak":"three"})"
                        "\n";
    EXPECT_EQ(heard(far_side(lines), Leg::a, 0, 1)[0], 800);
    lines += R"({"at":0,"leg":"a","speak":")" + loud +
             "\"}\n"
             R"({"at":0,"leg":"a","speak":")" +
             loud + "\"}\n";
    EXPECT_EQ(heard(far_side(lines), Leg::a, 0, 1)[0], 32767);
}

TEST(FarSide, KeysAreThoseThatWereSaid) {
    const FarSide far = far_side(R"({"at":0.1,"leg":"a","keys":"12w*#D"})");
    EXPECT_EQ(test::spandsp_digits(heard(far, Leg::a, 0, 16000)), "12*#D");
}

TEST(FarSide, CannotBeMadeOfWhatDoesNotSound) {
    test::PlainPrompts prompts;
    const auto keys = FarSide::create(scenario(R"({"at":0,"leg":"a","keys":"12x"})"), prompts);
    ASSERT_FALSE(keys);
    EXPECT_TRUE(keys.error().message.starts_with("keys: ")) << keys.error().message;
    const auto file = FarSide::create(scenario(R"({"at":0,"leg":"a","play":"missing"})"), prompts);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().message, "missing: no such recording");
}

TEST(FarSide, DoesNotDependOnHowItIsCut) {
    const FarSide far = far_side(R"({"at":0.01,"leg":"a","speak":"one and two"}
{"leg":"a","codec":"alaw","noise_dbm0":-40,"loss":0.2,"seed":9})");
    const auto whole = heard(far, Leg::a, 0, 3000);
    std::vector<std::int16_t> parts;
    for (std::size_t size = 1; parts.size() < whole.size(); size = size % 97 + 1) {
        const auto part = heard(far, Leg::a, static_cast<SampleIndex>(parts.size()),
                                std::min(size, whole.size() - parts.size()));
        parts.insert(parts.end(), part.begin(), part.end());
    }
    EXPECT_EQ(parts, whole);
}

TEST(FarSide, NoiseIsAsLoudAsSaid) {
    for (const double level : {-60.0, -40.0, -20.0}) {
        const FarSide far = far_side(R"({"leg":"a","noise_dbm0":)" + std::to_string(level) + R"(,"seed":4})");
        EXPECT_NEAR(test::level_dbm0(test::from_pcm16(heard(far, Leg::a, 0, 40'000))), level, 0.2);
    }
}

TEST(FarSide, LosesTheShareOfPacketsThatWasSaid) {
    const FarSide far = far_side(R"({"leg":"b","noise_dbm0":-20,"loss":0.25,"seed":4})");
    const std::size_t packet = 320;
    const auto samples = heard(far, Leg::b, 0, packet * 2000);
    int lost = 0;
    for (std::size_t i = 0; i < samples.size(); i += packet) {
        const auto zeros = std::count(samples.begin() + static_cast<std::ptrdiff_t>(i),
                                      samples.begin() + static_cast<std::ptrdiff_t>(i + packet), 0);
        EXPECT_TRUE(zeros == static_cast<std::ptrdiff_t>(packet) || zeros < 20) << "whole packets of 20 ms";
        lost += zeros == static_cast<std::ptrdiff_t>(packet) ? 1 : 0;
    }
    EXPECT_NEAR(lost / 2000.0, 0.25, 0.04);
}

TEST(FarSide, CodecsLeaveTheValuesOfG711Alone) {
    for (const char* const codec : {"ulaw", "alaw"}) {
        const FarSide far =
            far_side(std::string(R"({"leg":"a","noise_dbm0":-10,"codec":")") + codec + R"("})");
        const auto samples = heard(far, Leg::a, 0, 40'000);
        const std::set<std::int16_t> values(samples.begin(), samples.end());
        EXPECT_LE(values.size(), 256U) << codec;
        EXPECT_GT(values.size(), 100U) << codec;
    }
}

TEST(FarSide, AnswersByItsRule) {
    FarSide far = far_side(R"({"leg":"b","answer_after":2,"hang_up_after":3}
{"after_answer":0.5,"leg":"b","speak":"one"})");
    EXPECT_EQ(heard(far, Leg::b, 0, 1)[0], 0);
    EXPECT_TRUE(far.recorded_lines().empty());
    const auto facts = far.react(intent(Intent::Do::dial, Leg::a, 8000));
    ASSERT_EQ(facts.size(), 3U);
    EXPECT_EQ(facts[0].at_s, 1.1);
    EXPECT_EQ(fact_of(facts[0]).kind, Fact::Kind::leg_ringing);
    EXPECT_EQ(facts[1].at_s, 3.0);
    EXPECT_EQ(fact_of(facts[1]).kind, Fact::Kind::leg_answered);
    EXPECT_EQ(fact_of(facts[1]).leg, Leg::b);
    EXPECT_EQ(facts[2].at_s, 6.0);
    EXPECT_EQ(fact_of(facts[2]).kind, Fact::Kind::leg_ended);
    const auto samples = heard(far, Leg::b, 55'999, 2);
    EXPECT_EQ(samples[0], 0);
    EXPECT_EQ(samples[1], 300) << "half a second after the answer";
    EXPECT_EQ(far.recorded_lines(), std::vector<std::string>{R"({"at":3.5,"leg":"b","speak":"one"})"});
}

TEST(FarSide, AnswersSipByResponses) {
    FarSide busy = far_side(R"({"leg":"b","busy_after":2})");
    const auto facts = busy.react(intent(Intent::Do::sip_invite, Leg::a, 0));
    ASSERT_EQ(facts.size(), 2U);
    EXPECT_EQ(fact_of(facts[0]).kind, Fact::Kind::sip_response);
    EXPECT_EQ(fact_of(facts[0]).status, 180);
    EXPECT_EQ(fact_of(facts[1]).status, 486);
    FarSide declined = far_side(R"({"leg":"b","declined_after":2})");
    EXPECT_EQ(fact_of(declined.react(intent(Intent::Do::sip_invite, Leg::a, 0))[1]).status, 603);
}

TEST(FarSide, TellsATelephoneNumbersEndByItsReason) {
    FarSide busy = far_side(R"({"leg":"b","busy_after":2})");
    const auto facts = busy.react(intent(Intent::Do::dial, Leg::a, 0));
    ASSERT_EQ(facts.size(), 2U);
    EXPECT_EQ(fact_of(facts[1]).kind, Fact::Kind::leg_ended);
    EXPECT_EQ(fact_of(facts[1]).reason, Fact::Reason::busy);
    FarSide declined = far_side(R"({"leg":"b","declined_after":0.1})");
    const auto at_once = declined.react(intent(Intent::Do::dial, Leg::a, 0));
    ASSERT_EQ(at_once.size(), 1U) << "no time to ring";
    EXPECT_EQ(fact_of(at_once[0]).reason, Fact::Reason::declined);
}

TEST(FarSide, RingsForEverWhereNobodyComes) {
    FarSide far = far_side(R"({"leg":"b","no_answer":true})");
    const auto facts = far.react(intent(Intent::Do::dial, Leg::a, 0));
    ASSERT_EQ(facts.size(), 1U);
    EXPECT_EQ(fact_of(facts[0]).kind, Fact::Kind::leg_ringing);
}

TEST(FarSide, AnswersAReferByItsRule) {
    FarSide refers = far_side(R"({"leg":"a","refer_status":200,"refer_after":2})");
    const auto facts = refers.react(intent(Intent::Do::sip_refer, Leg::a, 8000));
    ASSERT_EQ(facts.size(), 2U);
    EXPECT_EQ(fact_of(facts[0]).kind, Fact::Kind::sip_response);
    EXPECT_EQ(fact_of(facts[0]).status, 202);
    EXPECT_EQ(fact_of(facts[1]).kind, Fact::Kind::refer_notify);
    EXPECT_EQ(facts[1].at_s, 3.0);
    FarSide silent = far_side(R"({"leg":"a","refer_status":0})");
    EXPECT_EQ(silent.react(intent(Intent::Do::sip_refer, Leg::a, 0)).size(), 1U);
}

TEST(FarSide, DoesNothingWithoutARuleOrAnIntent) {
    FarSide far = far_side("");
    for (const auto what : {Intent::Do::dial, Intent::Do::sip_invite, Intent::Do::sip_refer,
                            Intent::Do::speak, Intent::Do::bridge, Intent::Do::hangup}) {
        EXPECT_TRUE(far.react(intent(what, Leg::a, 0)).empty());
    }
    FarSide ruled = far_side(R"({"leg":"b","answer_after":2})");
    EXPECT_TRUE(ruled.react({1, Leg::a, 0, "b1", "transfer", false, false, ActionStarted{}}).empty());
}

TEST(FarSide, PlacesSoundsAfterAnAnswerThatIsAFact) {
    const FarSide far = far_side(R"({"after_answer":1,"leg":"b","by":"agent","keys":"5"}
{"after_answer":1,"leg":"b","play":"x.wav"}
{"at":2,"ev":"leg.answered","leg":"b"})");
    EXPECT_EQ(far.recorded_lines(),
              (std::vector<std::string>{R"({"at":3.0,"leg":"b","by":"agent","keys":"5"})",
                                        R"({"at":3.0,"leg":"b","play":"x.wav"})"}));
}

} // namespace
} // namespace keytone::simulation
