// SPDX-License-Identifier: MIT
//
// What nobody may do to a service by its API: come in without a token, find a call that they were not told
// of, have it call private addresses, or trick its signatures.
#include "tests/support/api_service.hpp"
#include "tests/support/bare_phone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using Clock = std::chrono::steady_clock;

/// A session that is no call's.
constexpr const char* nobody = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";

std::string filled(std::string path, const std::string& id) {
    for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at + id.size())) {
        path.replace(at, path.find('}', at) + 1 - at, id);
    }
    return path;
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

/// The routes that need a token, as `/openapi.json` has them: method and path.
std::vector<std::pair<std::string, std::string>> guarded_routes(const ApiService& service) {
    const json document = json::parse(service.raw(ApiService::request("GET", "/openapi.json")).body);
    std::vector<std::pair<std::string, std::string>> routes;
    for (const auto& [path, methods] : document.at("paths").items()) {
        for (const auto& [method, operation] : methods.items()) {
            if (path.starts_with("/api/") || path.starts_with("/2010") || path == "/metrics") {
                routes.emplace_back(upper(method), path);
            }
        }
    }
    EXPECT_GE(routes.size(), 25U);
    return routes;
}

TEST(ApiSecurity, LetsNobodyInWithoutAToken) {
    ApiService service("");
    const std::string& token = service.token();
    std::string near = token;
    near.back() = near.back() == '0' ? '1' : '0';
    const std::vector<std::string> credentials{"",
                                               "Authorization: Bearer " + near + "\r\n",
                                               "Authorization: Bearer " + token.substr(0, 71) + "\r\n",
                                               "Authorization: Bearer " + token + "0\r\n",
                                               "Authorization: Bearer " + upper(token) + "\r\n",
                                               "Authorization: Bearer " + token + " x\r\n",
                                               "Authorization: Bearer \"" + token + "\"\r\n",
                                               "Authorization: Token " + token + "\r\n",
                                               "Authorization: " + token + "\r\n",
                                               "Authorization: Basic " + token + "\r\n",
                                               "Cookie: token=" + token + "\r\n",
                                               "X-Api-Key: " + token + "\r\n",
                                               "Proxy-Authorization: Bearer " + token + "\r\n",
                                               "Authorization: Bearer ' OR '1'='1\r\n"};
    for (const auto& [method, path] : guarded_routes(service)) {
        for (const std::string& given : credentials) {
            const auto answer = service.raw(ApiService::request(
                method, filled(path, nobody) + "?token=" + token + "&access_token=" + token, "{}", given));
            EXPECT_THAT(answer.status, AnyOf(401, 429)) << method << " " << path << " " << given;
            EXPECT_THAT(answer.body, Not(HasSubstr(token)));
        }
    }
    EXPECT_EQ(service.ask("GET", "/api/v2/agents").status, 200) << "whoever guesses locks nobody out";
    EXPECT_THAT(service.service().process().errors(), Not(HasSubstr(token)));
    service.end();
}

TEST(ApiSecurity, ForgetsARevokedTokenWithinTwoSeconds) {
    ApiService service("");
    const std::string bob = service.store().command({"token", "create", "bob"});
    const std::string request =
        ApiService::request("GET", "/api/v2/agents", "", "Authorization: Bearer " + bob + "\r\n");
    HttpClient kept(service.port()); // A connection that has been let in is no exception.
    ASSERT_EQ(kept.ask(request).status, 200);
    service.store().command({"token", "revoke", "bob"});
    const auto revoked = Clock::now();
    while (kept.ask(request).status == 200 && Clock::now() < revoked + std::chrono::seconds(10)) {
        poll(nullptr, 0, 10);
    }
    EXPECT_LE(Clock::now() - revoked, std::chrono::seconds(2));
    EXPECT_EQ(service.raw(request).status, 401);
    EXPECT_EQ(service.ask("GET", "/api/v2/agents").status, 200);
    service.end();
}

// Wrong tokens take as long as each other, however much of the right one they have. By ranks, in which a
// single slow answer counts as any other; the bound is more than seven times what chance makes of them.
TEST(ApiSecurity, TakesAsLongForAnyWrongToken) {
    ApiService service("");
    const std::string& token = service.token();
    constexpr std::size_t tries = 1000;
    std::mt19937 random(1);
    const auto wrong = [&](std::size_t shared) {
        std::string text = token.substr(0, shared);
        while (text.size() < token.size()) {
            text += "0123456789abcdef"[random() % 16];
        }
        return ApiService::request("GET", "/api/v2/agents", "", "Authorization: Bearer " + text + "\r\n");
    };
    HttpClient client(service.port());
    struct Try {
        Clock::duration took;
        bool is_near;
    };
    std::vector<Try> all;
    std::vector<bool> order(2 * tries);
    std::fill_n(order.begin(), tries, true);
    std::shuffle(order.begin(), order.end(), random);
    for (const bool is_near : order) {
        const std::string request = wrong(is_near ? token.size() - 2 : 0);
        const auto begin = Clock::now();
        const int status = client.ask(request).status;
        all.push_back({Clock::now() - begin, is_near});
        ASSERT_THAT(status, AnyOf(401, 429, 200));
    }
    std::ranges::sort(all, {}, &Try::took);
    double greater = 0; // Pairs in which the near one took longer: half of them, by chance.
    std::size_t far = 0;
    for (const Try& each : all) {
        greater += each.is_near ? static_cast<double>(far) : 0.0;
        far += each.is_near ? 0 : 1;
    }
    const double share = greater / static_cast<double>(tries * tries);
    RecordProperty("share", std::to_string(share));
    EXPECT_NEAR(share, 0.5, 0.1);
    service.end();
}

TEST(ApiSecurity, CallsNoPrivateAddressByWebhooks) {
    ApiService service("");
    for (const char* const url : {"http://example.com/",
                                  "http://127.0.0.1/",
                                  "https://127.0.0.1/",
                                  "https://127.1/",
                                  "https://0x7f000001/",
                                  "https://2130706433/",
                                  "https://017700000001/",
                                  "https://0/",
                                  "https://localhost/",
                                  "https://LOCALHOST/",
                                  "https://localhost./",
                                  "https://a.localhost/",
                                  "https://127.0.0.1./",
                                  "https://[::1]/",
                                  "https://[::]/",
                                  "https://[::ffff:127.0.0.1]/",
                                  "https://[::ffff:a00:1]/",
                                  "https://[fe80::1]/",
                                  "https://[fe80::1%25lo]/",
                                  "https://[fd00::1]/",
                                  "https://[64:ff9b::7f00:1]/",
                                  "https://[2002:7f00:1::]/",
                                  "https://10.0.0.1/",
                                  "https://172.16.0.1/",
                                  "https://192.168.1.1/",
                                  "https://169.254.169.254/latest/meta-data",
                                  "https://100.64.0.1/",
                                  "https://224.0.0.1/",
                                  "https://255.255.255.255/",
                                  "https://user:word@example.com/",
                                  "https://example.com@127.0.0.1/",
                                  "https://127.0.0.1#@example.com",
                                  "https://127.0.0.1\\@example.com/",
                                  "file:///etc/passwd",
                                  "gopher://example.com/",
                                  "//example.com/",
                                  "https://",
                                  "javascript:alert(1)",
                                  "https://example.com/\r\nX-Injected: yes",
                                  "https://example.com/ HTTP/1.1",
                                  "https://exa\tmple.com/"}) {
        const json body{{"label", "evil"}, {"url", url}};
        EXPECT_EQ(service.ask("POST", "/api/v2/config/webhooks", body.dump()).status, 400) << url;
        const json put{{"webhook_url", url}};
        EXPECT_EQ(service.ask("PUT", "/api/v2/config/webhook", put.dump()).status, 400) << url;
    }
    EXPECT_THAT(service.data("GET", "/api/v2/config/webhooks").at("webhooks"), testing::SizeIs(1))
        << "the test's own alone";
    service.end();
}

TEST_F(LiveAgent, KeepsCallsAndRecordingsFromWhoWasNotToldOfThem) {
    Agent agent(agent_port_, "keytone", "waits");
    const TemporaryFolder folder;
    ApiService service("", "[recordings]\npath = \"" + folder.path().string() + "\"\n[agent]\nurl = \"ws://" +
                               on_loopback(agent_port_) + "/\"\n");
    std::vector<std::string> urls;
    for (int i = 0; i < 2; ++i) {
        LiveServer caller(LiveServer::calling(service.service().port()), stays(1));
        EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors();
    }
    std::vector<std::string> sessions;
    const auto deadline = Clock::now() + std::chrono::seconds(15);
    for (std::size_t ended = 0; ended < 2 && Clock::now() < deadline; poll(nullptr, 0, 50)) {
        ended = service.data("GET", "/api/v2/calls?state=ended").at("calls").size();
    }
    const json all = service.data("GET", "/api/v2/calls");
    for (const json& call : all.at("calls")) {
        sessions.push_back(call.at("session_id"));
        std::string url =
            service.data("GET", "/api/v2/calls/" + sessions.back() + "/recording-url").at("recording_url");
        urls.push_back(url.substr(url.find("/recordings/")));
    }
    ASSERT_EQ(urls.size(), 2U);
    const auto status = [&](const std::string& url) {
        return service.raw(ApiService::request("GET", url)).status;
    };
    EXPECT_EQ(status(urls[0]), 200);
    EXPECT_EQ(status(urls[0]), 200) << "a URL may be used again until it expires";
    const auto question = urls[0].find('?');
    EXPECT_EQ(status(urls[1].substr(0, question) + urls[0].substr(question)), 403)
        << "for another's recording";
    for (std::size_t at = urls[0].find("expires="); at < urls[0].size(); ++at) {
        std::string edited = urls[0];
        edited[at] = edited[at] == '1' ? '2' : '1';
        if (edited[at] != urls[0][at]) {
            EXPECT_THAT(status(edited), AnyOf(400, 403)) << edited;
        }
    }
    for (const char* const more : {"0", "%00", "%20", "&expires=9999999999", "&signature=0", "%0d%0a"}) {
        EXPECT_NE(status(urls[0] + more), 200) << more;
    }
    EXPECT_EQ(status(urls[0].substr(0, question)), 403);
    EXPECT_EQ(status(urls[0].substr(0, question) + "?expires=9999999999&signature="), 403);
    // Names beside those of calls.
    const std::string sid = "CA" + std::string(32, '0');
    for (std::string id : {std::string(nobody), sessions[0].substr(0, 35), sessions[0] + "0",
                           upper(sessions[0]), sessions[0].substr(0, 30) + "%25", std::string("%2a"), sid}) {
        if (id == sessions[0]) {
            continue; // Without a letter.
        }
        for (const auto& [method, path] : guarded_routes(service)) {
            if (path.find("calls/{id}") != std::string::npos) {
                const bool functions = path.ends_with("functions") || path.ends_with("transfer");
                EXPECT_EQ(service
                              .ask(method, filled(path, id), functions ? "{}" : "",
                                   "Upgrade: websocket\r\nConnection: upgrade\r\n")
                              .status,
                          404)
                    << method << " " << path << " " << id;
            }
        }
    }
    service.end();
}

} // namespace
} // namespace keytone::test
