// SPDX-License-Identifier: MIT
//
// Texts that are SQL, header lines, SIP, HTML or no UTF-8, in every field of every route, and in functions on
// a live call: the store stays sound, and the phone gets no header that is not ours.
#include "tests/support/api_service.hpp"
#include "tests/support/bare_phone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* number = "+15303195426";

const std::vector<std::string>& nasty() {
    static const std::vector<std::string> texts{
        "'; DROP TABLE calls; --",
        "' OR '1'='1",
        "x'); DELETE FROM tokens; --",
        "\" UNION SELECT hash FROM tokens --",
        "%' --",
        "x\r\nX-Injected: yes",
        "x\nX-Injected: yes\n\nINVITE sip:evil@127.0.0.1 SIP/2.0",
        "x\rX-Injected: yes",
        "x%0d%0aX-Injected: yes",
        "<sip:evil@127.0.0.1>;tag=1\r\n",
        "\"><script>alert(1)</script>",
        "\xE2\x80\xA8X-Injected: yes", // A line separator of Unicode.
        std::string("x\0y", 3),
        "${jndi:ldap://127.0.0.1/}",
        "../../../../etc/passwd",
        std::string(5000, 'A'),
    };
    return texts;
}

/// Neither names of headers that are not ours nor what follows them.
void expect_no_injection(const BarePhone& phone) {
    for (const std::string& message : phone.messages()) {
        EXPECT_TRUE(message.starts_with("INVITE sip:+15303195426@127.0.0.1:") ||
                    message.starts_with("ACK sip:+15303195426@127.0.0.1:") ||
                    message.starts_with("CANCEL sip:+15303195426@127.0.0.1:"))
            << message;
        std::istringstream lines(message.substr(0, message.find("\r\n\r\n")));
        for (std::string line; std::getline(lines, line);) {
            EXPECT_THAT(line, Not(testing::StartsWith("X-Injected"))) << message;
            EXPECT_EQ(line.find('\r'), line.size() - 1 == 0 ? 0 : line.find_last_of('\r')) << message;
            EXPECT_THAT(line, Not(HasSubstr("evil"))) << message;
        }
        EXPECT_EQ(message.find('\0'), std::string::npos) << message;
    }
}

/// One place of a route: `{id}`, a query key, a header, or a key of the body.
struct Place {
    std::string method;
    std::string path;
    std::string where; ///< As OpenAPI has it: path, query, header, body.
    std::string name;
};

std::string upper(std::string text) {
    for (char& c : text) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return text;
}

/// Every place of `/openapi.json` into which somebody may write.
std::vector<Place> all_places(const ApiService& service) {
    const json document = json::parse(service.raw(ApiService::request("GET", "/openapi.json")).body);
    std::vector<Place> places;
    for (const auto& [path, methods] : document.at("paths").items()) {
        for (const auto& [method, operation] : methods.items()) {
            const json parameters = operation.value("parameters", json::array());
            for (const json& parameter : parameters) {
                places.push_back({upper(method), path, parameter.at("in"), parameter.at("name")});
            }
            if (!operation.contains("requestBody")) {
                continue;
            }
            const json& content = operation.at("requestBody").at("content");
            const std::string reference = content.begin().value().at("schema").at("$ref");
            const json& schema =
                document.at("components").at("schemas").at(reference.substr(reference.rfind('/') + 1));
            const json properties = schema.value("properties", json::object());
            for (const auto& [key, value] : properties.items()) {
                places.push_back({upper(method), path, content.begin().key(), key});
            }
        }
    }
    EXPECT_GE(places.size(), 50U);
    return places;
}

HttpAnswer send(const ApiService& service, const Place& place, const std::string& text) {
    std::string path = place.path;
    for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at)) {
        const auto end = path.find('}', at);
        const bool is_it = place.where == "path" && path.substr(at + 1, end - at - 1) == place.name;
        path.replace(at, end + 1 - at, is_it ? percent_encoded(text) : "probe");
    }
    std::string headers = place.path.starts_with("/2010") ? "" : service.bearer();
    std::string body;
    if (place.where == "query") {
        path += "?" + place.name + "=" + percent_encoded(text);
    } else if (place.where == "header") {
        headers += place.name + ": " + text + "\r\n";
    } else if (place.where == "application/json") {
        json tree{{place.name, text}};
        if (place.path.ends_with("calls/start")) {
            tree = {{"agent_id", "ann"}, {"to_number", number}, {"variables", json::object()}};
            place.name == "variables" ? tree[place.name][text] = text : tree[place.name] = text;
        }
        body = tree.dump();
    } else if (place.where == "application/x-www-form-urlencoded") {
        body = place.name + "=" + percent_encoded(text);
        headers += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                   std::to_string(body.size()) + "\r\n\r\n" + body;
        return service.raw(ApiService::request(place.method, path, "", headers));
    }
    return service.raw(ApiService::request(place.method, path, body, headers));
}

TEST(Injection, ByTheApiReachesNeitherTheStoreNorSip) {
    const BarePhone phone;
    ApiService service("trunk = \"" + on_loopback(phone.port()) +
                       "\"\n[dial]\nallow = [\"+1530\"]\ncalls_per_minute = 10000\nmax_calls = 1000\n");
    EXPECT_EQ(service.data("PUT", "/api/v2/agent/ann", R"({"agentUrl":"ws://127.0.0.1:9/","answer_after":0})")
                  .at("id"),
              "ann");
    std::size_t asked = 0;
    std::size_t placed = 0;
    for (const Place& place : all_places(service)) {
        for (const std::string& text : nasty()) {
            const auto answer = send(service, place, text);
            ++asked;
            placed += answer.status == 200 && place.path.ends_with("calls/start") ? 1U : 0U;
            EXPECT_GE(answer.status, 200) << place.method << " " << place.path << " " << place.name;
            EXPECT_LT(answer.status, 500)
                << place.method << " " << place.path << " " << place.name << ": " << answer.body;
            EXPECT_THAT(answer.head, Not(HasSubstr("\r\nX-Injected"))) << place.path << " " << place.name;
            EXPECT_THAT(answer.body, Not(HasSubstr("sqlite"))) << place.path << " " << place.name;
        }
    }
    // What an agent's settings may hold is kept as it was written, and comes into no message.
    for (const std::string& text : {nasty()[0], nasty()[10], nasty()[13]}) {
        const json settings{
            {"name", text}, {"transferMessage", text}, {"message", text}, {"numbers", {"a'b"}}};
        EXPECT_EQ(service.data("PUT", "/api/v2/agent/ann", settings.dump()).at("name"), text);
        const json start{{"agent_id", "ann"}, {"to_number", number}, {"variables", {{text, text}}}};
        EXPECT_EQ(service.ask("POST", "/api/v2/calls/start", start.dump()).status, 200);
    }
    EXPECT_GE(placed, 10U) << "variables may be any text";
    EXPECT_TRUE(phone.is_called(3 + placed)) << placed << " and 3, but " << phone.calls().size();
    EXPECT_GE(asked, 800U);
    EXPECT_EQ(service.data("GET", "/api/v2/agents").at("agents").size(), 2U) << "ann and probe";
    service.end();
    expect_no_injection(phone);
    service.expect_sound_store();
}

TEST_F(LiveAgent, InjectsNothingByFunctions) {
    Agent agent(agent_port_, "keytone", "waits");
    const BarePhone phone;
    ApiService service("trunk = \"" + on_loopback(phone.port()) +
                           "\"\n[dial]\nallow = [\"+1530\", \"sip:" + on_loopback(phone.port()) + "\"]\n",
                       "[agent]\nurl = \"ws://" + on_loopback(agent_port_) + "/\"\n" +
                           std::string(may_transfer));
    LiveServer caller(LiveServer::calling(service.service().port()), stays(60));
    const std::string call = service.call_in("in_progress");
    ASSERT_NE(call, "");
    const auto asked = [&](const json& function) {
        return service.ask("POST", "/api/v2/calls/" + call + "/functions",
                           function.dump(-1, ' ', false, json::error_handler_t::replace));
    };
    int id = 0;
    for (const std::string& text : nasty()) {
        const json at_phone{{"sipDomain", on_loopback(phone.port())}};
        const auto with = [&](json more, const char* key) {
            more[key] = text;
            return json::array({"desk", more});
        };
        const std::vector<json> arguments{
            json::array({number, {{"extension", text}}}),
            json::array({text, at_phone}),
            json::array({text}),
            with(at_phone, "extension"),
            with(json::object(), "sipDomain"),
            with({{"sipDomain", on_loopback(phone.port())}, {"extension", "221"}}, "extension_header"),
            with({{"sipDomain", on_loopback(phone.port())}, {"extension", "221"}}, "extensionHeader"),
        };
        for (const json& each : arguments) {
            const auto answer = asked({{"type", "based_call"},
                                       {"id", "t" + std::to_string(id++)},
                                       {"name", "transfer"},
                                       {"args", each}});
            EXPECT_GE(answer.status, 400) << each << answer.body;
            EXPECT_LT(answer.status, 500) << each << answer.body;
        }
        for (const json& function :
             {json{{"type", "based_call"}, {"id", text}, {"name", "transfer"}, {"args", json::array({text})}},
              json{{"type", "based_call"}, {"id", "x"}, {"name", text}, {"args", json::array()}},
              json{{"type", text}, {"id", "x"}, {"name", "say"}, {"args", json::array({"x"})}},
              json{{"type", "based_call"}, {"id", "x"}, {"name", "click_ivr"}, {"args", json::array({text})}},
              json{{text, text}}}) {
            const auto answer = asked(function);
            EXPECT_GE(answer.status, 400) << function << answer.body;
            EXPECT_LT(answer.status, 500) << function << answer.body;
        }
    }
    EXPECT_EQ(phone.messages().size(), 0U) << "none of them was a transfer";
    // What is said before a transfer is no header.
    const auto last = asked({{"type", "based_call"},
                             {"id", "t"},
                             {"name", "transfer"},
                             {"args", json::array({number, {{"message", "x' X-Injected: yes"}}})}});
    EXPECT_EQ(last.status, 200) << last.body;
    EXPECT_TRUE(phone.is_called(1));
    service.end();
    expect_no_injection(phone);
    service.expect_sound_store();
    static_cast<void>(caller.exit_code());
}

} // namespace
} // namespace keytone::test
