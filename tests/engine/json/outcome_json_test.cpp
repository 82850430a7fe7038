// SPDX-License-Identifier: MIT
#include "engine/json/outcome_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace keytone {
namespace {

using json::outcome_line;

/// An outcome of action b1 on leg b, at sample 40000, with number 4.
Outcome outcome(decltype(Outcome::what) what, Leg leg = Leg::b, std::string_view name = "") {
    return {.seq = 4, .leg = leg, .sample = 40000, .id = "b1", .name = name, .what = std::move(what)};
}

std::string line(const Outcome& outcome) {
    return outcome_line(outcome, {"c1", "s1"});
}

OpPlanned planned(std::uint32_t op, std::string_view name, OpPlanned::Anchor anchor,
                  std::vector<OpPlanned::Tone> tones, std::optional<std::string> text = {},
                  std::optional<SampleIndex> end = {}) {
    return {op, name, anchor, std::move(tones), std::move(text), end};
}

Intent intent(Intent::Do what, std::optional<std::uint32_t> op = {}, std::optional<std::string> to = {}) {
    return {what, op, std::move(to), {}, {}, {}};
}

/// A line: what all begin with, then `rest`.
std::string expected(const std::string& event, const std::string& id, const std::string& rest) {
    return R"({"v":1,"ev":")" + event + R"(","call":"c1","leg":"b","id":")" + id +
           R"(","seq":4,"sample":40000)" + (rest.empty() ? "" : "," + rest) + "}\n";
}

TEST(OutcomeLine, OfTheContract) {
    EXPECT_EQ(
        line(outcome(ActionAccepted{}, Leg::a, "transfer")),
        R"({"v":1,"ev":"action.accepted","call":"c1","leg":"a","id":"b1","seq":4,"sample":40000,"name":"transfer"})"
        "\n");
    EXPECT_EQ(line(outcome(
                  planned(2, "dtmf", {OpPlanned::Event::answered, 120000, 16000}, {{'2', 136000, 137600}}))),
              expected("op.planned", "b1/2",
                       R"("op":"dtmf","anchor":{"event":"answered","sample":120000,"offset":16000},)"
                       R"("tones":[{"digit":"2","start":136000,"end":137600}])"));
    EXPECT_EQ(line(outcome(intent(Intent::Do::dial, 1, "+15303195426"))),
              expected("intent", "b1/1", R"("do":"dial","to":"+15303195426")"));
    EXPECT_EQ(line(outcome(ToneCompleted{2, 0, '2', 136000, 137600, false})),
              expected("tone.completed", "b1/2", R"("i":0,"digit":"2","start":136000,"end":137600)"));
    EXPECT_EQ(line(outcome(ActionFailed{"dial", {Code::sip_busy, "busy: call later"}, 486, true, true})),
              expected("action.failed", "b1",
                       R"("stage":"dial","code":"sip_busy","sip":486,"leg_alive":true,"retryable":true,)"
                       R"("message":"busy: call later")"));
}

TEST(OutcomeLine, OfActions) {
    EXPECT_EQ(line(outcome(ActionAccepted{{Warning::not_e164}})),
              expected("action.accepted", "b1", R"("warning":"not_e164")"));
    EXPECT_EQ(
        line(outcome(ActionRejected{{Code::invalid_digits, "no key: use 0-9"}, 3}, Leg::b, "click_ivr")),
        expected("action.rejected", "b1",
                 R"("name":"click_ivr","code":"invalid_digits","message":"no key: use 0-9","index":3)"));
    EXPECT_EQ(line(outcome(ActionStarted{})), expected("action.started", "b1", ""));
    EXPECT_EQ(line(outcome(ActionCompleted{10, 20, {}, 0})),
              expected("action.completed", "b1", R"("start":10,"end":20)"));
    EXPECT_EQ(line(outcome(ActionCompleted{10, 20, Code::truncated, 800})),
              expected("action.completed", "b1", R"("start":10,"end":20,"code":"truncated","lost":800)"));
    EXPECT_EQ(
        line(outcome(ActionFailed{"message", {Code::drain_timeout, "m"}, {}, true, false})),
        expected(
            "action.failed", "b1",
            R"("stage":"message","code":"drain_timeout","leg_alive":true,"retryable":false,"message":"m")"));
    EXPECT_EQ(line(outcome(ActionCancelled{Code::call_transferred, 0})),
              expected("action.cancelled", "b1", R"("code":"call_transferred","lost":0)"));
}

TEST(OutcomeLine, OfOps) {
    EXPECT_EQ(line(outcome(planned(1, "prompt", {OpPlanned::Event::queue, 0, 0}, {}, "Hold \"on\"", 800))),
              expected("op.planned", "b1/1",
                       R"("op":"prompt","anchor":{"event":"queue","sample":0,"offset":0},)"
                       R"("text":"Hold \"on\"","end":800)"));
    EXPECT_EQ(line(outcome(OpStarted{1, "prompt", "Hold"})),
              expected("op.started", "b1/1", R"("op":"prompt","text":"Hold")"));
    EXPECT_EQ(line(outcome(OpEnded{3, "wait", OpEnded::How::completed, 1, 2, true})),
              expected("op.completed", "b1/3", R"("op":"wait","start":1,"end":2,"expired":true)"));
    EXPECT_EQ(line(outcome(OpEnded{3, "wait", OpEnded::How::failed, 1, 2})),
              expected("op.failed", "b1/3", R"("op":"wait","start":1,"end":2)"));
    EXPECT_EQ(line(outcome(OpEnded{3, "dtmf", OpEnded::How::cancelled, 1, 2})),
              expected("op.cancelled", "b1/3", R"("op":"dtmf","start":1,"end":2)"));
    EXPECT_EQ(line(outcome(ToneCompleted{2, 1, '#', 1, 2, true})),
              expected("tone.completed", "b1/2", R"("i":1,"digit":"#","start":1,"end":2,"cut":true)"));
    EXPECT_EQ(line(outcome(KeyEvidence{2, 1, '#', KeyEvidence::Step::reacted})),
              expected("tone.evidence", "b1/2", R"("i":1,"digit":"#","step":"reacted")"));
    EXPECT_EQ(line(outcome(KeyEvidence{2, 1, '#', KeyEvidence::Step::echoed})),
              expected("tone.evidence", "b1/2", R"("i":1,"digit":"#","step":"echoed")"));
}

TEST(OutcomeLine, OfIntents) {
    Intent invite = intent(Intent::Do::sip_invite, 2, "sip:101@example.com");
    invite.headers = {{"X-Extension", "4673"}};
    EXPECT_EQ(line(outcome(invite)), expected("intent", "b1/2",
                                              R"("do":"sip_invite","to":"sip:101@example.com",)"
                                              R"("headers":[{"name":"X-Extension","value":"4673"}])"));
    Intent speak = intent(Intent::Do::speak, 1);
    speak.prompt = "hi.wav";
    EXPECT_EQ(line(outcome(speak)),
              expected("intent", "b1/1", R"("do":"speak","prompt":"hi.wav","exact":true)"));
    speak.prompt = std::nullopt;
    speak.text = "Hi";
    speak.exact = false;
    EXPECT_EQ(line(outcome(speak)), expected("intent", "b1/1", R"("do":"speak","text":"Hi","exact":false)"));
    EXPECT_EQ(line(outcome(intent(Intent::Do::sip_refer))), expected("intent", "b1", R"("do":"sip_refer")"));
    EXPECT_EQ(line(outcome(intent(Intent::Do::bridge))), expected("intent", "b1", R"("do":"bridge")"));
    EXPECT_EQ(line(outcome(intent(Intent::Do::hangup))), expected("intent", "b1", R"("do":"hangup")"));
}

TEST(OutcomeLine, OfTheRest) {
    EXPECT_EQ(line(outcome(SpeechMasked{1, 2})), expected("speech.masked", "b1", R"("start":1,"end":2)"));
    EXPECT_EQ(line(outcome(DigitHeard{'5', 1, 2, 23.456})),
              expected("digit.heard", "b1", R"("digit":"5","start":1,"end":2,"snr_db":23.46)"));
    EXPECT_EQ(line(outcome(LineHeard{LineHeard::What::dial_tone, 1, 2})),
              expected("line.heard", "b1", R"("what":"dial_tone","start":1,"end":2)"));
    EXPECT_EQ(line(outcome(ProgressHeard{ProgressTone::busy, SpecialInformation::none, false, 1, 2, 0.876})),
              expected("progress.heard", "b1", R"("tone":"busy","start":1,"end":2,"certainty":0.88)"));
    EXPECT_EQ(line(outcome(ProgressHeard{ProgressTone::special_information, SpecialInformation::intercept,
                                         false, 1, 2, 1.0})),
              expected("progress.heard", "b1",
                       R"("tone":"sit","information":"intercept","start":1,"end":2,"certainty":1.0)"));
    EXPECT_EQ(line(outcome(ProgressHeard{ProgressTone::ringback, SpecialInformation::none, true, 1, 2, 0.0})),
              expected("progress.ended", "b1", R"("tone":"ringback","start":1,"end":2)"));
    EXPECT_EQ(line(outcome(AnswerHeard{AnsweredBy::machine, 1, 2})),
              expected("answer.heard", "b1", R"("by":"machine","start":1,"end":2)"));
    EXPECT_EQ(line(outcome(LegChanged{LegChanged::State::answered})),
              expected("leg.changed", "b1", R"("state":"answered")"));
    EXPECT_EQ(
        line(outcome(FactIgnored{Fact::Kind::leg_answered, "the leg is answered already"})),
        expected("fact.ignored", "b1", R"("fact":"leg.answered","reason":"the leg is answered already")"));
    EXPECT_EQ(line(outcome(ReportsLost{7})), expected("reports.lost", "b1", R"("count":7)"));
}

TEST(OutcomeLine, OfWhatThePlatformIsTold) {
    EXPECT_EQ(line(outcome(TransferResponse{200, "Call transferred"})),
              expected("transfer.response", "b1",
                       R"("status":200,"body":{"success":true,"data":{"message":"Call transferred",)"
                       R"("callId":"c1","sessionId":"s1"}})"));
    EXPECT_EQ(line(outcome(TransferResponse{400, "no number: give to"})),
              expected("transfer.response", "b1",
                       R"("status":400,"body":{"success":false,"error":{"code":"bad_request",)"
                       R"("message":"no number: give to"}})"));
    EXPECT_EQ(line(outcome(SessionCompleted{true, 12.25, 98000, "+14155551234"})),
              expected("session.completed", "b1",
                       R"("data":{"call":{"transferred":true,"duration_seconds":12.25,"recording_end":98000,)"
                       R"("transferred_to":"+14155551234"}})"));
    EXPECT_EQ(line(outcome(SessionCompleted{false, 3, 8, {}})),
              expected("session.completed", "b1",
                       R"("data":{"call":{"transferred":false,"duration_seconds":3.0,"recording_end":8}})"));
}

TEST(OutcomeLine, NamesTheSessionAsTheCallWhereItHasNoOther) {
    const auto parsed = nlohmann::json::parse(outcome_line(outcome(TransferResponse{200, "m"}), {"c1", ""}));
    EXPECT_EQ(parsed["body"]["data"]["sessionId"], "c1");
}

TEST(OutcomeLine, WithoutAnIdHasNone) {
    Outcome without = outcome(LegChanged{LegChanged::State::ended});
    without.id = "";
    EXPECT_EQ(line(without),
              R"({"v":1,"ev":"leg.changed","call":"c1","leg":"b","seq":4,"sample":40000,"state":"ended"})"
              "\n");
}

TEST(OutcomeLine, SaysThatItCameBefore) {
    Outcome again = outcome(ActionStarted{});
    again.replayed = true;
    EXPECT_EQ(line(again), expected("action.started", "b1", R"("replayed":true)"));
}

TEST(OutcomeLine, HidesSensitiveDigits) {
    for (Outcome secret :
         {outcome(ToneCompleted{2, 0, '7', 1, 2, false}),
          outcome(KeyEvidence{2, 0, '7', KeyEvidence::Step::echoed}), outcome(DigitHeard{'7', 1, 2, 20.0}),
          outcome(planned(2, "dtmf", {OpPlanned::Event::queue, 0, 0}, {{'7', 1, 2}}))}) {
        secret.sensitive = true;
        EXPECT_EQ(line(secret).find('7'), std::string::npos) << line(secret);
        EXPECT_NE(line(secret).find(R"("digit":"?")"), std::string::npos) << line(secret);
    }
}

TEST(OutcomeLine, IsOneLineOfJsonWhateverItHolds) {
    Outcome odd = outcome(FactIgnored{Fact::Kind::beep_detected, "a\nb\xFF\x01\"\xE2\x82\xB9"});
    odd.id = "\"}\n";
    const std::string text = line(odd);
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    const auto parsed = nlohmann::json::parse(text);
    EXPECT_EQ(parsed["reason"], "a\nb\xEF\xBF\xBD\x01\"\xE2\x82\xB9");
    EXPECT_EQ(parsed["id"], "\"}\n");
}

} // namespace
} // namespace keytone
