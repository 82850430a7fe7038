// SPDX-License-Identifier: MIT
//
// The parts of the API that need neither a socket nor a store.
#include "server/api/api_log.hpp"
#include "server/api/authorization.hpp"
#include "server/api/byte_range.hpp"
#include "server/api/call_timeline.hpp"
#include "server/api/failed_tries.hpp"
#include "server/api/http_target.hpp"
#include "server/api/json_answer.hpp"
#include "server/api/open_api.hpp"
#include "server/api/query_numbers.hpp"
#include "server/api/route_table.hpp"
#include "server/api/twilio_form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace keytone::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tools::Json;

TEST(ByteRange, IsPartOfTheWhole) {
    struct Row {
        const char* header;
        std::uint64_t begin;
        std::uint64_t end; // equal: the whole
    };
    for (const Row& row :
         {Row{"bytes=0-99", 0, 100}, Row{"bytes=10-", 10, 1000}, Row{"bytes=-10", 990, 1000},
          Row{"bytes=-9999", 0, 1000}, Row{"bytes=999-5000", 999, 1000}, Row{"", 0, 0},
          Row{"bytes=0-1,5-6", 0, 0}, Row{"bytes=5-1", 0, 0}, Row{"bytes=-", 0, 0}, Row{"bytes=a-b", 0, 0},
          Row{"lines=1-2", 0, 0}, Row{"bytes=+1-2", 0, 0}, Row{"bytes=99999999999999999999-", 0, 0}}) {
        const auto range = read_byte_range(row.header, 1000);
        EXPECT_TRUE(range.can_be_met) << row.header;
        ASSERT_EQ(range.part.has_value(), row.begin != row.end) << row.header;
        if (range.part) {
            EXPECT_EQ(range.part->begin, row.begin) << row.header;
            EXPECT_EQ(range.part->end, row.end) << row.header;
        }
    }
    EXPECT_FALSE(read_byte_range("bytes=1000-", 1000).can_be_met);
    EXPECT_FALSE(read_byte_range("bytes=-0", 1000).can_be_met);
    EXPECT_FALSE(read_byte_range("bytes=-5", 0).can_be_met);
    EXPECT_FALSE(read_byte_range("bytes=0-", 0).can_be_met);
}

TEST(QueryNumbers, AreReadAsTheyAreWritten) {
    EXPECT_EQ(read_time("1764417600123"), 1764417600123);
    EXPECT_EQ(read_time("2025-11-29T12:00:00.123Z"), 1764417600123);
    for (const char* const text : {"", "-1", "2025-13-29T12:00:00.123Z", "2025-02-30T12:00:00.123Z",
                                   "2025-11-29T24:00:00.123Z", "2025-11-29 12:00:00.123Z", "2025-11-29",
                                   "1969-12-31T23:59:59.999Z", "1 OR 1=1", "99999999999999999999"}) {
        EXPECT_EQ(read_time(text), std::nullopt) << text;
    }
    const HttpTarget target{"/", {{"limit", "7"}, {"large", "70"}, {"none", "x"}}};
    EXPECT_EQ(*number_in_query(target, "limit", 5, 1, 10), 7);
    EXPECT_EQ(*number_in_query(target, "other", 5, 1, 10), 5);
    EXPECT_EQ(number_in_query(target, "large", 5, 1, 10).error().status, 400);
    EXPECT_THAT(number_in_query(target, "none", 5, 1, 10).error().message,
                HasSubstr("none: is no number of 1 to 10"));
}

TEST(HttpTarget, ReadsForms) {
    const auto form = read_form("Status=completed&Url=http%3A%2F%2Fx%2F&a=b+c&&empty");
    ASSERT_TRUE(form);
    ASSERT_EQ(form->size(), 4U);
    EXPECT_EQ((*form)[1].second, "http://x/");
    EXPECT_EQ((*form)[2].second, "b c");
    EXPECT_EQ((*form)[3].second, "");
    std::string many;
    for (std::size_t i = 0; i <= max_query_keys; ++i) {
        many += "k" + std::to_string(i) + "=v&";
    }
    EXPECT_FALSE(read_form(many));
}

TEST(Authorization, ReadsItsTwoSchemes) {
    EXPECT_EQ(read_bearer("Bearer abc"), "abc");
    EXPECT_EQ(read_bearer("bEARER   abc"), "abc");
    for (const std::string& header :
         {std::string("Bearer"), std::string("Bearer "), std::string("Bearer a b"), std::string("Basic abc"),
          std::string("Bearerabc"), std::string("abc"), std::string(), "Bearer " + std::string(257, 'a')}) {
        EXPECT_EQ(read_bearer(header), std::nullopt) << header;
    }
    const auto basic = read_basic("Basic QUMxOnRva2Vu"); // AC1:token
    ASSERT_TRUE(basic);
    EXPECT_EQ(basic->user, "AC1");
    EXPECT_EQ(basic->password, "token");
    for (const char* const header :
         {"Basic", "Basic !!!", "Basic QUMx", "Basic QUMxOg==", "Bearer QUMxOnRva2Vu"}) {
        EXPECT_FALSE(read_basic(header)) << header;
    }
}

TEST(FailedTries, AreCountedByAddressAndMinute) {
    FailedTries tries;
    FailedTries::Clock::time_point now{};
    for (int i = 0; i < FailedTries::most; ++i) {
        EXPECT_EQ(tries.note("192.0.2.1", now).count(), 0);
    }
    EXPECT_EQ(tries.note("192.0.2.1", now + std::chrono::seconds(10)).count(), 50);
    EXPECT_EQ(tries.note("192.0.2.2", now).count(), 0);
    EXPECT_EQ(tries.note("192.0.2.1", now + std::chrono::seconds(60)).count(), 0);
}

TEST(ApiLog, HasABound) {
    std::vector<std::string> said;
    const auto log = bounded_log([&said](const ApiLogLine& line) { said.push_back(line.message); }, 2);
    for (int i = 0; i < 5; ++i) {
        log({true, "http.refused", "w" + std::to_string(i)});
        log({false, "http.served", "d" + std::to_string(i)});
    }
    EXPECT_THAT(said, ElementsAre("w0", "d0", "w1", "d1", "d2", "d3", "d4"));
}

TEST(RouteTable, FindsAPathByItsParts) {
    const auto transfer = find_route("POST", "/api/v2/calls/a b/transfer");
    ASSERT_NE(transfer.route, nullptr);
    EXPECT_EQ(transfer.route->operation, "transferCall");
    EXPECT_THAT(transfer.names, ElementsAre("a b"));
    EXPECT_EQ(find_route("HEAD", "/healthz").route->operation, "getHealth");
    EXPECT_EQ(find_route("GET", "/api/v2/calls/concurrency").route->operation, "getConcurrency");
    const auto start = find_route("GET", "/api/v2/calls/start");
    EXPECT_EQ(start.route, nullptr) << "no call has this id";
    EXPECT_EQ(start.allowed, "POST, OPTIONS");
    EXPECT_EQ(find_route("PUT", "/api/v2/calls/c1").allowed, "GET, HEAD, DELETE, OPTIONS");
    const auto twilio = find_route("POST", "/2010-04-01/Accounts/AC1/Calls/CA2.json");
    ASSERT_NE(twilio.route, nullptr);
    EXPECT_THAT(twilio.names, ElementsAre("AC1", "CA2"));
    for (const char* const path :
         {"/api/v2/calls/", "/api/v2/calls//transfer", "/api", "//", "",
          "/2010-04-01/Accounts/AC1/Calls/.json", "/API/v2/calls", "/healthz/", "/page/a/b"}) {
        EXPECT_EQ(find_route("GET", path).allowed, "") << path;
    }
}

TEST(JsonAnswer, NamesThePlaceOfWhatIsWrong) {
    HttpRequest request;
    request.content_type = "Application/JSON ; charset=utf-8";
    request.body = R"({"to":"+1","too":1})";
    EXPECT_EQ(read_body(request, "to").error().code, "unknown_key");
    EXPECT_THAT(read_body(request, "to").error().message, HasSubstr("/too"));
    request.body = R"({"to":"+1"})";
    EXPECT_TRUE(read_body(request, "a to"));
    for (const char* const body : {"", "{", "[]", "1", R"({"to":1,"to":2})", "{\"to\":\"\xff\"}", "{} {}"}) {
        request.body = body;
        EXPECT_EQ(read_body(request, "to").error().code, "bad_json") << body;
    }
    request.body.clear();
    EXPECT_TRUE(read_body(request, "to", true));
    request.body = "{}";
    request.content_type = "text/plain";
    EXPECT_EQ(read_body(request, "to", true).error().status, 415);
}

TEST(TwilioForm, NamesACallByItsSession) {
    const std::string session = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
    EXPECT_EQ(sid_of_session(session), "CA1b4e28ba2fa141d2883f0016d3cca427");
    EXPECT_EQ(session_of_sid("CA1b4e28ba2fa141d2883f0016d3cca427"), session);
    for (const char* const sid :
         {"", "CA", "1b4e28ba2fa141d2883f0016d3cca427aa", "CA1B4e28ba2fa141d2883f0016d3cca427"}) {
        EXPECT_EQ(session_of_sid(sid), std::nullopt) << sid;
    }
}

TEST(CallTimeline, ShowsWhatTheLinesTell) {
    const auto timeline = timeline_of(
        {R"({"ev":"leg.changed","leg":"a","sample":0,"state":"answered"})",
         R"({"ev":"op.started","leg":"a","id":"s/1","sample":800,"op":"prompt","text":"Hello"})",
         R"({"ev":"op.completed","leg":"a","id":"s/1","sample":8000,"op":"prompt","start":800,"end":8000})",
         R"({"ev":"tone.completed","leg":"a","id":"b1/1","sample":9000,"i":0,"digit":"?","start":8200,"end":9000})",
         R"({"ev":"digit.heard","leg":"a","sample":12000,"digit":"5","start":11000,"end":12000})",
         R"({"ev":"intent","leg":"a","id":"t/1","sample":16000,"do":"dial","to":"+1555"})",
         R"({"ev":"leg.changed","leg":"b","sample":24000,"state":"answered"})", "no json",
         R"({"ev":"intent","leg":"a","sample":32000,"do":"bridge"})",
         R"({"ev":"leg.changed","leg":"a","sample":40000,"state":"ended"})"},
        "c1");
    EXPECT_EQ(timeline.title, "c1");
    EXPECT_DOUBLE_EQ(timeline.seconds, 5.0);
    ASSERT_EQ(timeline.lanes.size(), 2U);
    ASSERT_EQ(timeline.lanes[0].prompts.size(), 1U);
    EXPECT_EQ(timeline.lanes[0].prompts[0].text, "Hello");
    EXPECT_DOUBLE_EQ(timeline.lanes[0].prompts[0].begin_s, 0.1);
    ASSERT_EQ(timeline.lanes[0].keys.size(), 1U);
    EXPECT_EQ(timeline.lanes[0].keys[0].text, "?");
    std::vector<std::string> states;
    for (const auto& state : timeline.lanes[1].states) {
        states.push_back(state.text);
    }
    EXPECT_THAT(states, ElementsAre("dialled", "answered", "connected"));
    CallEvents events;
    events.add(R"({"ev":"leg.changed","leg":"a","sample":8000,"state":"<ended>"})");
    const auto picture = draw_call(events, "c1 <&>");
    ASSERT_TRUE(picture);
    EXPECT_THAT(*picture, HasSubstr("<svg"));
}

TEST(OpenApi, NamesEachRouteOnceWithWhatExists) {
    const Json document = open_api("1.2.3");
    std::set<std::string> operations;
    for (const Route& route : route_table()) {
        EXPECT_TRUE(operations.insert(std::string(route.operation)).second) << route.operation;
    }
    const std::string text = document.dump();
    constexpr std::string_view reference = "#/components/schemas/";
    for (auto at = text.find(reference); at != std::string::npos; at = text.find(reference, at + 1)) {
        const auto begin = at + reference.size();
        const auto name = text.substr(begin, text.find('"', begin) - begin);
        EXPECT_TRUE(document["components"]["schemas"].contains(name)) << name;
    }
    EXPECT_EQ(document["info"]["version"], "1.2.3");
}

} // namespace
} // namespace keytone::server
