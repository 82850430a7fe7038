// SPDX-License-Identifier: MIT
#include "tests/support/live_peers.hpp"

#include "tests/support/child_process.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace keytone::test {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Longer than any call of these tests.
constexpr std::chrono::seconds ending_patience{45};

/// A bound socket of 127.0.0.1, while this lives.
class BoundSocket {
  public:
    BoundSocket(int type, int port) : number_(socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_port = htons(static_cast<std::uint16_t>(port));
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        is_bound_ = bind(number_, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0;
    }
    ~BoundSocket() { close(number_); }
    BoundSocket(const BoundSocket&) = delete;
    BoundSocket& operator=(const BoundSocket&) = delete;

    [[nodiscard]] bool is_bound() const { return is_bound_; }

  private:
    int number_;
    bool is_bound_;
};

/// This process's share of the ports, which no other test has that runs in the same network: it holds an
/// abstract socket by the share's number (unix(7)).
class PortLane {
  public:
    static constexpr int most = 10;

    PortLane() : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        while (number_ < most && !take(number_)) {
            ++number_;
        }
        EXPECT_LT(number_, most) << "more tests than that need ports at once";
    }
    ~PortLane() { close(socket_); }
    PortLane(const PortLane&) = delete;
    PortLane& operator=(const PortLane&) = delete;

    [[nodiscard]] int number() const { return number_; }

  private:
    [[nodiscard]] bool take(int number) const {
        sockaddr_un place{};
        place.sun_family = AF_UNIX;
        const std::string name = "keytone-test-ports-" + std::to_string(number);
        std::copy(name.begin(), name.end(), place.sun_path + 1);
        return bind(socket_, reinterpret_cast<const sockaddr*>(&place),
                    static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size())) == 0;
    }

    int socket_;
    int number_ = 0;
};

} // namespace

// Below the ports that the system gives out by itself, so that no other program gets it before it is used. A
// peer may use some ports after its own.
int free_port() {
    constexpr int first = 11'000;
    constexpr int room = 40;
    constexpr int places = 20;
    // What still calls at a port of one test must not find another test there.
    static const PortLane lane;
    static int place = 0;
    for (int attempt = 0; attempt < places; ++attempt) {
        place = (place + 1) % places;
        const int port = first + room * (places * lane.number() + place);
        const BoundSocket udp(SOCK_DGRAM, port);
        const BoundSocket tcp(SOCK_STREAM, port);
        const BoundSocket next_udp(SOCK_DGRAM, port + 1);
        const BoundSocket next_tcp(SOCK_STREAM, port + 1);
        if (udp.is_bound() && tcp.is_bound() && next_udp.is_bound() && next_tcp.is_bound()) {
            return port;
        }
    }
    ADD_FAILURE() << "no port of 127.0.0.1 is free";
    return 0;
}

bool is_taken_soon(int port) {
    const auto deadline = Clock::now() + 10s;
    while (Clock::now() < deadline) {
        if (const BoundSocket probe(SOCK_DGRAM, port); !probe.is_bound()) {
            return true;
        }
        poll(nullptr, 0, 20);
    }
    return false;
}

std::string on_loopback(int port) {
    return "127.0.0.1:" + std::to_string(port);
}

bool can_start(const std::vector<std::string>& command) {
    constexpr int not_found = 127; // as env says it
    return run_child("/usr/bin/env", command).exit_code != not_found;
}

std::vector<std::string> values_of(const std::vector<nlohmann::json>& events, const std::string& ev,
                                   const std::string& key) {
    std::vector<std::string> values;
    for (const nlohmann::json& event : events) {
        if (event.at("ev") == ev) {
            values.push_back(event.value(key, ""));
        }
    }
    return values;
}

std::string text_with(const std::string& path, const std::map<std::string, std::string>& words) {
    std::ifstream stream(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(stream), {});
    EXPECT_FALSE(text.empty()) << path;
    for (const auto& [name, value] : words) {
        const std::string mark = "@" + name + "@";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
            text.replace(at, mark.size(), value);
        }
    }
    return text;
}

std::string agent_that_presses(const std::string& keys, double seconds) {
    return R"({"v":1,"call":"keys","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.5,"type":"based_call","id":"b1","name":"click_ivr","args":[")" +
           keys + R"("]}
{"at":)" + std::to_string(seconds) +
           R"(,"type":"based_call","id":"b2","name":"end_call","args":[]}
)";
}

LiveServer::LiveServer(std::vector<std::string> command, const std::string& scenario,
                       const std::string& config, const std::vector<std::string>& environment) {
    command.insert(command.begin(), KEYTONE_SERVER);
    command.insert(command.end(),
                   {folder_.write("scenario.jsonl", scenario), "--output", folder_.file("call")});
    if (!config.empty()) {
        command.insert(command.end(), {"--config", folder_.write("server.toml", config)});
    }
    const bool waits = command[1] == "answer";
    process_.emplace(command, environment);
    if (waits) {
        EXPECT_TRUE(process_->says("Waiting for a call", 10s)) << process_->errors();
    }
}

int LiveServer::exit_code() {
    const auto code = process_->ends(ending_patience);
    EXPECT_TRUE(code) << "keytone-server does not end: " << process_->output();
    return code.value_or(-1);
}

std::string LiveServer::file(const std::string& name) const {
    return folder_.file("call/" + name);
}

std::vector<nlohmann::json> LiveServer::events() const {
    std::vector<nlohmann::json> events;
    std::ifstream lines(file("events.jsonl"));
    for (std::string line; std::getline(lines, line);) {
        events.push_back(nlohmann::json::parse(line));
    }
    return events;
}

Sipp::Sipp(const std::string& scenario, const std::vector<std::string>& place, const Setup& setup)
    : longest_(setup.longest) {
    const std::string text = text_with(std::string(KEYTONE_SIPP) + "/" + scenario + ".xml", setup.words);
    std::vector<std::string> command{"sipp",
                                     "-sf",
                                     folder_->write(scenario + ".xml", text),
                                     "-i",
                                     "127.0.0.1",
                                     "-mp",
                                     std::to_string(free_port()),
                                     "-rtp_echo",
                                     "-nostdin",
                                     "-d", // what a pause without a length takes, in milliseconds
                                     "400",
                                     "-trace_err",
                                     "-error_file",
                                     folder_->file("errors"),
                                     "-trace_msg",
                                     "-message_file",
                                     folder_->file("messages"),
                                     "-timeout",
                                     std::to_string(setup.longest.count()),
                                     "-timeout_error"};
    command.insert(command.end(), place.begin(), place.end());
    command.insert(command.end(), setup.options.begin(), setup.options.end());
    process_ = std::make_unique<BackgroundProcess>(command);
}

std::string Sipp::problem() {
    return can_start({"sipp", "-v"}) ? "" : "sipp (Debian package sip-tester) is not installed";
}

Sipp Sipp::calling(const std::string& scenario, int target, const Setup& setup) {
    return {scenario,
            {on_loopback(target), "-s", "keytone", "-p", std::to_string(free_port()), "-m", "1"},
            setup};
}

Sipp Sipp::phone(const std::string& scenario, int port, const Setup& setup) {
    Sipp sipp(scenario, {"-p", std::to_string(port)}, setup);
    EXPECT_TRUE(is_taken_soon(port)) << "sipp is not there: " << sipp.process_->errors();
    return sipp;
}

int Sipp::exit_code() {
    const int code = process_->ends(longest_ + 10s).value_or(-1);
    EXPECT_EQ(code, 0) << folder_->read("errors") << '\n' << folder_->read("messages");
    return code;
}

} // namespace keytone::test
