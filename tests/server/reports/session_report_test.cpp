// SPDX-License-Identifier: MIT
#include "server/reports/session_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace keytone::server {
namespace {

using How = DialogEnded::How;

StoredCall answered() {
    StoredCall call;
    call.session = "s-1";
    call.call = "c-1";
    call.agent_id = "desk";
    call.agent_name = "desk";
    call.from = "+15550100";
    call.to = "100";
    call.began_ms = 1'000'000;
    call.answered_ms = 1'001'000;
    call.ended_ms = 1'005'500;
    return call;
}

StoredCall unanswered() {
    StoredCall call = answered();
    call.answered_ms.reset();
    return call;
}

SessionEnding ending(How how, int status = 0) {
    SessionEnding ending;
    ending.end = DialogEnded{how, status};
    return ending;
}

std::string told(const StoredCall& call, const SessionEnding& ending) {
    const CallWords words = words_of(call, ending);
    return std::string(words.status) + " " + std::string(words.disposition) + " " +
           std::string(words.answered_by) + (words.reason.empty() ? "" : " " + std::string(words.reason));
}

TEST(SessionReport, HasTheFormOfItsReference) {
    SessionEnding end = ending(How::by_us);
    end.completed = SessionCompleted{false, 4.4996, 0, std::nullopt};
    end.transcript = {{"Hello \"you\".", 1'002'000}};
    EXPECT_EQ(nlohmann::json::parse(session_report(answered(), end)), nlohmann::json::parse(R"({
        "event": "session.completed", "timestamp": "1970-01-01T00:16:45.500Z",
        "data": {"session_id": "s-1", "agent_id": "desk", "agent_name": "desk", "duration_seconds": 4.5,
                 "processing_complete": true, "pipeline_completed_at": "1970-01-01T00:16:45.500Z",
                 "transcript": [{"role": "assistant", "content": "Hello \"you\".",
                                 "timestamp": "1970-01-01T00:16:42.000Z"}],
                 "recording_url": null, "variables": {},
                 "call": {"call_id": "c-1", "from_number": "+15550100", "to_number": "100",
                          "direction": "inbound", "status": "completed", "disposition": "completed",
                          "answered_by": "unknown", "transferred": false}}})"));
}

TEST(SessionReport, TellsWhereItsRecordingIsAndWhatIsMissingInIt) {
    SessionEnding end = ending(How::by_us);
    const auto data = [&] { return nlohmann::json::parse(session_report(answered(), end))["data"]; };
    end.recording = {"https://keytone.example/recordings/s-1.wav", 0, ""};
    EXPECT_EQ(data()["recording_url"], end.recording.url);
    EXPECT_FALSE(data().contains("recording_fault"));
    EXPECT_FALSE(data().contains("recording_missing_ms"));
    end.recording = {"https://keytone.example/recordings/s-1.wav", 1240, "cannot be written: why"};
    EXPECT_EQ(data()["recording_missing_ms"], 1240);
    EXPECT_EQ(data()["recording_fault"], "cannot be written: why");
    end.recording = {"", 0, "cannot be made: why"};
    EXPECT_TRUE(data()["recording_url"].is_null());
    EXPECT_EQ(data()["recording_fault"], "cannot be made: why");
}

TEST(SessionReport, TellsOfATransferAndOfTheAgentsPartAlone) {
    SessionEnding end;
    end.completed = SessionCompleted{true, 2.0, 0, "+1530"};
    const auto data = nlohmann::json::parse(session_report(answered(), end))["data"];
    EXPECT_EQ(data["duration_seconds"], 2.0);
    EXPECT_EQ(data["call"]["transferred"], true);
    EXPECT_EQ(told(answered(), end), "completed completed unknown");
}

TEST(SessionReport, TellsHowAConnectedCallEnded) {
    SessionEnding heard = ending(How::by_far_side);
    heard.far_side_sounded = true;
    EXPECT_EQ(told(answered(), heard), "completed completed unknown");
    EXPECT_EQ(told(answered(), ending(How::by_far_side)), "completed user_hangup_no_speech unknown");
    EXPECT_EQ(told(answered(), ending(How::by_us)), "completed completed unknown");
    EXPECT_EQ(told(answered(), ending(How::failed)), "failed failed unknown");
}

TEST(SessionReport, TellsWhyACallWasNeverConnected) {
    EXPECT_EQ(told(unanswered(), ending(How::cancelled)), "canceled canceled not_answered");
    EXPECT_EQ(told(unanswered(), ending(How::by_us)), "no_answer no_answer not_answered");
    EXPECT_EQ(told(unanswered(), ending(How::refused, 480)), "no_answer no_answer not_answered");
    EXPECT_EQ(told(unanswered(), ending(How::refused, 408)), "no_answer no_answer not_answered");
    EXPECT_EQ(told(unanswered(), ending(How::refused, 486)), "busy busy not_answered");
    EXPECT_EQ(told(unanswered(), ending(How::refused, 600)), "busy busy not_answered");
    EXPECT_EQ(told(unanswered(), ending(How::refused, 603)), "failed blocked not_answered");
    EXPECT_EQ(told(unanswered(), ending(How::refused, 404)), "failed failed not_answered");
    EXPECT_EQ(told(unanswered(), ending(How::failed)), "failed failed not_answered");
    EXPECT_EQ(told(unanswered(), {}), "failed failed not_answered");
}

TEST(SessionReport, TellsOfACallThatWasLost) {
    SessionEnding lost;
    lost.is_lost = true;
    EXPECT_EQ(told(answered(), lost), "failed failed unknown node_lost");
    EXPECT_EQ(told(unanswered(), lost), "failed failed not_answered node_lost");
    const auto data = nlohmann::json::parse(session_report(answered(), lost))["data"];
    EXPECT_EQ(data["duration_seconds"], 4.5); // until it was last seen
    EXPECT_EQ(data["call"]["reason"], "node_lost");
    StoredCall set_back = answered();
    set_back.ended_ms = 1;
    EXPECT_EQ(nlohmann::json::parse(session_report(set_back, lost))["data"]["duration_seconds"], 0.0);
}

TEST(SessionReport, IsJsonWhateverTheFarSideSays) {
    StoredCall call = answered();
    call.from = party_of("sip:\"\xff\xfe\\\n@x");
    EXPECT_TRUE(nlohmann::json::accept(session_report(call, ending(How::by_us))));
}

TEST(AParty, IsTheNumberOfItsUri) {
    EXPECT_EQ(party_of("sip:+15550100@sip.example;user=phone"), "+15550100");
    EXPECT_EQ(party_of("sips:ada@192.0.2.1:5061"), "ada");
    EXPECT_EQ(party_of("sip:+1555;ext=2@sip.example"), "+1555");
    EXPECT_EQ(party_of("sip:sip.example"), "sip:sip.example");
    EXPECT_EQ(party_of("sip:@sip.example"), "sip:@sip.example");
    EXPECT_EQ(party_of(""), "");
    EXPECT_EQ(party_of("sip:a\nb@x"), "a?b");
    EXPECT_EQ(party_of("sip:" + std::string(1000, 'a') + "@x").size(), 200U);
}

} // namespace
} // namespace keytone::server
