// SPDX-License-Identifier: MIT
//
// Whom a service calls: by the API's calls/start, by its transfer, and by the agent's function, nobody but
// whom dial.allow lists, in whatever spelling; and nobody to whom a phone redirects.
#include "tests/support/api_service.hpp"
#include "tests/support/bare_phone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace keytone::test {
namespace {

using testing::Each;
using testing::SizeIs;
using testing::StartsWith;

/// Targets outside dial.allow = ["+1530", "sip:pbx.example"]. `@STRANGER@` is a phone that nobody may call.
std::vector<std::string> outside(const BarePhone& stranger) {
    std::vector<std::string> targets{
        "+14155551234",
        "+1 415 555 1234",
        " +14155551234",
        "+14155551234 ",
        "%2B14155551234",
        "%2b15303195426",
        "+%31%35303195426",
        "++15303195426",
        "+1531",
        "+153",
        "1530",
        "15303195426",
        "015303195426",
        "0015303195426",
        "01115303195426",
        "\u200B+15303195426",
        "\uFF0B15303195426",
        "+\u0661\u0665\u0663\u0660\u0663\u0661\u0669\u0665\u0664\u0662\u0666", // Arabic digits
        "+\uFF11\uFF15\uFF13\uFF10\uFF13\uFF11\uFF19\uFF15\uFF14\uFF12\uFF16", // wide ones
        "+1530\u00B2195426",
        "+15303195426,14155551234",
        "+15303195426;phone-context=evil.example",
        "+15303195426&+14155551234",
        "+15303195426\r\n+14155551234",
        "+15303195426@@STRANGER@",
        "+1530@@STRANGER@",
        "+1530;x@@STRANGER@",
        "+15303195426%40@STRANGER@",
        "tel:+15303195426",
        "tel:+14155551234",
        "tel:5426;phone-context=+1530319",
        "tel:+15303195426;phone-context=@STRANGER@",
        "TEL:+14155551234",
        "sip:+15303195426@@STRANGER@",
        "sip:x@@STRANGER@",
        "SIP:x@@STRANGER@",
        "sips:x@@STRANGER@",
        "sip:@STRANGER@",
        "sip:x@@STRANGER@;transport=tcp",
        "sip:x@@STRANGER@;maddr=127.0.0.1",
        "sip:x@@STRANGER@?Route=%3Csip:pbx.example%3E",
        "sip:x@pbx.example?Route=%3Csip:@STRANGER@;lr%3E",
        "sip:x@pbx.example;maddr=127.0.0.1",
        "sip:x@pbx.example@@STRANGER@",
        "sip:x:pbx.example@@STRANGER@",
        "sip:x%40pbx.example@@STRANGER@",
        "sip:pbx.example;x@@STRANGER@",
        "sip:x@@STRANGER@#@pbx.example",
        "sip:x@@STRANGER@\\@pbx.example",
        "sip:x@evil.pbx.example",
        "sip:x@pbx.example.evil",
        "sip:x@pbx.example%00.@STRANGER@",
        "sip:x@[::1]",
        "sip:x@127.1",
        "sip:x@0x7f000001",
        "sip:x@2130706433",
        "<sip:x@@STRANGER@>",
        "\"a\" <sip:x@@STRANGER@>",
        "sip:x@pbx.example, sip:x@@STRANGER@",
        "x@@STRANGER@",
        "pbx.example",
        "http://@STRANGER@/",
        "+19005551234",
        "+18815551234",
        "+881612345678",
        "+87077312345",
        "+97912345678",
        "+1900",
        "sip:+19005551234@pbx.example",
        "sip:+881612345678@pbx.example",
        "",
        "+",
        "sip:",
        "*",
        "+1530*",
        "+1530_319_5426",
        "+1530/3195426",
        "+1530319542%00",
    };
    const std::string place = on_loopback(stranger.port());
    for (std::string& target : targets) {
        for (auto at = target.find("@STRANGER@"); at != std::string::npos; at = target.find("@STRANGER@")) {
            target.replace(at, std::string("@STRANGER@").size(), place);
        }
    }
    return targets;
}

TEST_F(LiveAgent, MayHaveNobodyCalledWhoIsNotListed) {
    Agent agent(agent_port_, "keytone", "waits");
    const BarePhone stranger;
    const BarePhone phone("302 Moved Temporarily",
                          "Contact: <sip:x@" + on_loopback(stranger.port()) + ">\r\n");
    ApiService service(
        "trunk = \"" + on_loopback(phone.port()) + "\"\n[dial]\nallow = [\"+1530\", \"sip:pbx.example\"]\n",
        "[agent]\nurl = \"ws://" + on_loopback(agent_port_) + "/\"\n" + std::string(may_transfer));
    EXPECT_EQ(service.data("PUT", "/api/v2/agent/ann", R"({"agentUrl":"ws://127.0.0.1:9/","answer_after":0})")
                  .at("id"),
              "ann");
    LiveServer caller(LiveServer::calling(service.service().port()), stays(60));
    const std::string call = service.call_in("in_progress");
    ASSERT_NE(call, "");
    const std::string path = "/api/v2/calls/" + call;
    const auto function = [&](const std::string& id, const json& arguments) {
        const json body{{"type", "based_call"}, {"id", id}, {"name", "transfer"}, {"args", arguments}};
        return service.ask("POST", path + "/functions", body.dump());
    };
    int id = 0;
    for (const std::string& target : outside(stranger)) {
        SCOPED_TRACE(target);
        const auto started = service.ask("POST", "/api/v2/calls/start",
                                         json{{"agent_id", "ann"}, {"to_number", target}}.dump());
        EXPECT_TRUE(started.status == 400 || started.status == 403) << started.body;
        const auto handed = service.ask("POST", path + "/transfer", json{{"to", target}}.dump());
        EXPECT_TRUE(handed.status == 400 || handed.status == 403) << handed.body;
        for (const json& more : {json::object(), json{{"sipDomain", on_loopback(stranger.port())}}}) {
            const auto asked = function("t" + std::to_string(id++), json::array({target, more}));
            EXPECT_TRUE(asked.status == 400 || asked.status == 422) << asked.body;
        }
    }
    // In a domain that is listed a dear number is no less dear.
    for (const char* const dear : {"+19005551234", "+881612345678", "+449098790000"}) {
        const auto asked =
            function("t" + std::to_string(id++), json::array({dear, {{"sipDomain", "pbx.example"}}}));
        EXPECT_EQ(asked.status, 422) << asked.body;
    }
    EXPECT_THAT(phone.messages(), SizeIs(0));
    // Whoever is listed is called: all before would have been there by now.
    EXPECT_EQ(
        service.ask("POST", "/api/v2/calls/start", R"({"agent_id":"ann","to_number":"+15303195426"})").status,
        200);
    ASSERT_TRUE(phone.is_called(1));
    EXPECT_EQ(function("last", json::array({"+15303195426"})).status, 200);
    ASSERT_TRUE(phone.is_called(2));
    EXPECT_TRUE(service.service().says("action.failed")) << service.service().process().errors();
    EXPECT_EQ(service.ask("POST", path + "/transfer", R"({"to":"+15303195426"})").status, 200);
    ASSERT_TRUE(phone.is_called(3));
    service.end();
    EXPECT_THAT(phone.calls(), Each(StartsWith("INVITE sip:+15303195426@" + on_loopback(phone.port()))));
    EXPECT_THAT(phone.calls(), SizeIs(3));
    EXPECT_THAT(stranger.messages(), SizeIs(0)) << "somebody was called who was not listed";
    static_cast<void>(caller.exit_code());
}

} // namespace
} // namespace keytone::test
