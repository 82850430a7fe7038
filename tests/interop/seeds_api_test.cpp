// SPDX-License-Identifier: MIT
//
// What an agent's settings, the API and the report say of live calls, statement by statement of
// docs/seeds.md.
#include "tests/support/agent_platform.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/spandsp_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

/// The commands of the document, as they stand there.
std::vector<std::string> commands() {
    std::ifstream file(KEYTONE_ROOT "/tests/server/api/curl_commands.txt");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    std::vector<std::string> found;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find("\n\n", at), text.size() - 1);
        found.push_back(text.substr(at, end - at));
        at = end + 2;
    }
    return found;
}

std::string characters(std::size_t count) {
    std::string text;
    while (count-- > 0) {
        text += "ä"; // two bytes
    }
    return text;
}

/// A caller who presses these keys so many seconds after the answer, and stays.
std::string presses_at(double seconds, const std::string& pressed) {
    return R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":)" + std::to_string(seconds) +
           R"(,"type":"based_call","id":"k1","name":"click_ivr","args":[")" + pressed +
           R"("]}
{"at":20.0,"type":"based_call","id":"e1","name":"end_call","args":[]}
)";
}

class SeedsApi : public OnThePlatform {
  protected:
    /// What the caller was told, in order.
    static std::vector<std::string> told(const std::vector<json>& events) {
        auto texts = values_of(events, "op.started", "text");
        std::erase(texts, ""); // of silence
        return texts;
    }
    static std::vector<json> events_of(const json& report) {
        return platform().events(report.at("call").at("call_id"));
    }
    static std::string message_of(const std::string& agent, const std::string& settings) {
        const auto answer = platform().ask("PUT", "agent/" + agent, settings);
        EXPECT_EQ(answer.status, 400) << answer.body;
        EXPECT_EQ(answer.body.value("success", true), false);
        return answer.status == 400 ? answer.error() : "";
    }
};

// The call of the document's own example: configured, and handed on when the caller asks for it (by a key).
TEST_F(SeedsApi, AnAgentThatIsConfiguredAnnouncesTransfersAndReports) {
    platform().put_agent("human", "{}", R"([{"until":{"ev":"digit.heard","digit":"5"}},
                                             {"type":"tool_use","id":"t1","name":"transfer","input":{}}])");
    const auto configured = platform().ask_as_written(commands().at(0), "human");
    ASSERT_EQ(configured.status, 200) << configured.body;
    EXPECT_EQ(configured.body.at("success"), true);
    EXPECT_EQ(configured.data().at("id"), "human");
    EXPECT_EQ(configured.data().at("transferEnabled"), true);
    EXPECT_EQ(configured.data().at("transferNumber"), "+14155551234");
    EXPECT_EQ(configured.data().at("transferMessage"), "Let me connect you with a human agent now.");
    EXPECT_THAT(configured.data().at("transfer_instructions").get<std::string>(), HasSubstr("supervisor"));
    // What is wrong is refused, and changes nothing.
    EXPECT_THAT(message_of("human", R"({"transferNumber":null})"), HasSubstr("transferEnabled is true"));
    EXPECT_THAT(message_of("human", R"({"transferNumber":"415 555 1234"})"), HasSubstr("E.164"));
    EXPECT_THAT(message_of("human", R"({"transferNumber":"+)" + std::string(32, '1') + "\"}"),
                HasSubstr("32 characters"));
    EXPECT_THAT(message_of("human", R"({"transferMessage":")" + characters(501) + "\"}"), HasSubstr("500"));
    EXPECT_THAT(message_of("human", R"({"transfer_instructions":")" + characters(2001) + "\"}"),
                HasSubstr("2000"));
    EXPECT_THAT(message_of("human", R"({"transferTriggers":["CALLER_ASKS_HUMAN"]})"),
                HasSubstr("transfer_instructions"));

    LiveServer caller = platform().call("human", presses_at(0.5, "5"));
    const json report = platform().report("human");
    EXPECT_FALSE(platform().has_ended(report)) << "the two others talk now";
    EXPECT_EQ(report.at("call").at("transferred"), true);
    EXPECT_EQ(report.at("call").at("status"), "completed");
    const auto human = platform().answered("+14155551234");
    ASSERT_TRUE(human) << platform().story();
    EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors();
    EXPECT_EQ(keys(caller.events()), "7");
    const auto events = events_of(report);
    EXPECT_THAT(told(events), ElementsAre("Let me connect you with a human agent now."));
    EXPECT_LT(place_of(events, {{"ev", "op.completed"}, {"op", "prompt"}}),
              place_of(events, {{"ev", "intent"}, {"do", "dial"}}));
    // Its part alone: to the sample at which they were connected.
    const double seconds = report.at("duration_seconds");
    EXPECT_THAT(report.at("recording_url").get<std::string>(), MatchesRegex("http://.*\\.wav\\?.*"));
    const auto audio = read_audio(platform().recording(report.at("session_id")));
    ASSERT_EQ(audio.channels.size(), 2U);
    EXPECT_NEAR(static_cast<double>(audio.channels[0].size()) / 8000.0, seconds, 0.006);
    EXPECT_EQ(spandsp_digits(audio.channels[0]) + spandsp_digits(audio.channels[1]), "")
        << "the human's key is in it";
    const auto whole = read_audio(caller.file("leg-a-heard.wav"));
    EXPECT_GT(static_cast<double>(whole.channels.at(0).size()) / 8000.0, seconds + 2.5);
}

TEST_F(SeedsApi, TheDefaultsAreNoTransferAndAnAgentThatMayHangUp) {
    const char* const asks_both =
        R"([{"type":"based_call","id":"t1","name":"transfer","args":["+14155551234"]},
                                      {"type":"based_call","id":"e1","name":"end_call","args":[]}])";
    platform().put_agent("default", "{}", asks_both);
    const json settings = platform().ask("GET", "agent/default").data();
    EXPECT_EQ(settings.at("transferEnabled"), false);
    EXPECT_EQ(settings.at("endCallEnabled"), true);
    // Both the other way round; and the instructions that are left out.
    platform().put_agent("reversed", R"({"transferEnabled":true,"transferNumber":"+14155551235",
        "transferMessage":"","transfer_instructions":null,"endCallEnabled":false,"end_call_instructions":""})",
                         R"([{"type":"based_call","id":"e1","name":"end_call","args":[]},
                             {"until":{"ev":"action.rejected","id":"e1"}},
                             {"type":"tool_use","id":"t1","name":"transfer","input":{}}])");
    const json left_out = platform().ask("GET", "agent/reversed").data();
    EXPECT_TRUE(left_out.at("transfer_instructions").is_null());
    EXPECT_TRUE(left_out.at("end_call_instructions").is_null());

    LiveServer first = platform().call("default", stays(20));
    LiveServer second = platform().call("reversed", stays(20));
    EXPECT_EQ(first.exit_code(), 0) << first.process().errors();
    const json hung_up = platform().report("default");
    EXPECT_EQ(hung_up.at("call").at("transferred"), false);
    const auto events = events_of(hung_up);
    EXPECT_EQ(event_of(events, {{"ev", "action.rejected"}, {"id", "t1"}}).value("code", ""), "disabled");
    EXPECT_LT(place_of(events, {{"ev", "action.completed"}, {"id", "e1"}}), events.size());
    EXPECT_THAT(told(events), ElementsAre()) << "there is no farewell";

    EXPECT_TRUE(platform().answered("+14155551235")) << platform().story();
    EXPECT_EQ(second.exit_code(), 0) << second.process().errors();
    const auto more = events_of(platform().report("reversed"));
    EXPECT_EQ(event_of(more, {{"ev", "action.rejected"}, {"id", "e1"}}).value("code", ""), "disabled");
    EXPECT_THAT(told(more), ElementsAre("One moment, I am putting you through."));
    EXPECT_GT(seconds_of_sound(second.file("leg-a-heard.wav")), 0.3) << "it was not heard";
}

TEST_F(SeedsApi, AFarewellIsSaidBeforeTheAgentHangsUp) {
    platform().put_agent("farewell", "{}",
                         R"([{"type":"based_call","id":"e1","name":"end_call","args":[]}])");
    const auto configured = platform().ask_as_written(commands().at(1), "farewell");
    ASSERT_EQ(configured.status, 200) << configured.body;
    EXPECT_EQ(configured.data().at("endCallMessage"), "Thank you for calling. Have a great day!");
    EXPECT_THAT(message_of("farewell", R"({"endCallMessage":")" + characters(501) + "\"}"), HasSubstr("500"));
    EXPECT_THAT(message_of("farewell", R"({"end_call_instructions":")" + characters(2001) + "\"}"),
                HasSubstr("2000"));
    // Characters, not bytes; and any words are taken.
    EXPECT_EQ(platform()
                  .ask("PUT", "agent/farewell",
                       R"({"transferMessage":")" + characters(500) + R"(","transfer_instructions":")" +
                           characters(2000) + R"(","end_call_instructions":")" + characters(2000) + "\"}")
                  .status,
              200);
    LiveServer caller = platform().call("farewell", stays(20));
    EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors();
    const json report = platform().report("farewell");
    EXPECT_EQ(report.at("call").at("transferred"), false);
    const auto events = events_of(report);
    EXPECT_THAT(told(events), ElementsAre("Thank you for calling. Have a great day!"));
    EXPECT_LT(place_of(events, {{"ev", "op.completed"}, {"op", "prompt"}}),
              place_of(events, {{"ev", "intent"}, {"do", "hangup"}}));
    EXPECT_GT(seconds_of_sound(caller.file("leg-a-heard.wav")), 0.5) << "it was cut";
}

TEST_F(SeedsApi, ATransferIsAskedOfALiveCallAndOfNoOther) {
    const char* const number = R"({"transferNumber":"+14155551236","transferMessage":"Wait."})";
    for (const char* const agent : {"named", "unnamed"}) {
        platform().put_agent(agent, number, "[]");
    }
    EXPECT_EQ(platform().ask("PUT", "agent/later", R"({"answer_after":20})").status,
              200); // It never dials in.
    LiveServer first = platform().call("named", stays(20));
    LiveServer second = platform().call("unnamed", stays(20));
    LiveServer rings = platform().call("later", stays(20));
    const json named = platform().until("named", "in_progress");
    const json unnamed = platform().until("unnamed", "in_progress");
    const json ringing = platform().until("later", "ringing");
    ASSERT_TRUE(named.is_object() && unnamed.is_object() && ringing.is_object()) << platform().story();
    const std::string id = named.at("call_id");

    EXPECT_EQ(platform().ask("POST", "calls/" + id + "/transfer", "{}", "wrong").status, 401);
    EXPECT_EQ(platform().ask("POST", "calls/nobody/transfer").status, 404);
    for (const char* const body : {R"({"to":"4155551234"})", R"({"to":"human"})", R"({"to":14155551234})"}) {
        EXPECT_EQ(platform().ask("POST", "calls/" + id + "/transfer", body).status, 400) << body;
    }
    const auto early =
        platform().ask("POST", "calls/" + ringing.at("call_id").get<std::string>() + "/transfer");
    EXPECT_EQ(early.status, 400) << early.body;
    EXPECT_THAT(early.error(), HasSubstr("not in progress"));
    rings.process().signal(SIGINT);

    const auto handed = platform().ask_as_written(commands().at(2), id);
    EXPECT_EQ(handed.status, 200);
    EXPECT_EQ(
        handed.body,
        (json{{"success", true},
              {"data",
               {{"message", "Call transferred"}, {"callId", id}, {"sessionId", named.at("session_id")}}}}));
    const auto own =
        platform().ask("POST", "calls/" + unnamed.at("call_id").get<std::string>() + "/transfer");
    EXPECT_EQ(own.status, 200) << own.body;
    EXPECT_TRUE(platform().answered("+919876543210")) << platform().story();
    EXPECT_TRUE(platform().answered("+14155551236")) << platform().story();
    EXPECT_EQ(first.exit_code(), 0) << first.process().errors();
    EXPECT_EQ(second.exit_code(), 0) << second.process().errors();
    for (const char* const agent : {"named", "unnamed"}) {
        const json report = platform().report(agent);
        EXPECT_EQ(report.at("call").at("transferred"), true);
        EXPECT_THAT(told(events_of(report)), ElementsAre("Wait."));
    }
    // It is over.
    ASSERT_TRUE(platform().until("named", "ended").is_object());
    const auto late = platform().ask("POST", "calls/" + id + "/transfer");
    EXPECT_EQ(late.status, 400);
    EXPECT_EQ(late.code(), "call_over") << late.body;
}

} // namespace
} // namespace keytone::test
