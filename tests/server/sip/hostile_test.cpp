// SPDX-License-Identifier: MIT
//
// What others must not be able to do to a user agent of ours: end it, fill its memory, have it call whom they
// like. hostile.py has what is sent.
#include "server/sip/re_signalling.hpp"
#include "tests/support/background_process.hpp"
#include "tests/support/sanitizers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;
using test::BackgroundProcess;

constexpr std::uint16_t agent_port = 25070;
constexpr std::uint16_t udp_port = 25072;
constexpr std::uint16_t tcp_port = 25074;
constexpr std::uint16_t caller_port = 25076;

/// More than an agent keeps of the calls of a minute; a sanitizer keeps what was freed, too.
constexpr long most_growth_kib = 48 * 1024;
constexpr auto longest_attack = KEYTONE_SANITIZER_INTERCEPTS == 0 ? 160s : 900s;
constexpr auto longest_farewell = 30s;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The memory of the process that runs `program` with `port`, in KiB; 0 where there is none.
long memory_of(const std::string& program, std::uint16_t port) {
    const std::string command = program + '\0' + std::to_string(port) + '\0';
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        if (read_file(entry.path() / "cmdline") == command) {
            std::istringstream status(read_file(entry.path() / "status"));
            for (std::string line; std::getline(status, line);) {
                if (line.starts_with("VmRSS:")) {
                    return std::stol(line.substr(sizeof "VmRSS:" - 1));
                }
            }
        }
    }
    return 0;
}

/// What the library writes on standard error would fill a pipe.
std::vector<std::string> agent_with_log(const std::string& log) {
    return {"sh", "-c", R"(exec "$0" "$1" 2> "$2")", KEYTONE_AGENT, std::to_string(agent_port), log};
}

std::vector<std::string> sender(std::uint16_t own_port, const std::string& transport,
                                const std::string& seed) {
    return {
        "python3", KEYTONE_HOSTILE, std::to_string(agent_port), std::to_string(own_port), transport, "--seed",
        seed};
}

// The library writes a line for each message that it cannot read: only what a sanitizer reports is returned.
std::string sanitizer_report(const std::string& log) {
    const std::string text = read_file(log);
    const auto begin = std::min(text.find("=================="), text.find("runtime error"));
    return begin == std::string::npos ? "" : text.substr(begin > 200 ? begin - 200 : 0, 8000);
}

TEST(Hostile, MessagesLeaveTheAgentAlive) {
    const std::string log = testing::TempDir() + "keytone_answering_agent.log";
    BackgroundProcess agent(agent_with_log(log));
    ASSERT_TRUE(agent.says("answering", 30s));
    const long before = memory_of(KEYTONE_AGENT, agent_port);
    ASSERT_GT(before, 0);
    {
        BackgroundProcess by_udp(sender(udp_port, "udp", "1"));
        BackgroundProcess by_tcp(sender(tcp_port, "tcp", "2"));
        EXPECT_EQ(by_udp.ends(longest_attack), 0) << by_udp.output() << by_udp.errors();
        EXPECT_EQ(by_tcp.ends(longest_attack), 0) << by_tcp.output() << by_tcp.errors();
        std::cout << by_udp.output() << by_tcp.output();
    }
    const long after = memory_of(KEYTONE_AGENT, agent_port);
    EXPECT_GT(after, 0) << "it has ended";
    std::cout << "memory: " << before << " KiB, then " << after << " KiB\n";
    if (KEYTONE_SANITIZER_INTERCEPTS == 0) {
        EXPECT_LT(after - before, most_growth_kib);
    }
    agent.signal(SIGTERM);
    EXPECT_EQ(agent.ends(longest_farewell), 0);
    EXPECT_EQ(sanitizer_report(log), "");
    std::filesystem::remove(log);
}

/// A UDP socket on the loopback.
class Socket {
  public:
    Socket() : number_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(number_, reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
        socklen_t size = sizeof own;
        getsockname(number_, reinterpret_cast<sockaddr*>(&own), &size);
        place_ = "127.0.0.1:" + std::to_string(ntohs(own.sin_port));
    }
    ~Socket() { close(number_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    [[nodiscard]] const std::string& place() const { return place_; }

    /// The next datagram; empty when none comes in time.
    std::string receive(std::chrono::milliseconds patience) {
        pollfd ready{number_, POLLIN, 0};
        if (poll(&ready, 1, static_cast<int>(patience.count())) != 1) {
            return {};
        }
        std::string text(65'536, '\0');
        socklen_t size = sizeof far_;
        const auto count =
            recvfrom(number_, text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&far_), &size);
        text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
        return text;
    }
    /// Sends to where the last datagram came from.
    void answer(const std::string& text) const {
        sendto(number_, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&far_), sizeof far_);
    }

  private:
    int number_;
    sockaddr_in far_{};
    std::string place_;
};

/// A response to `request`: it repeats the headers that a response must.
std::string response(const std::string& first_line, const std::string& request, const std::string& headers) {
    std::string text = first_line + "\r\n";
    std::istringstream lines(request);
    for (std::string line; std::getline(lines, line) && line != "\r";) {
        for (const char* const name : {"Via:", "From:", "To:", "Call-ID:", "CSeq:"}) {
            if (line.starts_with(name)) {
                line.pop_back();
                text += line + (line.starts_with("To:") ? ";tag=callee" : "") + "\r\n";
            }
        }
    }
    return text + headers + "Content-Length: 0\r\n\r\n";
}

MediaDescription usual_media() {
    MediaDescription own;
    own.address = "127.0.0.1";
    own.port = 4000;
    return own;
}

class Redirect : public testing::TestWithParam<const char*> {};

TEST_P(Redirect, IsNotFollowed) {
    Socket callee;
    Socket stranger;
    {
        auto caller = make_re_signalling({.port = caller_port});
        ASSERT_TRUE(caller) << caller.error();
        Invitation call;
        call.to = "sip:agent@" + callee.place();
        call.from = "sip:phone@127.0.0.1";
        call.own = usual_media();
        (*caller)->invite(call);
        const std::string request = callee.receive(5s);
        ASSERT_TRUE(request.starts_with("INVITE "));
        const std::string contact = "Contact: <sip:stranger@" + stranger.place() + ">\r\n";
        callee.answer(response(GetParam(), request, contact));
        const auto fact = (*caller)->next(std::chrono::steady_clock::now() + 5s);
        ASSERT_TRUE(fact);
        const auto* const ended = std::get_if<DialogEnded>(&fact->what);
        ASSERT_NE(ended, nullptr);
        EXPECT_EQ(ended->how, DialogEnded::How::refused);
        EXPECT_EQ(ended->status / 100, 3);
    } // All that it had to send is sent.
    EXPECT_EQ(stranger.receive(0s), "");
}

// The library takes any of these for a redirect.
INSTANTIATE_TEST_SUITE_P(Of, Redirect,
                         testing::Values("SIP/2.0 302 Moved Temporarily", "SIP/2.0 300 Multiple Choices",
                                         "SIP/2.0 399 No SIP/2.0", "SIP/2.0 0302 Moved", "SIP/9.0 302 Moved",
                                         "sip/2.0 302 Moved", "SIP/2.0 4294967598 Moved"));

} // namespace
} // namespace keytone::server
