// SPDX-License-Identifier: MIT
//
// keytone-server as a service with a store and the API, asked by bare sockets. For tests that define
// KEYTONE_SERVER, KEYTONE_RECEIVER and KEYTONE_ROOT.
#pragma once

#include "tests/server/api/http_client.hpp"
#include "tests/support/live_agent.hpp"
#include "tests/support/webhook_receiver.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::test {

/// Each byte as `%2e` that may not stand in a part of a path.
inline std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        char two[4];
        std::snprintf(two, sizeof two, "%%%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
        encoded += std::isalnum(static_cast<unsigned char>(c)) != 0 ? std::string(1, c) : two;
    }
    return encoded;
}

class ApiService {
  public:
    /// `sip` is from within [sip] on, `more` further tables.
    explicit ApiService(const std::string& sip, const std::string& more = {},
                        const std::vector<std::string>& options = {})
        : service_(
              {.scenario = "",
               .config = sip + store_.config() + "[http]\nlisten = \"" + on_loopback(port_) + "\"\n" + more,
               .options = options}),
          token_(store_.command({"token", "create", "ada"})) {}

    [[nodiscard]] ReportedStore& store() { return store_; }
    [[nodiscard]] Service& service() { return service_; }
    [[nodiscard]] const std::string& token() const { return token_; }
    [[nodiscard]] std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }

    /// A request as it goes over the wire. `headers`: further ones, each with its line end.
    [[nodiscard]] static std::string request(std::string_view method, std::string_view target,
                                             std::string_view body = {}, std::string_view headers = {}) {
        std::string text = std::string(method) + " " + std::string(target) +
                           " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers);
        if (!body.empty()) {
            text +=
                "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
        }
        return text + "\r\n" + std::string(body);
    }
    [[nodiscard]] std::string bearer() const { return "Authorization: Bearer " + token_ + "\r\n"; }

    /// What is answered to bytes on a connection of their own.
    [[nodiscard]] HttpAnswer raw(std::string_view bytes) const { return HttpClient(port()).ask(bytes); }
    /// With the token.
    [[nodiscard]] HttpAnswer ask(std::string_view method, std::string_view target, std::string_view body = {},
                                 std::string_view headers = {}) const {
        return raw(request(method, target, body, bearer() + std::string(headers)));
    }
    /// The `data` of the answer, which has to be 200.
    [[nodiscard]] json data(std::string_view method, std::string_view target,
                            std::string_view body = {}) const {
        const HttpAnswer answer = ask(method, target, body);
        EXPECT_EQ(answer.status, 200) << method << " " << target << ": " << answer.body;
        const json parsed = json::parse(answer.body, nullptr, false);
        return parsed.is_object() ? parsed.value("data", json::object()) : json::object();
    }

    /// The same where the answer's `data` is of no interest.
    void put(std::string_view target, std::string_view body) const {
        static_cast<void>(data("PUT", target, body));
    }

    /// Waits until a call is in this state; its id, empty when none is soon.
    [[nodiscard]] std::string call_in(std::string_view state) const {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
        while (std::chrono::steady_clock::now() < deadline) {
            const json found = data("GET", "/api/v2/calls?state=" + std::string(state));
            if (found.contains("calls") && !found["calls"].empty()) {
                return found["calls"][0].at("call_id").get<std::string>();
            }
            poll(nullptr, 0, 20);
        }
        return {};
    }

    /// The store is whole, and has the tables that it has to have.
    void expect_sound_store() const {
        server::Database database(store_.path());
        server::Query check(database, "PRAGMA integrity_check");
        ASSERT_TRUE(check.next());
        EXPECT_EQ(check.text(0), "ok");
        server::Query tables(database, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                                       "('agents', 'calls', 'tokens', 'endpoints', 'reports', 'deliveries')");
        ASSERT_TRUE(tables.next());
        EXPECT_EQ(tables.number(0), 6);
        server::Query tokens(database, "SELECT count(*) FROM tokens");
        ASSERT_TRUE(tokens.next());
        EXPECT_GE(tokens.number(0), 1);
    }
    /// Ends it; it has to end well.
    void end() {
        service_.end_at_once();
        EXPECT_EQ(service_.exit_code(), 0) << service_.process().errors();
    }

  private:
    ReportedStore store_;
    int port_ = free_port();
    Service service_;
    std::string token_;
};

} // namespace keytone::test
