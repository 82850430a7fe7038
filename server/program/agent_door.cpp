// SPDX-License-Identifier: MIT
#include "server/program/agent_door.hpp"

#include "server/agent/dial_in.hpp"
#include "server/api/json_answer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <unistd.h>

#include <utility>

namespace keytone::server {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// The connection is ours by now, so the answer is written here.
void refuse(tcp::socket& socket, const char* line, const ApiFault& fault) {
    const std::string body = error_answer(fault).body;
    const std::string text = std::string("HTTP/1.1 ") + line +
                             "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n" + body;
    error_code ignored;
    static_cast<void>(socket.non_blocking(true, ignored));
    asio::write(socket, asio::buffer(text), ignored);
}

class Door final : public AgentDoor {
  public:
    explicit Door(AgentLines& lines) : lines_(lines) {}

    // The lines alone know, once they have claimed the call for this agent.
    std::optional<ApiFault> fault_of(std::string_view /*call*/) override { return std::nullopt; }

    void enter(std::string call, int descriptor, std::string request) override {
        asio::io_context here; // Until the lines take the connection to their own.
        tcp::socket socket(here);
        sockaddr_storage local{};
        socklen_t size = sizeof local;
        error_code error;
        if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&local), &size) != 0) {
            ::close(descriptor);
            return;
        }
        if (socket.assign(local.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor, error)) {
            ::close(descriptor);
            return;
        }
        http::request_parser<http::string_body> parser;
        const std::size_t read = parser.put(asio::buffer(request), error);
        if (error || !parser.is_done() || read != request.size()) {
            return refuse(socket, "400 Bad Request",
                          {400, "bad_request", "something follows the upgrade: wait for its answer"});
        }
        DialIn dial_in{std::move(socket), parser.release()};
        // NOLINTBEGIN(bugprone-use-after-move): it is untouched unless it was taken.
        switch (lines_.adopt(call, std::move(dial_in))) {
        case Adoption::taken:
            return;
        case Adoption::no_such_call:
            return refuse(dial_in.socket, "409 Conflict",
                          {409, "not_awaited", "the call waits for no agent"});
        case Adoption::has_socket:
            return refuse(dial_in.socket, "409 Conflict",
                          {409, "has_agent", "the call's agent is there: one connection at a time"});
        }
        // NOLINTEND(bugprone-use-after-move)
    }

  private:
    AgentLines& lines_;
};

} // namespace

std::unique_ptr<AgentDoor> make_agent_door(AgentLines& lines) {
    return std::make_unique<Door>(lines);
}

} // namespace keytone::server
