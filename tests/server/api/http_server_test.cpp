// SPDX-License-Identifier: MIT
#include "server/api/http_server.hpp"
#include "tests/server/api/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;
using test::HttpAnswer;
using test::HttpClient;
using testing::HasSubstr;

/// A server that answers each request with what it was, and keeps the replies of /later.
class Echo {
  public:
    explicit Echo(HttpServerOptions options = {}) {
        options.address = "127.0.0.1";
        auto created = HttpServer::create(
            std::move(options),
            [this](HttpRequest request, HttpReply reply) { serve(std::move(request), std::move(reply)); },
            {});
        EXPECT_TRUE(created);
        server_ = *std::move(created);
    }

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    HttpAnswer ask(std::string_view bytes) const { return HttpClient(port()).ask(bytes); }
    void end() { server_.reset(); }
    std::vector<HttpReply> kept() {
        const std::lock_guard lock(mutex_);
        return std::exchange(kept_, {});
    }

  private:
    void serve(HttpRequest request, HttpReply reply) {
        if (request.target.path == "/later") {
            const std::lock_guard lock(mutex_);
            kept_.push_back(std::move(reply));
            return;
        }
        if (request.target.path == "/other-thread") {
            std::thread([reply = std::move(reply)] { reply({.body = "from another thread"}); }).detach();
            return;
        }
        if (request.target.path == "/pieces" || request.target.path == "/short") {
            HttpResponse response;
            if (request.target.path == "/short") {
                response.length = 100;
            }
            response.pieces = [left = 3]() mutable {
                --left;
                return HttpPiece{left == 1 ? "" : "piece" + std::to_string(left) + ";", left == 0};
            };
            return reply(std::move(response));
        }
        std::string query;
        for (const auto& [key, value] : request.target.query) {
            query += " " + key + "=" + value;
        }
        reply({.headers = {{"X-Echo", "a\r\nSet-Cookie: b"}},
               .body = request.method + " " + request.target.path + query + " [" + request.body + "]"});
    }

    std::mutex mutex_;
    std::vector<HttpReply> kept_;
    std::unique_ptr<HttpServer> server_;
};

std::string get(const std::string& target, const std::string& more = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n";
}

TEST(HttpServer, KeepsAConnectionAndServesWhatIsPipelinedInOrder) {
    Echo echo;
    HttpClient client(echo.port());
    client.send(get("/one") + "POST /two?a=%31&b=x+y HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody" +
                get("/other-thread") + "HEAD /four HTTP/1.1\r\nHost: x\r\n\r\n" +
                get("/five", "Connection: close\r\n"));
    const auto first = client.answer();
    EXPECT_EQ(first.body, "GET /one []");
    EXPECT_EQ(first.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(first.header("Set-Cookie"), "") << "a value ends no header";
    EXPECT_THAT(first.header("Date"), HasSubstr(" GMT"));
    EXPECT_EQ(client.answer().body, "POST /two a=1 b=x y [body]");
    EXPECT_EQ(client.answer().body, "from another thread");
    const auto head = client.answer(true);
    EXPECT_EQ(head.header("Content-Length"), "13");
    EXPECT_EQ(client.answer().body, "GET /five []");
    EXPECT_TRUE(client.is_closed());
}

TEST(HttpServer, SpeaksToOldClientsToo) {
    Echo echo;
    HttpClient client(echo.port());
    EXPECT_EQ(client.ask("GET /old HTTP/1.0\r\n\r\n").body, "GET /old []");
    EXPECT_TRUE(client.is_closed());
    HttpClient pieces(echo.port());
    EXPECT_EQ(pieces.ask("GET /pieces HTTP/1.0\r\n\r\n").body, "piece2;piece0;");
    HttpClient chunks(echo.port());
    EXPECT_EQ(chunks.ask(get("/pieces")).body, "piece2;piece0;");
    EXPECT_EQ(chunks.ask(get("/next")).body, "GET /next []");
    HttpClient cut(echo.port());
    EXPECT_EQ(cut.ask(get("/short")).body, "piece2;piece0;") << "and then it is closed: less than was said";
    EXPECT_TRUE(cut.is_closed());
}

TEST(HttpServer, TakesABodyInChunksAndAfterItHasSaidSo) {
    Echo echo;
    EXPECT_EQ(echo.ask("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                  .body,
              "POST / [abcde]");
    HttpClient client(echo.port());
    EXPECT_EQ(
        client.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n").status,
        100);
    EXPECT_EQ(client.ask("hi").body, "POST / [hi]");
}

TEST(HttpServer, RefusesWhatIsTooLargeAndSaysHowLargeItMayBe) {
    Echo echo;
    const std::string large(70'000, 'x');
    for (const std::string& request :
         {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n" + large,
          std::string("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999\r\n\r\n"),
          "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n" + large}) {
        const auto answer = echo.ask(request);
        EXPECT_EQ(answer.status, 413) << request.substr(0, 80);
        EXPECT_THAT(answer.body, HasSubstr("65536 bytes"));
        EXPECT_EQ(answer.header("Connection"), "close");
    }
    const std::string exact(65'536, 'x');
    EXPECT_EQ(echo.ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n" + exact).status, 200);
    EXPECT_EQ(echo.ask(get("/" + std::string(17'000, 'a'))).status, 431);
    EXPECT_EQ(echo.ask(get("/", "X: " + std::string(17'000, 'a') + "\r\n")).status, 431);
    std::string many;
    while (many.size() < 17'000) {
        many += "A: b\r\n";
    }
    EXPECT_EQ(echo.ask(get("/", many)).status, 431);
    EXPECT_EQ(echo.ask(get("/", many.substr(0, 15'000))).status, 200);
    const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string trailers;
    std::string comments;
    while (trailers.size() < 200'000) {
        trailers += many;
    }
    while (comments.size() < 200'000) {
        comments += "1;" + std::string(1000, 'c') + "\r\nx\r\n";
    }
    EXPECT_GE(echo.ask(chunked + "0\r\n" + trailers + "\r\n").status, 400) << "fields behind the chunks";
    EXPECT_GE(echo.ask(chunked + comments + "0\r\n\r\n").status, 400) << "words behind their sizes";
}

TEST(HttpServer, RefusesWhatTwoReadersCouldReadInTwoWays) {
    Echo echo;
    const std::string host = "Host: x\r\n";
    const std::string body = "\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const std::string& rest : {
             host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" + body,
             host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" + body,
             host + "Transfer-Encoding: xchunked\r\n" + body,
             host + "Transfer-Encoding: gzip, chunked\r\n" + body,
             host + "Transfer-Encoding: chunked, identity\r\n" + body,
             host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" + body,
             host + "Transfer-Encoding : chunked\r\n" + body,
             host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
             host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
             host + "Content-Length: +5\r\n\r\nabcde",
             host + "Content-Length: 0x5\r\n\r\nabcde",
             host + "Content-Length: 5, 5\r\n\r\nabcde",
             host + "Content-Length: -1\r\n\r\n",
             host + "Host: y\r\n\r\n",
             host + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
             host + "X: a\rb\r\n\r\n",
             host + std::string("X: a\0b\r\n\r\n", 10),
             host + " leading: space\r\n\r\n" + "\x01",
             host + "no colon\r\n\r\n",
             std::string("\r\n"), // no Host
         }) {
        HttpClient client(echo.port());
        const auto answer = client.ask("POST / HTTP/1.1\r\n" + rest);
        if (rest.find(" leading") != std::string::npos) {
            EXPECT_TRUE(answer.status == 400 || answer.status == 200) << "a folded line (RFC 9112, 5.2)";
            continue;
        }
        EXPECT_EQ(answer.status, 400) << rest;
        EXPECT_EQ(answer.header("Connection"), "close") << rest;
        EXPECT_TRUE(client.is_closed()) << rest << "\nwhat follows is no request";
    }
    for (const char* const line :
         {"GET / HTTP/1.1\nHost: x\n\n", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "GET /\r\nHost: x\r\n\r\n",
          "GET / HTTX/1.1\r\nHost: x\r\n\r\n", "G\x01T / HTTP/1.1\r\nHost: x\r\n\r\n",
          "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client\r\n\r\n",
          "GET / HTTP/1.1 \r\nHost: x\r\n\r\n"}) {
        EXPECT_EQ(echo.ask(line).status, 400) << line;
    }
    EXPECT_EQ(echo.ask("GET / HTTP/2.0\r\nHost: x\r\n\r\n").status, 400);
    EXPECT_EQ(echo.ask(get("/", "X: folded\r\n into one\r\n")).status, 200) << "RFC 9112, 5.2";
}

TEST(HttpServer, RefusesTargetsThatAreNoPath) {
    Echo echo;
    for (const char* const target :
         {"/../etc/passwd", "/a/../b", "/%2e%2e/etc/passwd", "/a/%2E%2e", "/a/./b", "/a%2fb",  "/a%5cb",
          "/a\\b",          "/%00",    "/a%0d%0aX:%20y",     "/%",        "/%4",    "/%zz",    "/%ff",
          "/%c0%ae",        "/a#b",    "relative",           "/?a=1&a=2", "/?%=1",  "/?a=%00", "mailto:x@y",
          "http:///a",      "http://"}) {
        const auto answer = echo.ask(get(target));
        EXPECT_EQ(answer.status, 400) << target;
        EXPECT_THAT(answer.body, HasSubstr("bad_target")) << target;
    }
    EXPECT_EQ(echo.ask(get("http://elsewhere.example/a?b=c")).body, "GET /a b=c []") << "RFC 9112, 3.2.2";
    EXPECT_EQ(echo.ask(get("http://elsewhere.example")).body, "GET / []");
    EXPECT_EQ(echo.ask(get("/%41%c3%a4")).body, "GET /Aä []");
    EXPECT_EQ(echo.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").body, "OPTIONS * []");
}

TEST(HttpServer, DropsWhoIsSlow) {
    Echo echo({.request_patience = 300ms, .idle_patience = 300ms});
    HttpClient idle(echo.port());
    HttpClient half(echo.port());
    HttpClient drop_by_drop(echo.port());
    HttpClient body(echo.port());
    half.send("GET / HTTP/1.1\r\nHos");
    body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    std::atomic<bool> ends{false};
    std::thread drops([&] { // A byte now and then buys no time.
        while (!ends) {
            drop_by_drop.send("G");
            std::this_thread::sleep_for(20ms);
        }
    });
    EXPECT_TRUE(idle.is_closed());
    EXPECT_EQ(half.answer().status, 408);
    EXPECT_EQ(body.answer().status, 408);
    EXPECT_EQ(drop_by_drop.answer().status, 408);
    ends = true;
    drops.join();
    EXPECT_EQ(echo.ask(get("/after")).status, 200);
}

TEST(HttpServer, AnswersWhereNoReplyComesAndTakesNoneAfterwards) {
    Echo echo({.reply_patience = 200ms});
    HttpClient client(echo.port());
    EXPECT_EQ(client.ask(get("/later")).status, 503);
    const auto late = echo.kept();
    ASSERT_EQ(late.size(), 1U);
    late[0]({.body = "late"});
    HttpClient other(echo.port());
    other.send(get("/later"));
    std::vector<HttpReply> kept;
    while (kept.empty()) {
        kept = echo.kept();
    }
    kept[0]({.body = "once"});
    EXPECT_EQ(other.answer().body, "once");
    kept[0]({.body = "twice"});
    EXPECT_EQ(other.ask(get("/next")).body, "GET /next []");
    other.send(get("/later"));
    while ((kept = echo.kept()).empty()) {
    }
    echo.end();
    kept[0]({.body = "to nobody"});
}

TEST(HttpServer, HasSoManyConnectionsAtMost) {
    Echo echo({.max_connections = 3});
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<HttpClient>(echo.port()));
        EXPECT_EQ(clients.back()->ask(get("/")).status, 200);
    }
    HttpClient fourth(echo.port());
    EXPECT_EQ(fourth.answer().status, 503);
    EXPECT_TRUE(fourth.is_closed());
    clients.pop_back();
    int status = 503;
    for (int i = 0; i < 1000 && status == 503; ++i) { // Until the server has seen that it is closed.
        status = HttpClient(echo.port()).ask(get("/")).status;
    }
    EXPECT_EQ(status, 200);
}

TEST(HttpServer, SaysWhereItCannotListen) {
    Echo echo;
    const auto taken = HttpServer::create({.address = "127.0.0.1", .port = echo.port()}, {}, {});
    ASSERT_FALSE(taken);
    EXPECT_THAT(taken.error(), HasSubstr("cannot be listened at: Address already in use: write"));
    const auto nowhere = HttpServer::create({.address = "localhost"}, {}, {});
    ASSERT_FALSE(nowhere);
    EXPECT_THAT(nowhere.error(), HasSubstr("is no address"));
}

} // namespace
} // namespace keytone::server
