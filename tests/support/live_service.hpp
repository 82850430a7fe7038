// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/live_peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace keytone::test {

/// A phone at 127.0.0.1:`port` that transfers may dial, from within [sip] on.
inline std::string trunk(int port) {
    return "trunk = \"" + on_loopback(port) + "\"\n[dial]\nallow = [\"+1530\"]\n";
}

/// A command to put before another: `folder` is on a disk of this size for it, as "8k". Empty where nothing
/// may be mounted.
inline std::vector<std::string> on_small_disk(const std::string& folder, const std::string& size) {
    const std::vector<std::string> mounts{
        "unshare", "--map-root-user",
        "--mount", "sh",
        "-c",      "mount -t tmpfs -o size=" + size + ",mode=700 none \"$0\" && exec \"$@\"",
        folder};
    std::vector<std::string> probe = mounts;
    probe.emplace_back("true");
    return run_child("/usr/bin/env", probe).exit_code == 0 ? mounts : std::vector<std::string>{};
}

/// keytone-server as a service on a port of 127.0.0.1. Its log is JSON lines.
class Service {
  public:
    /// The agent does nothing: the far side, or the service's end, ends the call.
    static constexpr const char* stays = R"({"v":1,"call":"c","rate":8000}
)";
    /// The agent ends the call a while after the answer.
    static constexpr const char* ends_soon = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":1.5,"type":"based_call","id":"b1","name":"end_call","args":[{"mode":"immediate"}]}
)";
    /// The agent hands the call on at once.
    static constexpr const char* transfers = R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.1,"type":"based_call","id":"t1","name":"transfer","args":["+15303195426"]}
)";

    struct Setup {
        const char* scenario = stays; ///< Empty: the service has none.
        std::string config{};         ///< More of it, from within [sip] on.
        std::string answer{};         ///< More of [answer].
        std::vector<std::string> options{};
        std::vector<std::string> before{}; ///< A command that starts it.
    };

    explicit Service(const Setup& setup) : port_(free_port()) {
        std::string text = "[sip]\nlisten = \"" + on_loopback(port_) + "\"\n" + setup.config;
        if (*setup.scenario != '\0') {
            text += "\n[answer]\nscenario = \"" + folder_.write("scenario.jsonl", setup.scenario) + "\"\n" +
                    setup.answer;
        }
        std::vector<std::string> command = setup.before;
        command.insert(command.end(),
                       {KEYTONE_SERVER, "--config", folder_.write("server.toml", text), "--log", "json"});
        command.insert(command.end(), setup.options.begin(), setup.options.end());
        process_ = std::make_unique<BackgroundProcess>(command);
        EXPECT_TRUE(process_->says("service.started", std::chrono::seconds(10))) << process_->errors();
    }

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] BackgroundProcess& process() { return *process_; }
    [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
    [[nodiscard]] bool says(const std::string& text) {
        return process_->says(text, std::chrono::seconds(15));
    }
    void end() { process_->signal(SIGTERM); }
    /// By two signals.
    void end_at_once() {
        end();
        EXPECT_TRUE(says("service.draining"));
        process_->signal(SIGINT);
    }
    int exit_code() {
        const auto code = process_->ends(std::chrono::seconds(40));
        EXPECT_TRUE(code) << "the service does not end: " << process_->errors();
        return code.value_or(-1);
    }

    /// What it has said so far.
    [[nodiscard]] std::vector<nlohmann::json> log() const {
        std::vector<nlohmann::json> entries;
        std::istringstream lines(process_->errors());
        for (std::string line; std::getline(lines, line);) {
            auto entry = nlohmann::json::parse(line, nullptr, false);
            // The last line of a service that was killed may be cut; any other has to be whole.
            EXPECT_TRUE(entry.is_object() || lines.eof()) << line;
            if (entry.is_object()) {
                entries.push_back(std::move(entry));
            }
        }
        return entries;
    }
    [[nodiscard]] std::vector<std::string> values(const std::string& event, const std::string& key) const {
        std::vector<std::string> values;
        for (const nlohmann::json& entry : log()) {
            if (entry.at("event") == event) {
                values.push_back(entry.contains(key) && entry[key].is_string() ? entry[key].get<std::string>()
                                 : entry.contains(key)                         ? entry[key].dump()
                                                                               : "");
            }
        }
        return values;
    }
    /// The calls that began are those that ended, each once.
    void expect_calls(std::size_t count) const {
        const auto began = values("call.began", "call");
        EXPECT_THAT(began, testing::SizeIs(count));
        EXPECT_THAT(values("call.ended", "call"), testing::UnorderedElementsAreArray(began));
        EXPECT_EQ(std::set<std::string>(began.begin(), began.end()).size(), count);
    }

  private:
    TemporaryFolder folder_;
    int port_;
    std::unique_ptr<BackgroundProcess> process_;
};

/// The keys that each of a phone's calls heard; its log is of the level debug.
inline std::map<std::string, std::string> keys_heard(const Service& phone) {
    std::map<std::string, std::string> heard;
    for (const nlohmann::json& entry : phone.log()) {
        if (entry.at("event") == "digit.heard") {
            heard[entry.at("call")] += entry.at("outcome").value("digit", "?");
        }
    }
    return heard;
}

} // namespace keytone::test
