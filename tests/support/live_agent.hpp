// SPDX-License-Identifier: MIT
//
// An agent at its WebSocket, by Python's `websockets`, and the service that dials it. For tests that define
// KEYTONE_ROOT and KEYTONE_SERVER.
#pragma once

#include "tests/support/live_service.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

namespace keytone::test {

using nlohmann::json;

constexpr std::chrono::seconds patience{30};
/// Debian's packages are for this one, whichever other is first in PATH.
constexpr const char* debian_python = "/usr/bin/python3";

constexpr const char* may_transfer = "transferEnabled = true\ntransferNumber = \"+15303195426\"\n";

/// Whether a command ends without an error.
bool works(const std::vector<std::string>& command);

/// The objects among the lines.
std::vector<json> lines_of(const std::string& text);

/// The agent of agents/agent.py, or of another of those programs.
class Agent {
  public:
    Agent(int port, const std::string& shape, const std::string& what,
          const std::vector<std::string>& more = {}, const std::string& program = "agent.py") {
        std::vector<std::string> command{debian_python, KEYTONE_ROOT "/tests/interop/agents/" + program,
                                         std::to_string(port), shape, what};
        command.insert(command.end(), more.begin(), more.end());
        process_ = std::make_unique<BackgroundProcess>(command);
        EXPECT_TRUE(process_->says("listening", std::chrono::seconds(20))) << process_->errors();
    }

    bool says(const std::string& text) { return process_->says(text, patience); }
    /// Reads what it has said so far.
    void read() { process_->says("never said", std::chrono::milliseconds(20)); }
    void die() {
        process_->signal(SIGKILL);
        process_->ends(std::chrono::seconds(5));
    }
    [[nodiscard]] std::vector<json> said() const { return lines_of(process_->output()); }
    /// Its lines of one kind.
    [[nodiscard]] std::vector<json> said(const std::string& what) const {
        auto lines = said();
        std::erase_if(lines, [&](const json& line) { return line.at("what") != what; });
        return lines;
    }
    /// The frames that it was sent whose `key` is `value`.
    [[nodiscard]] std::vector<json> frames(const std::string& key, const std::string& value) const {
        std::vector<json> found;
        for (const json& line : said("frame")) {
            if (line.at("frame").value(key, "") == value) {
                found.push_back(line.at("frame"));
            }
        }
        return found;
    }
    [[nodiscard]] std::string errors() const { return process_->errors() + process_->output(); }

  private:
    std::unique_ptr<BackgroundProcess> process_;
};

/// keytone-server as a service whose calls an agent has.
class AgentService : public Service {
  public:
    /// `more` is of [agent], `sip` from within [sip] on. Without `url` it dials `agent_port` of 127.0.0.1.
    AgentService(int agent_port, const std::string& shape, const std::string& more = {},
                 const std::string& sip = {}, const std::string& url = {})
        : Service({.scenario = "",
                   .config = sip + "[agent]\nurl = \"" +
                             (url.empty() ? "ws://" + on_loopback(agent_port) + "/" : url) +
                             "\"\nshape = \"" + shape + "\"\n" + more}) {}

    /// Ends it. Returns its exit code.
    int stop() {
        end();
        return exit_code();
    }
    /// What its log says of one event.
    [[nodiscard]] std::vector<std::string> messages(const std::string& event) const {
        return values(event, "message");
    }
};

/// Seconds in which a tone is all that was heard, at steps of 50 ms.
double seconds_of_tone(const std::string& wav, double hz);
/// Seconds of any sound.
double seconds_of_sound(const std::string& wav);

/// A caller, or a phone, that stays for so many seconds at most.
std::string stays(int seconds);
/// The keys that were heard.
std::string keys(const std::vector<json>& events);

class LiveAgent : public testing::Test {
  protected:
    void SetUp() override {
        if (!works({debian_python, "-c", "import websockets"})) {
            GTEST_SKIP() << "python3-websockets is not installed";
        }
    }
    static LiveServer caller(const AgentService& service, const std::string& scenario,
                             std::vector<std::string> more = {}, const std::string& config = {}) {
        auto command = LiveServer::calling(service.port());
        command.insert(command.end(), more.begin(), more.end());
        return {command, scenario, config};
    }

    int agent_port_ = free_port();
};

class OfEitherShape : public LiveAgent, public testing::WithParamInterface<std::string> {};

} // namespace keytone::test
