// SPDX-License-Identifier: MIT
//
// All routes, on a server with calls by hand. What was asked and answered is held against /openapi.json at
// the end.
#include "server/api/route_table.hpp"
#include "server/store/call_table.hpp"
#include "server/store/endpoint_table.hpp"
#include "server/store/outbox.hpp"
#include "tests/server/api/fake_service.hpp"
#include "tests/support/child_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace keytone::server {
namespace {

using test::FakeDesk;
using test::FakeService;
using test::HttpAnswer;
using test::HttpClient;
using testing::HasSubstr;
using testing::Not;
using tools::Json;

constexpr const char* session_1 = "11111111-0000-4000-8000-000000000001";
constexpr const char* session_2 = "22222222-0000-4000-8000-000000000002";

CallView view(const std::string& call, const std::string& session, std::int64_t began_ms = 3000) {
    CallView made;
    made.names = {call, session, "a1", "+15550001", "+15550002"};
    made.direction = "outbound";
    made.state = "in_progress";
    made.began_ms = began_ms;
    made.answered_ms = began_ms + 500;
    made.jitter_ms = 1.25;
    return made;
}

/// What all tests of this program have asked, and what came.
Json& exchanges() {
    static Json all = Json::array();
    return all;
}

class Api : public testing::Test {
  protected:
    Api() {
        CallTable calls(service.store.database);
        StoredCall over;
        over.session = session_2;
        over.call = "c2";
        over.agent_id = "a1";
        over.agent_name = "Ann";
        over.from = "+15550003";
        over.to = "+15550004";
        over.state = StoredState::ended;
        over.began_ms = 1000;
        over.answered_ms = 1500;
        over.ended_ms = 2000;
        calls.put(over);
        calls.put_events(session_2,
                         "{\"ev\":\"leg.changed\",\"leg\":\"a\",\"sample\":0,\"state\":\"answered\"}\n");
        Outbox(service.store.database)
            .put(
                session_2,
                R"({"event":"session.completed","data":{"call":{"status":"no_answer","disposition":"voicemail"}}})",
                2000);
        service.desk.put(view("c1", session_1),
                         {R"({"ev":"action.accepted","leg":"a","sample":1})", R"({"ev":"action.started"})"});
    }

    HttpAnswer ask(const std::string& method, const std::string& target, const std::string& body = {},
                   const std::string& more = {}) {
        const HttpAnswer answer = service.ask(method, target, body, more);
        note(method, target, more, answer);
        return answer;
    }
    static void note(const std::string& method, const std::string& target, const std::string& more,
                     const HttpAnswer& answer) {
        Json headers = Json::array();
        for (std::size_t at = 0; at < more.size(); at = more.find("\r\n", at) + 2) {
            headers.push_back(more.substr(at, more.find(':', at) - at));
        }
        exchanges().push_back({{"method", method},
                               {"target", target},
                               {"headers", headers},
                               {"status", answer.status},
                               {"type", answer.header("Content-Type")},
                               {"body", answer.body}});
    }
    static Json json(const HttpAnswer& answer) { return Json::parse(answer.body, nullptr, false); }
    static std::string code(const HttpAnswer& answer) {
        const Json body = json(answer);
        return body.is_object() && body.contains("error") ? body["error"].value("code", "") : "";
    }

    FakeService service;
};

TEST_F(Api, TakesTheCommandsOfItsDocumentation) {
    std::ifstream file(KEYTONE_API_TESTS "/curl_commands.txt");
    std::stringstream text;
    text << file.rdbuf();
    service.desk.put(view("call_id", "55555555-0000-4000-8000-000000000005"));
    const std::string host = "https://api.example.com";
    std::vector<Json> answers;
    std::string commands = text.str();
    ASSERT_FALSE(commands.empty());
    while (!commands.empty()) {
        std::string command = commands.substr(0, commands.find("\n\n"));
        commands.erase(0, command.size() + 2);
        const auto at = command.find(host);
        ASSERT_NE(at, std::string::npos) << command;
        command.replace(at, host.size(), "http://127.0.0.1:" + std::to_string(service.port()));
        const auto result = test::run_child("/bin/bash", {"-c", command});
        EXPECT_EQ(result.exit_code, 0) << result.errors;
        answers.push_back(Json::parse(result.output, nullptr, false));
    }
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0]["success"], true);
    EXPECT_EQ(answers[0]["data"]["id"], "agent_id");
    EXPECT_EQ(answers[0]["data"]["transferNumber"], "+14155551234");
    EXPECT_EQ(answers[1]["data"]["endCallMessage"], "Thank you for calling. Have a great day!");
    EXPECT_EQ(answers[1]["data"]["transferEnabled"], true) << "only what is named is changed";
    EXPECT_EQ(answers[2].dump(), R"({"success":true,"data":{"message":"Call transferred","callId":"call_id",)"
                                 R"("sessionId":"55555555-0000-4000-8000-000000000005"}})");
    EXPECT_EQ(service.desk.asked(), "transfer call_id +919876543210");
}

TEST_F(Api, StartsACall) {
    const auto started = ask(
        "POST", "/api/v2/calls/start",
        R"({"agent_id":"a1","to_number":"+15551234567","provider":"sip","variables":{"name":"Zoë","n":[1]}})");
    EXPECT_EQ(started.body,
              R"({"success":true,"data":{"call_id":"20261129T100000.000Z-9",)"
              R"("session_id":"99999999-0000-4000-8000-000000000009","status":"pending","provider":"sip",)"
              R"("from_number":"+15550000","to_number":"+15551234567","agent_id":"a1"}})"
              "\n");
    EXPECT_EQ(service.desk.asked(), R"(start a1 +15551234567 sip {"name":"Zoë","n":[1]})");
    for (const auto& [body, place] : std::vector<std::pair<std::string, std::string>>{
             {R"({"to_number":"+1"})", "/agent_id"},
             {R"({"agent_id":"a1"})", "/to_number"},
             {R"({"agent_id":"a1","to_number":15551234567})", "/to_number"},
             {R"({"agent_id":"a1","to_number":"+1\r\nX: y"})", "/to_number"},
             {R"({"agent_id":"a1","to_number":"+1","provider":"carrier pigeon"})", "/provider"},
             {R"({"agent_id":"a1","to_number":"+1","variables":[]})", "/variables"},
             {R"({"agent_id":"a1","to_number":"+1","from":"+2"})", "/from"},
             {R"({"agent_id":"a1","to_number":"+1","variables":{"x":")" + std::string(20'000, 'x') + "\"}}",
              "/variables"}}) {
        const auto refused = ask("POST", "/api/v2/calls/start", body);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_THAT(refused.body, HasSubstr(place));
    }
    for (const int status : {403, 404, 429, 503}) {
        service.desk.fail(ApiFault{status, "no", "no"});
        EXPECT_EQ(ask("POST", "/api/v2/calls/start", R"({"agent_id":"a1","to_number":"+1"})").status, status);
    }
}

TEST_F(Api, TellsOfCallsThatAreAndWere) {
    const Json all = json(ask("GET", "/api/v2/calls"))["data"]["calls"];
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0]["call_id"], "c1");
    EXPECT_EQ(all[0]["state"], "in_progress");
    EXPECT_EQ(all[0]["jitter_ms"], 1.25);
    EXPECT_EQ(all[1]["call_id"], "c2");
    EXPECT_EQ(all[1]["status"], "no_answer");
    EXPECT_EQ(all[1]["ended_at"], "1970-01-01T00:00:02.000Z");
    const auto count = [this](const std::string& query) {
        return json(ask("GET", "/api/v2/calls?" + query))["data"]["calls"].size();
    };
    EXPECT_EQ(count("limit=1"), 1U);
    EXPECT_EQ(count("before=3000"), 1U);
    EXPECT_EQ(count("before=1970-01-01T00:00:03.001Z"), 2U);
    EXPECT_EQ(count("state=live"), 1U);
    EXPECT_EQ(count("state=ended"), 1U);
    EXPECT_EQ(count("state=ringing"), 0U);
    EXPECT_EQ(count("state=no_answer"), 1U);
    EXPECT_EQ(count("state=completed"), 0U);
    for (const char* const query :
         {"limit=0", "limit=x", "limit=501", "before=yesterday", "state=odd", "state='%20OR%201=1"}) {
        EXPECT_EQ(ask("GET", std::string("/api/v2/calls?") + query).status, 400) << query;
    }
    for (const char* const id : {"c2", session_2}) {
        const Json call = json(ask("GET", std::string("/api/v2/calls/") + id))["data"];
        EXPECT_EQ(call["session_id"], session_2);
        EXPECT_EQ(call["report"]["event"], "session.completed");
        EXPECT_EQ(call["disposition"], "voicemail");
    }
    EXPECT_EQ(json(ask("GET", std::string("/api/v2/calls/") + session_1))["data"]["call_id"], "c1");
    EXPECT_EQ(ask("GET", "/api/v2/calls/c3").status, 404);
    EXPECT_EQ(json(ask("GET", "/api/v2/calls/concurrency")).dump(),
              R"({"success":true,"data":{"active":1,"limit":100,"available":99}})");
    // It has not come to the store yet, or is there in an older state.
    CallTable calls(service.store.database);
    StoredCall begun;
    begun.session = session_1;
    begun.call = "c1";
    begun.began_ms = 3000;
    calls.put(begun);
    EXPECT_EQ(count("state=ringing"), 0U);
    EXPECT_EQ(count("state=live"), 1U);
}

TEST_F(Api, AsksALiveCallAndNoOther) {
    EXPECT_EQ(ask("POST", "/api/v2/calls/c1/transfer").status, 200) << "no body: the settings' number";
    EXPECT_EQ(service.desk.asked(), "transfer c1 -");
    EXPECT_EQ(ask("POST", std::string("/api/v2/calls/") + session_1 + "/transfer", R"({"to":null})").status,
              200);
    EXPECT_EQ(ask("POST", "/api/v2/calls/c1/transfer", R"({"to":5})").status, 400);
    EXPECT_EQ(ask("POST", "/api/v2/calls/c1/transfer", R"({"to":"+1\nX"})").status, 400);
    EXPECT_EQ(ask("POST", "/api/v2/calls/c1/transfer", R"({"number":"+1"})").status, 400);
    const auto function = ask("POST", "/api/v2/calls/c1/functions",
                              "{\"type\":\"based_call\",\n \"name\":\"click_ivr\",\"args\":[\"1\"]}");
    EXPECT_EQ(json(function)["data"]["ev"], "action.accepted");
    EXPECT_EQ(service.desk.asked(), R"(submit c1 {"type":"based_call","name":"click_ivr","args":["1"]})");
    service.desk.outcome(R"({"ev":"action.rejected","code":"disabled","message":"end_call: is off"})");
    const auto rejected = ask("POST", "/api/v2/calls/c1/functions", "{}");
    EXPECT_EQ(rejected.status, 422);
    EXPECT_EQ(code(rejected), "disabled");
    EXPECT_EQ(ask("POST", "/api/v2/calls/c1/functions", "[]").status, 400);
    EXPECT_EQ(json(ask("DELETE", "/api/v2/calls/c1"))["data"]["callId"], "c1");
    EXPECT_EQ(service.desk.asked(), "end c1 drained");
    EXPECT_EQ(ask("DELETE", "/api/v2/calls/c1?drain=false").status, 200);
    EXPECT_EQ(service.desk.asked(), "end c1 now");
    EXPECT_EQ(ask("DELETE", "/api/v2/calls/c1?drain=maybe").status, 400);
    for (const auto& [method, path, body] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"POST", "/transfer", "{}"}, {"POST", "/functions", "{}"}, {"DELETE", "", ""}}) {
        const auto over = ask(method, "/api/v2/calls/c2" + path, body);
        EXPECT_EQ(over.status, 400);
        EXPECT_EQ(code(over), "call_over");
        const auto nobody = ask(method, "/api/v2/calls/c3" + path, body);
        EXPECT_EQ(nobody.status, 404);
        EXPECT_EQ(code(nobody), "no_such_call");
        for (const int status : {403, 409}) {
            service.desk.fail(ApiFault{status, "no", "no"});
            if (!body.empty()) {
                EXPECT_EQ(ask(method, "/api/v2/calls/c1" + path, body).status, status);
            }
        }
        service.desk.fail(std::nullopt);
    }
}

TEST_F(Api, TellsEventsAsLinesAndAsTheyHappen) {
    EXPECT_EQ(ask("GET", "/api/v2/calls/c1/events").body,
              "{\"ev\":\"action.accepted\",\"leg\":\"a\",\"sample\":1}\n{\"ev\":\"action.started\"}\n");
    EXPECT_THAT(ask("GET", "/api/v2/calls/c2/events").body, HasSubstr("leg.changed"));
    EXPECT_EQ(ask("GET", "/api/v2/calls/c3/events").status, 404);
    HttpClient client(service.port());
    client.send(FakeService::request("GET", "/api/v2/calls/c1/events", {}, "Accept: text/event-stream\r\n"));
    EXPECT_THAT(client.until("id: 2\ndata: {\"ev\":\"action.started\"}\n\n"),
                HasSubstr("Content-Type: text/event-stream"));
    const auto events = service.desk.events_of("c1");
    events->add(R"({"ev":"digit.heard"})");
    EXPECT_THAT(client.until("digit.heard"), HasSubstr("id: 3\ndata: {\"ev\":\"digit.heard\"}\n\n"));
    events->close();
    EXPECT_THAT(client.until("0\r\n\r\n"), HasSubstr("event: end\ndata: {}\n\n"));
    const auto rest =
        ask("GET", "/api/v2/calls/c1/events", {}, "Accept: text/event-stream\r\nLast-Event-ID: 2\r\n");
    EXPECT_EQ(rest.body, "id: 3\ndata: {\"ev\":\"digit.heard\"}\n\nevent: end\ndata: {}\n\n");
    EXPECT_EQ(
        ask("GET", "/api/v2/calls/c1/events", {}, "Accept: text/event-stream\r\nLast-Event-ID: x\r\n").status,
        400);
    const auto picture = ask("GET", "/api/v2/calls/c2/timeline.svg");
    EXPECT_EQ(picture.status, 200);
    EXPECT_THAT(picture.body, HasSubstr("<svg"));
    EXPECT_EQ(ask("GET", "/api/v2/calls/c3/timeline.svg").status, 404);
}

TEST_F(Api, KeepsAgents) {
    EXPECT_EQ(ask("PUT", "/api/v2/agent/a1", R"({"transferEnabled":true})").status, 200);
    EXPECT_EQ(json(ask("GET", "/api/v2/agent/a1"))["data"]["transferEnabled"], true);
    EXPECT_EQ(json(ask("GET", "/api/v2/agents"))["data"]["agents"][0]["id"], "a1");
    EXPECT_EQ(ask("PUT", "/api/v2/agent/a1", "{").status, 400);
    EXPECT_EQ(ask("PUT", "/api/v2/agent/a1", R"({"conflict":1})").status, 409);
    EXPECT_EQ(ask("DELETE", "/api/v2/agent/a1").status, 200);
    EXPECT_EQ(ask("DELETE", "/api/v2/agent/a1").status, 404);
    EXPECT_EQ(ask("GET", "/api/v2/agent/a1").status, 404);
}

TEST_F(Api, KeepsWebhooksAndShowsASecretOnce) {
    const auto added =
        json(ask("POST", "/api/v2/config/webhooks", R"({"label":"crm","url":"https://crm.example/x"})"));
    const std::string id = added["data"]["id"];
    EXPECT_EQ(added["data"]["enabled"], true);
    EXPECT_EQ(added["data"]["last_delivery_at"], nullptr);
    EXPECT_THAT(added["data"]["secret"].get<std::string>(), testing::MatchesRegex("whsec_[0-9a-f]{64}"));
    const auto listed = ask("GET", "/api/v2/config/webhooks");
    EXPECT_THAT(listed.body, Not(HasSubstr("whsec_")));
    EXPECT_EQ(json(listed)["data"]["webhooks"][0]["label"], "crm");
    const auto changed =
        json(ask("PATCH", "/api/v2/config/webhooks/" + id, R"({"enabled":false,"label":"erp"})"));
    EXPECT_EQ(changed["data"]["enabled"], false);
    EXPECT_EQ(changed["data"]["label"], "erp");
    EXPECT_EQ(ask("PATCH", "/api/v2/config/webhooks/" + id, R"({"enabled":1})").status, 400);
    EXPECT_EQ(ask("PATCH", "/api/v2/config/webhooks/" + id, R"({"url":"https://x.example"})").status, 400);
    EXPECT_EQ(ask("PATCH", "/api/v2/config/webhooks/" + id, R"({"label":"default"})").status, 400);
    EXPECT_EQ(ask("PATCH", "/api/v2/config/webhooks/99", R"({"enabled":true})").status, 404);
    const auto rotated = json(ask("POST", "/api/v2/config/webhooks/" + id + "/rotate-secret"));
    EXPECT_NE(rotated["data"]["secret"], added["data"]["secret"]);
    EXPECT_EQ(ask("POST", "/api/v2/config/webhooks/99/rotate-secret").status, 404);
    for (const auto& [body, status] : std::vector<std::pair<std::string, int>>{
             {R"({"label":"erp","url":"https://x.example"})", 409},
             {R"({"label":"default","url":"https://x.example"})", 400},
             {R"({"label":"A","url":"https://x.example"})", 400},
             {R"({"url":"https://x.example"})", 400},
             {R"({"label":"b"})", 400},
             {R"({"label":"b","url":"http://x.example"})", 400},
             {R"({"label":"b","url":"https://127.0.0.1/"})", 400},
             {R"({"label":"b","url":"https://2130706433/"})", 400},
             {R"({"label":"b","url":"https://0x7f.1/"})", 400},
             {R"({"label":"b","url":"https://[::1]/"})", 400},
             {R"({"label":"b","url":"https://[::ffff:10.0.0.1]/"})", 400},
             {R"({"label":"b","url":"https://169.254.169.254/latest"})", 400},
             {R"({"label":"b","url":"https://localhost/"})", 400},
             {R"({"label":"b","url":"https://x.example/a b"})", 400},
             {R"({"label":"b","url":"https://x.example/\r\nX: y"})", 400},
             {R"({"label":"b","url":"https://u:p@x.example/"})", 400}}) {
        EXPECT_EQ(ask("POST", "/api/v2/config/webhooks", body).status, status) << body;
    }
    const auto standard =
        json(ask("PUT", "/api/v2/config/webhook", R"({"webhook_url":"https://d.example/"})"));
    EXPECT_EQ(standard["webhook_url"], "https://d.example/");
    EXPECT_THAT(standard["webhook_secret"].get<std::string>(), HasSubstr("whsec_"));
    EXPECT_EQ(
        json(ask("PUT", "/api/v2/config/webhook", R"({"webhook_url":"https://e.example/"})"))["webhook_url"],
        "https://e.example/");
    EXPECT_EQ(ask("PUT", "/api/v2/config/webhook", R"({"webhook_url":"http://e.example/"})").status, 400);
    EXPECT_EQ(ask("PUT", "/api/v2/config/webhook", "{}").status, 400);
    EXPECT_EQ(json(ask("PUT", "/api/v2/config/webhook", R"({"webhook_url":null})"))["webhook_url"], nullptr);
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(ask("POST", "/api/v2/config/webhooks",
                      R"({"label":"e)" + std::to_string(i) + R"(","url":"https://x.example"})")
                      .status,
                  200);
    }
    EXPECT_EQ(ask("POST", "/api/v2/config/webhooks", R"({"label":"e5","url":"https://x.example"})").status,
              409);
    EXPECT_EQ(ask("PUT", "/api/v2/config/webhook", R"({"webhook_url":"https://d.example/"})").status, 409);
    EXPECT_EQ(ask("PATCH", "/api/v2/config/webhooks/" + id, R"({"label":"e1"})").status, 409);
    EXPECT_EQ(ask("DELETE", "/api/v2/config/webhooks/" + id).status, 200);
    EXPECT_EQ(ask("DELETE", "/api/v2/config/webhooks/" + id).status, 404);
    EXPECT_EQ(ask("DELETE", "/api/v2/config/webhooks/1%20OR%201=1").status, 404);
}

TEST_F(Api, SendsReportsAgain) {
    EXPECT_EQ(ask("POST", "/api/v2/deliveries/1/resend").status, 409) << "there is no endpoint";
    ask("POST", "/api/v2/config/webhooks", R"({"label":"crm","url":"https://crm.example/x"})");
    EXPECT_EQ(ask("POST", "/api/v2/deliveries/1/resend").status, 200);
    EXPECT_EQ(ask("POST", "/api/v2/deliveries/7/resend").status, 404);
    EXPECT_EQ(ask("POST", "/api/v2/deliveries/x/resend").status, 404);
    const auto listed = json(ask("GET", "/api/v2/deliveries?limit=10"))["data"]["deliveries"];
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0]["report_id"], "1");
    EXPECT_EQ(listed[0]["state"], "pending");
    EXPECT_EQ(listed[0]["label"], "crm");
    EXPECT_EQ(ask("GET", "/api/v2/deliveries?limit=x").status, 400);
}

TEST_F(Api, GivesOutRecordingsWholeAndInParts) {
    EXPECT_EQ(ask("GET", "/api/v2/calls/c2/recording").status, 404);
    EXPECT_EQ(ask("GET", "/api/v2/calls/c2/recording-url").status, 404);
    EXPECT_EQ(ask("GET", "/api/v2/calls/c3/recording").status, 404);
    const std::string signed_path = std::string("/recordings/") + session_2 + ".wav?expires=9&signature=good";
    const std::string bare = "Authorization: none\r\n";
    EXPECT_EQ(ask("GET", signed_path, {}, bare).status, 404);
    std::string sound;
    for (int i = 0; i < 200'000; ++i) {
        sound += static_cast<char>(i % 251);
    }
    EXPECT_THAT(service.store.folder.write(std::string(session_2) + ".wav", sound), HasSubstr(session_2));
    EXPECT_THAT(
        json(ask("GET", "/api/v2/calls/c2/recording-url"))["data"]["recording_url"].get<std::string>(),
        HasSubstr(session_2));
    EXPECT_EQ(service.ask("GET", "/api/v2/calls/c2/recording").body, sound);
    for (const std::string& path : {std::string("/api/v2/calls/c2/recording"), signed_path}) {
        const HttpAnswer part = service.ask("GET", path, {}, "Range: bytes=100-199\r\n");
        EXPECT_EQ(part.status, 206);
        EXPECT_EQ(part.body, sound.substr(100, 100));
        EXPECT_EQ(part.header("Content-Range"), "bytes 100-199/200000");
        HttpAnswer noted = part;
        noted.body.clear();
        note("GET", path, "Range: x\r\n", noted);
        EXPECT_EQ(ask("GET", path, {}, "Range: bytes=200000-\r\n").status, 416);
        const auto head = ask("HEAD", path);
        EXPECT_EQ(head.header("Content-Length"), "200000");
        EXPECT_EQ(head.header("Accept-Ranges"), "bytes");
    }
    EXPECT_EQ(service.ask("GET", signed_path, {}, bare).body.size(), sound.size());
    EXPECT_EQ(ask("GET", std::string("/recordings/") + session_2 + ".wav?expires=9&signature=bad").status,
              403);
    EXPECT_EQ(ask("GET", std::string("/recordings/") + session_2 + ".wav").status, 403);
    EXPECT_EQ(ask("GET", "/recordings/..%2fstore.db.wav?expires=9&signature=good").status, 400);
}

TEST_F(Api, LetsAgentsIn) {
    const std::string upgrade =
        "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eDAxMjM0NTY3ODkwMTIzNA==\r\n";
    HttpClient client(service.port());
    const auto taken =
        client.ask(FakeService::request("GET", "/api/v2/calls/c1/stream", {}, upgrade) + "early");
    EXPECT_EQ(taken.status, 101);
    EXPECT_EQ(taken.header("X-Call"), "c1");
    EXPECT_TRUE(client.is_closed());
    note("GET", "/api/v2/calls/c1/stream", {}, taken);
    EXPECT_EQ(ask("GET", "/api/v2/calls/c1/stream").status, 426);
    EXPECT_EQ(ask("GET", "/api/v2/calls/c3/stream", {}, upgrade).status, 404);
    EXPECT_EQ(ask("GET", "/api/v2/calls/c2/stream", {}, upgrade).status, 400);
    service.desk.put(view("c2", "77777777-0000-4000-8000-000000000007"));
    EXPECT_EQ(ask("GET", "/api/v2/calls/c2/stream", {}, upgrade).status, 409);
    EXPECT_EQ(ask("GET", "/api/v2/calls/c1/stream", {}, upgrade + "Authorization: none\r\n").status, 401);
}

TEST_F(Api, EndsACallAsTwilioDoes) {
    const std::string path = "/2010-04-01/Accounts/AC1/Calls/CA11111111000040008000000000000001.json";
    // AC1 and the token
    const std::string login = "Authorization: Basic QUMxOnJnX2xpdmVfYWJjMTIzZGVmNDU2Z2hpNzg5amtsMDEy\r\n";
    const std::string form = login + "Content-Type: application/x-www-form-urlencoded\r\n";
    EXPECT_EQ(json(ask("GET", path, {}, login))["status"], "in-progress");
    const auto ended = json(ask("POST", path, "Status=completed", form));
    EXPECT_EQ(ended["status"], "completed");
    EXPECT_EQ(ended["sid"], "CA11111111000040008000000000000001");
    EXPECT_EQ(service.desk.asked(), "end c1 drained");
    EXPECT_EQ(ask("POST", path, "Status=ringing", form).status, 400);
    EXPECT_EQ(ask("POST", path, "Url=http%3A%2F%2Fx", form).status, 400);
    EXPECT_EQ(ask("POST", path, "Status=%", form).status, 400);
    EXPECT_EQ(ask("POST", path, "{}", login).status, 415);
    service.desk.fail(ApiFault{400, "call_over", "it is over"});
    EXPECT_EQ(json(ask("POST", path, "Status=completed", form))["code"], 20404);
    service.desk.forget("c1");
    const auto gone = ask("POST", path, "Status=completed", form);
    EXPECT_EQ(gone.status, 404);
    EXPECT_EQ(json(gone)["code"], 20404);
    EXPECT_EQ(ask("GET", path, {}, login).status, 404);
    EXPECT_EQ(json(ask("GET", "/2010-04-01/Accounts/AC1/Calls/c2.json", {}, login))["status"], "no-answer");
    const auto wrong = ask("GET", path);
    EXPECT_EQ(wrong.status, 401) << "a bearer token is no basic authorization";
    EXPECT_EQ(json(wrong)["code"], 20003);
    EXPECT_EQ(ask("GET", "/2010-04-01/Accounts/AC2/Calls/c2.json", {}, login).status, 401);
}

TEST_F(Api, ServesItsPageItsHealthAndItsFigures) {
    const std::string bare = "Authorization: none\r\n";
    const auto page = ask("GET", "/", {}, bare);
    EXPECT_EQ(page.body, "<!doctype html><title>keytone</title>");
    EXPECT_THAT(page.header("Content-Security-Policy"), HasSubstr("default-src 'self'"));
    EXPECT_EQ(page.header("ETag"), "\"e1\"");
    EXPECT_EQ(ask("GET", "/", {}, bare + "If-None-Match: \"e1\"\r\n").status, 304);
    EXPECT_EQ(ask("GET", "/page/main.js", {}, bare).header("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(ask("GET", "/page/main.js", {}, bare + "If-None-Match: \"e2\"\r\n").status, 304);
    EXPECT_EQ(ask("GET", "/page/none.js", {}, bare).status, 404);
    EXPECT_EQ(ask("GET", "/page/../page/main.js", {}, bare).status, 400);
    EXPECT_EQ(ask("GET", "/healthz", {}, bare).body, R"({"status":"ok"})");
    service.is_well = false;
    EXPECT_EQ(ask("GET", "/healthz", {}, bare).status, 503);
    EXPECT_THAT(ask("GET", "/metrics").body, HasSubstr("keytone_calls 1"));
    EXPECT_EQ(ask("GET", "/metrics", {}, bare).status, 401);
    EXPECT_EQ(json(ask("GET", "/openapi.json", {}, bare))["openapi"], "3.1.0");
    EXPECT_THAT(page.head, Not(HasSubstr("Access-Control")));
    EXPECT_THAT(page.head, Not(HasSubstr("Set-Cookie")));
}

/// A path of the route, with names that exist.
std::string path_of(const Route& route) {
    std::string path(route.path);
    for (auto at = path.find('{'); at != std::string::npos; at = path.find('{')) {
        path.replace(at, path.find('}') - at + 1, path.substr(at, 5) == "{sid}" ? "AC1" : "c1");
    }
    return path;
}

TEST_F(Api, RefusesOnEachRouteWhoHasNoToken) {
    std::optional<FakeService> fresh; // After twenty failures it says 429.
    int routes = 0;
    for (const Route& route : route_table()) {
        const std::string method(route.method);
        if (route.access == RouteAccess::open || route.access == RouteAccess::signed_url) {
            continue;
        }
        if (routes++ % 4 == 0) {
            fresh.emplace();
        }
        for (const char* const header : {"X: y\r\nAuthorization: none\r\n", "Authorization: Bearer \r\n",
                                         "Authorization: Bearer rg_live_abc123def456ghi789jkl013\r\n",
                                         "Authorization: Digest rg_live_abc123def456ghi789jkl012\r\n",
                                         "Authorization: Bearer ' OR 1=1 --\r\n"}) {
            const auto answer = fresh->ask(method, path_of(route), {}, header);
            note(method, path_of(route), {}, answer);
            EXPECT_EQ(answer.status, 401) << method << " " << route.path << " " << header;
            EXPECT_THAT(answer.header("WWW-Authenticate"),
                        HasSubstr(route.access == RouteAccess::token ? "Bearer realm=" : "Basic realm="));
        }
        EXPECT_THAT(fresh->log(), Not(HasSubstr("rg_live")));
    }
}

TEST_F(Api, RefusesOnEachRouteWhatItDoesNotTake) {
    for (const Route& route : route_table()) {
        const std::string method(route.method);
        const auto other = service.ask("TRACE", path_of(route));
        EXPECT_EQ(other.status, 405) << route.path;
        EXPECT_THAT(other.header("Allow"), HasSubstr(method));
        const auto options = service.ask("OPTIONS", path_of(route));
        EXPECT_EQ(options.status, 204);
        EXPECT_THAT(options.header("Allow"), HasSubstr(method));
        if (route.body.empty() || route.access != RouteAccess::token) {
            continue;
        }
        EXPECT_EQ(ask(method, path_of(route), "{}", "Content-Type: text/plain\r\n").status, 415)
            << route.path;
        const auto broken = ask(method, path_of(route), R"({"a":)");
        EXPECT_EQ(broken.status, 400) << route.path;
        EXPECT_EQ(code(broken), "bad_json") << route.path;
        EXPECT_EQ(ask(method, path_of(route), std::string(70'000, ' ')).status, 413);
    }
    for (const char* const path :
         {"/api/v2/nothing", "/API/v2/calls", "/api/v2/calls/c1/x", "/.git/config"}) {
        EXPECT_EQ(ask("GET", path).status, 404) << path;
    }
}

TEST_F(Api, CountsWrongTokensOfAnAddressButLetsRightOnesIn) {
    HttpAnswer answer;
    for (int i = 0; i <= FailedTries::most; ++i) {
        answer = service.ask("GET", "/api/v2/agents", {},
                             "Authorization: Bearer wrong" + std::to_string(i) + "\r\n");
        EXPECT_EQ(answer.status, i < FailedTries::most ? 401 : 429);
    }
    note("GET", "/api/v2/agents", {}, answer);
    EXPECT_GT(std::stoi(answer.header("Retry-After")), 0);
    EXPECT_EQ(service.ask("GET", "/api/v2/agents").status, 200) << "a proxy stands for many";
    EXPECT_EQ(service.ask("GET", "/healthz").status, 200);
    EXPECT_THAT(service.log(), HasSubstr("warning http.refused 127.0.0.1 GET /api/v2/agents 401"));
}

TEST_F(Api, ForgetsATokenThatWasRevoked) {
    TokenTable tokens(service.store.database);
    std::string fault;
    const auto made = tokens.create("other", 1, fault);
    ASSERT_TRUE(made);
    const std::string header = "Authorization: Bearer " + *made + "\r\n";
    const auto until = [&](int status) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (std::chrono::steady_clock::now() < end) {
            if (service.ask("GET", "/api/v2/agents", {}, header).status == status) {
                return true;
            }
        }
        return false;
    };
    EXPECT_TRUE(until(200));
    tokens.revoke("other");
    EXPECT_TRUE(until(401) || until(429));
}

TEST_F(Api, TakesNoNameForMoreThanAName) {
    for (const char* const name : {"%27%20OR%201=1--", "c1%22", "%E2%80%AE", "$(reboot)", "%3Cscript%3E",
                                   "a;DROP%20TABLE%20calls", "*", "%25"}) {
        EXPECT_EQ(ask("GET", std::string("/api/v2/calls/") + name).status, 404) << name;
        EXPECT_EQ(ask("GET", std::string("/api/v2/agent/") + name).status, 404) << name;
        EXPECT_EQ(ask("POST", std::string("/api/v2/calls/") + name + "/transfer", "{}").status, 404) << name;
        EXPECT_EQ(ask("DELETE", std::string("/api/v2/config/webhooks/") + name).status, 404) << name;
    }
    EXPECT_EQ(service.store.value("SELECT count(*) FROM calls"), "1");
}

TEST_F(Api, SaysThatTheStoreFails) {
    ASSERT_EQ(ask("GET", "/api/v2/config/webhooks").status, 200);
    service.store.database.run("DROP TABLE deliveries; DROP TABLE endpoints");
    const auto answer = ask("GET", "/api/v2/config/webhooks");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(code(answer), "store_failed");
    EXPECT_THAT(answer.body, Not(HasSubstr("endpoints:"))) << "the log has it";
    EXPECT_THAT(service.log(), HasSubstr("warning http.store_failed"));
}

// The last: it holds all of the above against the document.
TEST_F(Api, IsWhatItsDocumentSays) {
    Json given;
    given["document"] = json(service.ask("GET", "/openapi.json"));
    given["exchanges"] = exchanges();
    const auto result =
        test::run_child("/usr/bin/python3", {KEYTONE_API_TESTS "/check_open_api.py"},
                        {.input = given.dump(-1, ' ', false, Json::error_handler_t::replace)});
    EXPECT_EQ(result.exit_code, 0) << result.output << result.errors;
}

} // namespace
} // namespace keytone::server
