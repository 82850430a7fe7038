// SPDX-License-Identifier: MIT
//
// Requests that two readers could read in two ways, that are slow, or large: a running service reads each in
// one way, and answers others meanwhile.
#include "tests/support/api_service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using Clock = std::chrono::steady_clock;

TEST(RequestSecurity, ReadsEachPathInOneWay) {
    ApiService service("");
    const std::string token = service.bearer();
    const std::string long_path = "/" + std::string(20'000, 'a');
    for (const std::string& target :
         std::vector<std::string>{"/page/../api/v2/agents",
                                  "/page/%2e%2e/api/v2/agents",
                                  "/page/..%2fapi%2fv2%2fagents",
                                  "/page/%2e%2e%2f%2e%2e%2fetc/passwd",
                                  "/page/..\\..\\etc\\passwd",
                                  "/page/main.js%00.css",
                                  "/page/main.js/../../api/v2/agents",
                                  "/page/./main.js",
                                  "/page//etc/passwd",
                                  "//api/v2/agents",
                                  "/api//v2/agents",
                                  "/api/v2/agents/",
                                  "/api/v2/agents%00",
                                  "/api/v2/agents%0d%0aX: y",
                                  "/API/V2/AGENTS",
                                  "/api/v2/agents;x=1",
                                  "/api/v2%2fagents",
                                  "/healthz/../api/v2/agents",
                                  "/healthz/..;/api/v2/agents",
                                  "/recordings/../keytone.db",
                                  "/recordings/%2e%2e%2fstore.db",
                                  "/recordings/..%5cstore.db.wav",
                                  "/recordings/.wav?expires=9999999999&signature=0",
                                  "/page/%c0%ae%c0%ae/etc/passwd",
                                  "/page/%uff0e%uff0e/",
                                  "/page/%",
                                  "/page/%2",
                                  "/page/%zz",
                                  "api/v2/agents",
                                  "*",
                                  "http://localhost/page/../api/v2/agents",
                                  "ftp://localhost/api/v2/agents",
                                  "http:///api/v2/agents",
                                  "javascript:alert(1)",
                                  "/page/\x01",
                                  "/page/\xff",
                                  long_path}) {
        SCOPED_TRACE(target.substr(0, 80));
        const auto open = service.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        EXPECT_THAT(open.status, AnyOf(400, 401, 403, 404, 405, 414, 429, 431)) << open.body;
        const auto let_in =
            service.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + token + "\r\n");
        EXPECT_THAT(let_in.status, AnyOf(400, 403, 404, 405, 414, 431)) << let_in.body;
        for (const auto& answer : {open, let_in}) {
            EXPECT_THAT(answer.body, Not(HasSubstr("root:")));
            EXPECT_THAT(answer.body, Not(HasSubstr("SQLite format")));
            EXPECT_THAT(answer.head, Not(HasSubstr("\r\nX: y")));
        }
    }
    for (const char* const target :
         {"http://localhost/api/v2/agents", "http://elsewhere.example/api/v2/agents", "/%61pi/v2/agents"}) {
        EXPECT_THAT(service.raw(ApiService::request("GET", target)).status, AnyOf(401, 429)) << target;
    }
    service.end();
}

TEST(RequestSecurity, ReadsEachRequestInOneWay) {
    ApiService service("");
    const std::string host = "Host: localhost\r\n";
    const std::string hidden = "GET /healthz HTTP/1.1\r\n" + host + "\r\n";
    const std::string token = service.bearer();
    const std::string put = "PUT /api/v2/agent/x HTTP/1.1\r\n";
    const std::string type = "Content-Type: application/json\r\n";
    for (const std::string& request : std::vector<std::string>{
             put + host + token + type + "Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}" + hidden,
             put + host + token + type + "Content-Length: 2, 2\r\n\r\n{}" + hidden,
             put + host + token + type + "Content-Length: +2\r\n\r\n{}" + hidden,
             put + host + token + type + "Content-Length: 0x2\r\n\r\n{}" + hidden,
             put + host + token + type + "Content-Length: -2\r\n\r\n{}" + hidden,
             put + host + token + type + "Content-Length: 18446744073709551618\r\n\r\n{}" + hidden,
             put + host + token + type + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                 hidden,
             put + host + token + type + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + hidden,
             put + host + token + type + "Transfer-Encoding: x\r\n\r\n" + hidden,
             put + host + token + type + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden,
             "GET /healthz HTTP/1.1\r\n\r\n" + hidden,
             "GET /healthz HTTP/1.1\r\n" + host + "Host: other\r\n\r\n" + hidden,
             "GET /healthz HTTP/1.1\r\n" + host + "X-A: a\rX-B: b\r\n\r\n" + hidden,
             std::string("GET /healthz HTTP/1.1\r\n") + host + "X-A: a" + '\0' + "b\r\n\r\n" + hidden,
             "GET /healthz HTTP/1.1\r\n" + host + "X A: a\r\n\r\n" + hidden,
             "GET /healthz HTTP/1.1\r\n" + host + ": a\r\n\r\n" + hidden,
             "GET /healthz HTTP/1.1\r\n " + host + "\r\n" + hidden,
             "GET  /healthz HTTP/1.1\r\n" + host + "\r\n" + hidden,
             "GET /healthz HTTP/2.0\r\n" + host + "\r\n" + hidden,
             "GET /healthz\r\n\r\n" + hidden,
             "G\x01T /healthz HTTP/1.1\r\n" + host + "\r\n" + hidden,
             "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + hidden,
             std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8) + hidden}) {
        HttpClient client(service.port());
        const auto answer = client.ask(request);
        EXPECT_THAT(answer.status, AnyOf(400, 431, 505)) << request;
        EXPECT_TRUE(client.is_closed()) << "what follows was read as another request: " << request;
    }
    // Whose host is asked for is nobody's matter here, and comes back in no answer.
    for (const char* const name : {"evil.example", "localhost:99999", "[::1]", "", "a b", "\"><script>"}) {
        const auto answer = service.raw(std::string("GET / HTTP/1.1\r\nHost: ") + name + "\r\n\r\n");
        EXPECT_THAT(answer.status, AnyOf(200, 400)) << name;
        EXPECT_THAT(answer.head, Not(HasSubstr("evil")));
        EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "");
        EXPECT_EQ(answer.header("Set-Cookie"), "");
    }
    service.end();
}

// As many as there may be from the loopback less a few: the others are answered at once all the same.
TEST(RequestSecurity, IsKeptFromNobodyBySlowAndLargeRequests) {
    ApiService service("");
    constexpr std::size_t slow = 400;
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (std::size_t i = 0; i < slow; ++i) {
        clients.push_back(std::make_unique<HttpClient>(service.port()));
        ASSERT_TRUE(clients.back()->is_connected());
        clients.back()->send(i % 2 == 0 ? "GET /heal"
                                        : "PUT /api/v2/agent/x HTTP/1.1\r\nHost: x\r\nContent-Le");
    }
    const auto begin = Clock::now();
    EXPECT_EQ(service.ask("GET", "/api/v2/agents").status, 200);
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(2));
    const std::string put = "PUT /api/v2/agent/x HTTP/1.1\r\nHost: x\r\n" + service.bearer();
    const std::string kilobyte(1024, 'x');
    EXPECT_EQ(service.raw(put + "Content-Length: 99999999999\r\n\r\n").status, 413);
    EXPECT_EQ(service.ask("PUT", "/api/v2/agent/x", std::string(65 * 1024, ' ')).status, 413);
    std::string chunks = put + "Transfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 200; ++i) {
        chunks += "400\r\n" + kilobyte + "\r\n";
    }
    EXPECT_EQ(service.raw(chunks).status, 413);
    std::string headers = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 20; ++i) {
        headers += "X-" + std::to_string(i) + ": " + kilobyte + "\r\n";
    }
    EXPECT_EQ(service.raw(headers).status, 431);
    EXPECT_EQ(service.raw("GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n").status, 431);
    EXPECT_EQ(service.ask("PUT", "/api/v2/agent/x", std::string(60'000, '[')).status, 400);
    EXPECT_EQ(service.ask("GET", "/api/v2/agent/x").status, 404);
    clients.clear();
    service.end();
}

} // namespace
} // namespace keytone::test
