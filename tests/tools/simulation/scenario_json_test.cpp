// SPDX-License-Identifier: MIT
#include "tools/simulation/scenario_json.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

namespace keytone::simulation {
namespace {

const std::string header = R"({"v":1,"call":"c1","rate":8000})"
                           "\n";

Scenario parsed(const std::string& lines) {
    auto scenario = parse_scenario(header + lines);
    if (!scenario) {
        ADD_FAILURE() << scenario.error().line << ": " << scenario.error().message;
        return {};
    }
    return *std::move(scenario);
}

TEST(ScenarioJson, ReadsACallAndItsEventsInTheOrderOfTheirTimes) {
    const Scenario scenario = parsed(R"(
{"at":2.5,"ev":"leg.ended","leg":"a"}
{"at":1,"type":"based_call","id":"b1","name":"click_ivr","args":["12"]}
{"at":0,"ev":"leg.answered","leg":"a"}
{"at":1,"type":"based_call","id":"b2","name":"end_call","args":[]}
)");
    EXPECT_EQ(scenario.header.call, "c1");
    EXPECT_EQ(scenario.header.rate.hz(), 8000);
    ASSERT_EQ(scenario.events.size(), 4U);
    EXPECT_EQ(std::get<Fact>(scenario.events[0].what).kind, Fact::Kind::leg_answered);
    EXPECT_EQ(scenario.events[1].id, "b1");
    EXPECT_EQ(scenario.events[2].id, "b2") << "the same time: as they stand";
    EXPECT_EQ(scenario.events[3].at_s, 2.5);
    EXPECT_FALSE(scenario.answer || scenario.refer || scenario.end_s);
}

TEST(ScenarioJson, SkipsBlankLinesAndCommentsAndTakesForeignLineEnds) {
    const auto scenario = parse_scenario("# a comment\r\n\r\n \t \n" + header.substr(0, header.size() - 1) +
                                         "\r\n#{\n{\"end\":3}");
    ASSERT_TRUE(scenario) << scenario.error().message;
    EXPECT_EQ(scenario->end_s, 3.0);
}

TEST(ScenarioJson, ReadsSounds) {
    const Scenario scenario = parsed(R"({"at":6.0,"leg":"b","play":"menu.wav"}
{"after_answer":0.5,"leg":"b","speak":"Welcome."}
{"at":0,"leg":"a","by":"agent","keys":"12w3"}
{"at":0,"leg":"a","by":"far_side","keys":"D"})");
    ASSERT_EQ(scenario.sounds.size(), 4U);
    EXPECT_EQ(scenario.sounds[0].kind, Sound::Kind::file);
    EXPECT_EQ(scenario.sounds[0].leg, Leg::b);
    EXPECT_EQ(scenario.sounds[0].what, "menu.wav");
    EXPECT_EQ(scenario.sounds[0].at_s, 6.0);
    EXPECT_FALSE(scenario.sounds[0].by_agent || scenario.sounds[0].after_answer);
    EXPECT_EQ(scenario.sounds[1].kind, Sound::Kind::speech);
    EXPECT_TRUE(scenario.sounds[1].after_answer);
    EXPECT_EQ(scenario.sounds[1].at_s, 0.5);
    EXPECT_EQ(scenario.sounds[2].kind, Sound::Kind::keys);
    EXPECT_TRUE(scenario.sounds[2].by_agent);
    EXPECT_FALSE(scenario.sounds[3].by_agent);
}

TEST(ScenarioJson, ReadsLineConditions) {
    const Scenario scenario = parsed(R"({"leg":"b","codec":"ulaw","noise_dbm0":-50,"loss":0.01,"seed":7}
{"leg":"a","codec":"alaw"})");
    EXPECT_EQ(scenario.line[Leg::b].codec, LineConditions::Codec::ulaw);
    ASSERT_TRUE(scenario.line[Leg::b].noise);
    EXPECT_EQ(scenario.line[Leg::b].noise->value, -50.0);
    EXPECT_EQ(scenario.line[Leg::b].loss, 0.01);
    EXPECT_EQ(scenario.line[Leg::b].seed, 7U);
    EXPECT_EQ(scenario.line[Leg::a].codec, LineConditions::Codec::alaw);
    EXPECT_FALSE(scenario.line[Leg::a].noise);
    EXPECT_EQ(parsed(R"({"leg":"a","loss":1})").line[Leg::a].codec, LineConditions::Codec::linear);
}

TEST(ScenarioJson, ReadsRules) {
    const Scenario answers = parsed(R"({"leg":"b","answer_after":5,"hang_up_after":20})");
    ASSERT_TRUE(answers.answer);
    EXPECT_EQ(answers.answer->result, AnswerRule::Result::answers);
    EXPECT_EQ(answers.answer->after_s, 5.0);
    EXPECT_EQ(answers.answer->hang_up_after, 20.0);
    EXPECT_EQ(parsed(R"({"leg":"b","busy_after":2})").answer->result, AnswerRule::Result::busy);
    EXPECT_EQ(parsed(R"({"leg":"b","declined_after":2})").answer->result, AnswerRule::Result::declined);
    EXPECT_EQ(parsed(R"({"leg":"b","no_answer":true})").answer->result, AnswerRule::Result::none);
    const Scenario refers = parsed(R"({"leg":"a","refer_status":486,"refer_after":2})");
    ASSERT_TRUE(refers.refer);
    EXPECT_EQ(refers.refer->status, 486);
    EXPECT_EQ(refers.refer->after_s, 2.0);
    EXPECT_EQ(parsed(R"({"leg":"a","refer_status":0})").refer->status, 0);
}

TEST(ScenarioJson, KeepsForARecordingEveryLineButTheRules) {
    const Scenario scenario = parsed(R"({"at":0,"ev":"leg.answered","leg":"a"}
# not this
{"at":1,"leg":"a","speak":"Hello."}
{"after_answer":1,"leg":"b","speak":"Hello."}
{"leg":"b","answer_after":5}
{"leg":"a","refer_status":200}
{"leg":"a","codec":"ulaw"}
{"end":9})");
    const std::vector<std::string> expected{
        R"({"v":1,"call":"c1","rate":8000})", R"({"at":0,"ev":"leg.answered","leg":"a"})",
        R"({"at":1,"leg":"a","speak":"Hello."})", R"({"leg":"a","codec":"ulaw"})", R"({"end":9})"};
    EXPECT_EQ(scenario.lines, expected);
}

struct BadLine {
    std::string_view text; ///< The lines after a header.
    std::string_view says; ///< How the message begins.
};

void PrintTo(const BadLine& line, std::ostream* stream) {
    *stream << line.text;
}

class BadScenario : public testing::TestWithParam<BadLine> {};

TEST_P(BadScenario, IsToldByItsLineAndKey) {
    // The bad line is the third one here.
    const auto scenario =
        parse_scenario(header + "# a comment\n" + std::string(GetParam().text) + "\n{\"end\":9}\n");
    ASSERT_FALSE(scenario);
    EXPECT_EQ(scenario.error().line, 3U);
    EXPECT_TRUE(scenario.error().message.starts_with(GetParam().says)) << scenario.error().message;
    EXPECT_EQ(scenario.error().message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    ScenarioJson, BadScenario,
    testing::Values(
        BadLine{"{", "the JSON text: is not JSON"}, BadLine{"[]", "the JSON text: is no object"},
        BadLine{"{} {}", "the JSON text: is not JSON"}, BadLine{R"({"end":1,"end":2})", "/end: "},
        BadLine{"{\"end\":\"\xFF\"}", "/end: is not UTF-8"},
        BadLine{R"({"v":1,"call":"c2","rate":8000})", "/v: comes twice"},
        // Events.
        BadLine{R"({"ev":"leg.answered","leg":"a"})", "/at: is needed"},
        BadLine{R"({"at":3601,"ev":"leg.answered","leg":"a"})", "/at: is out of range: give 0 to 3600"},
        BadLine{R"({"at":-1,"ev":"leg.answered","leg":"a"})", "/at: is out of range"},
        BadLine{R"({"at":1,"ev":"leg.exploded","leg":"a"})", "/ev: "},
        BadLine{R"({"at":1,"type":"based_call","name":"sing","args":[]})", "/name: "},
        // Sounds.
        BadLine{R"({"at":1,"speak":"Hello."})", "/leg: is missing"},
        BadLine{R"({"at":1,"leg":"c","speak":"Hello."})", "/leg: "},
        BadLine{R"({"leg":"a","speak":"Hello."})", "/at: or after_answer is needed"},
        BadLine{R"({"at":1,"after_answer":1,"leg":"a","speak":"Hello."})", "/at: or after_answer is needed"},
        BadLine{R"({"at":"1","leg":"a","speak":"Hello."})", "/at: is a string"},
        BadLine{R"({"at":3600.1,"leg":"a","speak":"Hello."})", "/at: is out of range"},
        BadLine{R"({"after_answer":-0.1,"leg":"b","speak":"Hello."})", "/after_answer: is out of range"},
        BadLine{R"({"at":1,"leg":"a","speak":"Hello.","play":"x.wav"})",
                "/play: speak, keys or tone: give one"},
        BadLine{R"({"at":1,"leg":"a","speak":null})", "/play: speak, keys or tone: give one"},
        BadLine{R"({"at":1,"leg":"a","by":"dog","speak":"Hello."})", "/by: "},
        BadLine{R"({"at":1,"leg":"a","keys":12})", "/keys: is a number"},
        BadLine{R"({"at":1,"leg":"a","play":"x.wav","volume":11})", "/volume: is not known"},
        BadLine{R"({"at":1,"leg":"a","play":"a\nb"})", "/play: holds a line end"},
        // Line conditions.
        BadLine{R"({"codec":"ulaw"})", "/leg: is missing"},
        BadLine{R"({"leg":"a","codec":"opus"})", "/codec: "},
        BadLine{R"({"leg":"a","noise_dbm0":1})", "/noise_dbm0: is out of range: give -90 to 0"},
        BadLine{R"({"leg":"a","loss":1.01})", "/loss: is out of range: give 0 to 1"},
        BadLine{R"({"leg":"a","loss":0.1,"seed":-1})", "/seed: is out of range"},
        BadLine{R"({"leg":"a","loss":0.1,"at":1})", "/at: is not known"},
        // Rules.
        BadLine{R"({"answer_after":1})", "/leg: is missing: write b"},
        BadLine{R"({"leg":"a","answer_after":1})", "/leg: is b"},
        BadLine{R"({"leg":"b","answer_after":0.05})", "/answer_after: is out of range: give 0.1 to 600"},
        BadLine{R"({"leg":"b","busy_after":601})", "/busy_after: is out of range"},
        BadLine{R"({"leg":"b","answer_after":1,"busy_after":1})", "/leg: needs one of answer_after"},
        BadLine{R"({"leg":"b","no_answer":false})", "/leg: needs one of answer_after"},
        BadLine{R"({"leg":"b","no_answer":1})", "/no_answer: is a number"},
        BadLine{R"({"leg":"b","answer_after":1,"hang_up_after":0})", "/hang_up_after: is out of range"},
        BadLine{R"({"leg":"a","refer_status":199})", "/refer_status: is a final status"},
        BadLine{R"({"leg":"a","refer_status":700})", "/refer_status: is out of range"},
        BadLine{R"({"leg":"a","refer_status":200.5})", "/refer_status: is no whole number"},
        BadLine{R"({"leg":"a","refer_status":200,"refer_after":0})", "/refer_after: is out of range"},
        BadLine{R"({"leg":"b","refer_status":200})", "/leg: is a"},
        // The end of the simulation, and unknown keys.
        BadLine{R"({"end":0})", "/end: is out of range: give 0.1 to 3600"},
        BadLine{R"({"end":3601})", "/end: is out of range"}, BadLine{R"({"end":null})", "/end: is missing"},
        BadLine{R"({"stop":3})", "/stop: is not known"}, BadLine{R"({})", "/end: is missing"}));

TEST(ScenarioJson, ABeginningByteOrderMarkIsSkipped) {
    for (const std::string& text : {header + "\n", "# a comment\n" + header + "\n"}) {
        EXPECT_TRUE(parse_scenario("\xEF\xBB\xBF" + text));
    }
}

TEST(ScenarioJson, SaysWhichTimesThereAre) {
    for (const std::string at : {"3601", "-1", "604801"}) {
        const auto scenario =
            parse_scenario(header + "\n" + R"({"at":)" + at + R"(,"ev":"leg.answered","leg":"a"})");
        ASSERT_FALSE(scenario);
        EXPECT_EQ(scenario.error().message, "/at: is out of range: give 0 to 3600") << at;
    }
}

TEST(ScenarioJson, RefusesAFileWithoutACall) {
    for (const std::string text : {"", "\n# nothing\n", "# only this"}) {
        const auto scenario = parse_scenario(text);
        ASSERT_FALSE(scenario);
        EXPECT_TRUE(scenario.error().message.starts_with("there is no call: begin with")) << text;
    }
    for (const std::string line : {R"({"at":0,"ev":"leg.answered","leg":"a"})", R"({"end":3})"}) {
        const auto scenario = parse_scenario(line + "\n" + header);
        ASSERT_FALSE(scenario);
        EXPECT_EQ(scenario.error().line, 1U);
        EXPECT_TRUE(scenario.error().message.starts_with("/v: is missing: a scenario begins with")) << line;
    }
}

TEST(ScenarioJson, RefusesTooManyLines) {
    std::string text = header;
    for (std::size_t i = 1; i < max_lines; ++i) {
        text += "#\n";
    }
    EXPECT_TRUE(parse_scenario(text));
    const auto scenario = parse_scenario(text + "#");
    ASSERT_FALSE(scenario);
    EXPECT_EQ(scenario.error().line, max_lines + 1);
}

CallEvent fact(Fact::Kind kind, Leg leg, int status = 0, Fact::Reason reason = Fact::Reason::hangup) {
    Fact fact{};
    fact.kind = kind;
    fact.leg = leg;
    fact.status = status;
    fact.reason = reason;
    return {{}, 1.0 / 3.0, fact};
}

TEST(ScenarioJson, WritesFactsThatItReadsBack) {
    for (const CallEvent& event :
         {fact(Fact::Kind::leg_ringing, Leg::b), fact(Fact::Kind::leg_answered, Leg::b),
          fact(Fact::Kind::leg_ended, Leg::b), fact(Fact::Kind::leg_ended, Leg::b, 0, Fact::Reason::busy),
          fact(Fact::Kind::leg_ended, Leg::b, 0, Fact::Reason::declined),
          fact(Fact::Kind::sip_response, Leg::b, 486), fact(Fact::Kind::sip_response, Leg::a, 202),
          fact(Fact::Kind::refer_notify, Leg::a, 200)}) {
        const std::string line = fact_line(event);
        const Scenario scenario = parsed(line + "\n");
        ASSERT_EQ(scenario.events.size(), 1U) << line;
        EXPECT_EQ(scenario.events[0].at_s, event.at_s) << "to the last bit";
        const Fact& was = std::get<Fact>(event.what);
        const Fact& is = std::get<Fact>(scenario.events[0].what);
        EXPECT_EQ(is.kind, was.kind) << line;
        EXPECT_EQ(is.leg, was.leg) << line;
        EXPECT_EQ(is.status, was.status) << line;
        EXPECT_EQ(is.reason, was.reason) << line;
    }
    EXPECT_EQ(parsed(end_line(2.02)).end_s, 2.02);
}

} // namespace
} // namespace keytone::simulation
