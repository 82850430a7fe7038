// SPDX-License-Identifier: MIT
#include "tests/engine/json/json_line.hpp"

namespace keytone {
namespace {

using json::LineFault;
using test::BadLine;
using test::event_of;
using test::expect_refused;

Fact fact_of(const std::string& line) {
    const CallEvent event = event_of(line);
    EXPECT_TRUE(std::holds_alternative<Fact>(event.what)) << line;
    EXPECT_EQ(event.id, "");
    return std::holds_alternative<Fact>(event.what)
               ? std::get<Fact>(event.what)
               : Fact{.kind = Fact::Kind::leg_ended, .length = std::nullopt};
}

struct GoodFact {
    const char* line;
    Fact::Kind kind;
    Leg leg;
};

TEST(Facts, AreTaken) {
    using Kind = Fact::Kind;
    for (const auto& [line, kind, leg] : {
             GoodFact{R"({"at":0.0,"ev":"leg.answered","leg":"a"})", Kind::leg_answered, Leg::a},
             {R"({"at":5.0,"ev":"leg.answered","leg":"b"})", Kind::leg_answered, Leg::b},
             {R"({"ev":"leg.ringing","leg":"b"})", Kind::leg_ringing, Leg::b},
             {R"({"ev":"leg.early_media","leg":"b"})", Kind::leg_early_media, Leg::b},
             {R"({"ev":"leg.ended","leg":"a"})", Kind::leg_ended, Leg::a},
             {R"({"ev":"prompt.queued"})", Kind::prompt_queued, Leg::a},
             {R"({"ev":"prompt.drained"})", Kind::prompt_drained, Leg::a},
             {R"({"ev":"sip.response","status":486})", Kind::sip_response, Leg::b},
             {R"({"ev":"sip.response","status":200,"leg":"a"})", Kind::sip_response, Leg::a},
             {R"({"ev":"refer.notify","status":200})", Kind::refer_notify, Leg::a},
             {R"({"ev":"speech.started"})", Kind::speech_started, Leg::a},
             {R"({"ev":"speech.ended","leg":"b"})", Kind::speech_ended, Leg::b},
             {R"({"ev":"tone.detected","tone":"dial"})", Kind::tone_detected, Leg::a},
             {R"({"ev":"beep.detected","leg":null})", Kind::beep_detected, Leg::a},
         }) {
        const Fact fact = fact_of(line);
        EXPECT_EQ(fact.kind, kind) << line;
        EXPECT_EQ(fact.leg, leg) << line;
    }
}

TEST(Facts, MayNameTheAttemptTheyAreAbout) {
    EXPECT_EQ(fact_of(R"({"ev":"leg.answered","leg":"b","id":"t2/1"})").attempt, "t2/1");
    EXPECT_EQ(fact_of(R"({"ev":"leg.ended","leg":"b","reason":"busy","id":"t2/1"})").attempt, "t2/1");
    EXPECT_EQ(fact_of(R"({"ev":"sip.response","status":487,"id":"t1/1"})").attempt, "t1/1");
    EXPECT_EQ(fact_of(R"({"ev":"refer.notify","status":200,"id":"t1/1"})").attempt, "t1/1");
    EXPECT_EQ(fact_of(R"({"ev":"leg.answered","leg":"b"})").attempt, std::nullopt);
    EXPECT_FALSE(json::parse_line(R"({"ev":"prompt.drained","id":"t1/1"})"));
}

TEST(Facts, HaveDetails) {
    using Reason = Fact::Reason;
    EXPECT_EQ(fact_of(R"({"ev":"sip.response","status":486})").status, 486);
    EXPECT_EQ(fact_of(R"({"ev":"refer.notify","status":100})").status, 100);
    EXPECT_EQ(fact_of(R"({"ev":"leg.ended","leg":"b"})").reason, Reason::hangup);
    for (const auto& [word, reason] : {std::pair{"hangup", Reason::hangup},
                                       {"busy", Reason::busy},
                                       {"no_answer", Reason::no_answer},
                                       {"declined", Reason::declined},
                                       {"failed", Reason::failed}}) {
        EXPECT_EQ(fact_of(R"({"ev":"leg.ended","leg":"b","reason":")" + std::string(word) + "\"}").reason,
                  reason);
    }
    EXPECT_EQ(fact_of(R"({"ev":"prompt.queued"})").length, std::nullopt);
    EXPECT_EQ(fact_of(R"({"ev":"prompt.queued","seconds":2.5})").length, Milliseconds{2500});
    EXPECT_EQ(fact_of(R"({"ev":"tone.detected","tone":"dial_tone"})").tone, CueKind::dial_tone);
    EXPECT_EQ(fact_of(R"({"ev":"tone.detected","tone":"beep"})").tone, CueKind::beep);
    EXPECT_EQ(fact_of(R"({"ev":"tone.detected","tone":"beep"})").progress, std::nullopt);
    EXPECT_EQ(fact_of(R"({"ev":"tone.detected","tone":"ringback_end"})").tone, CueKind::ringback_end);
    for (const auto& [word, tone] : {std::pair{"busy", ProgressTone::busy},
                                     {"congestion", ProgressTone::congestion},
                                     {"number_unobtainable", ProgressTone::number_unobtainable},
                                     {"sit", ProgressTone::special_information},
                                     {"fax", ProgressTone::answering}}) {
        const std::string line = R"({"ev":"tone.detected","leg":"b","tone":")" + std::string(word) + "\"}";
        EXPECT_EQ(fact_of(line).progress, tone) << word;
    }
    for (const auto& [word, who] : {std::pair{"human", AnsweredBy::human},
                                    {"machine", AnsweredBy::machine},
                                    {"fax", AnsweredBy::fax},
                                    {"sit", AnsweredBy::special_information},
                                    {"unknown", AnsweredBy::unknown}}) {
        const std::string line = R"({"ev":"answer.detected","leg":"b","by":")" + std::string(word) + "\"}";
        EXPECT_EQ(fact_of(line).by, who) << word;
        EXPECT_EQ(fact_of(line).leg, Leg::b);
    }
}

class BadFact : public testing::TestWithParam<BadLine> {};

TEST_P(BadFact, IsRefused) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Lines, BadFact,
    testing::Values(
        BadLine{R"({"ev":"leg.exploded","leg":"a"})", LineFault::bad_value, "/ev", "use leg.ringing"},
        BadLine{R"({"ev":7})", LineFault::wrong_type, "/ev", "is a number"},
        BadLine{R"({"ev":null})", LineFault::missing_key, "/ev", "say what happened"},
        BadLine{R"({"ev":"leg.answered"})", LineFault::missing_key, "/leg", "a or b"},
        BadLine{R"({"ev":"leg.answered","leg":null})", LineFault::missing_key, "/leg", "a or b"},
        BadLine{R"({"ev":"leg.answered","leg":"c"})", LineFault::bad_value, "/leg", "use a or b"},
        BadLine{R"({"ev":"leg.answered","leg":"a\n"})", LineFault::bad_value, "/leg", "use a or b"},
        BadLine{R"({"ev":"leg.answered","leg":"a","id":"x"})", LineFault::unknown_key, "/id",
                "use at, ev or leg"},
        BadLine{R"({"ev":"leg.answered","leg":"a","reason":"busy"})", LineFault::unknown_key, "/reason", ""},
        BadLine{R"({"ev":"leg.answered","leg":"a","unknown":null})", LineFault::unknown_key, "/unknown", ""},
        BadLine{R"({"ev":"leg.ended","leg":"a","reason":"bored"})", LineFault::bad_value, "/reason",
                "use hangup, busy, no_answer, declined or failed"},
        BadLine{R"({"ev":"sip.response"})", LineFault::missing_key, "/status", "100 to 699"},
        BadLine{R"({"ev":"sip.response","status":99})", LineFault::out_of_range, "/status", "100 to 699"},
        BadLine{R"({"ev":"sip.response","status":700})", LineFault::out_of_range, "/status", "100 to 699"},
        BadLine{R"({"ev":"sip.response","status":"486"})", LineFault::wrong_type, "/status",
                "without quotes"},
        BadLine{R"({"ev":"sip.response","status":486.5})", LineFault::wrong_type, "/status",
                "no whole number"},
        BadLine{R"({"ev":"refer.notify"})", LineFault::missing_key, "/status", ""},
        BadLine{R"({"ev":"prompt.queued","seconds":-1})", LineFault::out_of_range, "/seconds", "0 to 604800"},
        BadLine{R"({"ev":"tone.detected"})", LineFault::missing_key, "/tone", "use dial or beep"},
        BadLine{R"({"ev":"answer.detected"})", LineFault::missing_key, "/by", "human, machine"},
        BadLine{R"({"ev":"answer.detected","by":"cat"})", LineFault::bad_value, "/by", "use human, machine"},
        BadLine{R"({"ev":"tone.detected","tone":"purr"})", LineFault::bad_value, "/tone", "use dial"}));

} // namespace
} // namespace keytone
