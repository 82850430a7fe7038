// SPDX-License-Identifier: MIT
//
// How long it takes from an agent at its socket to the wire, and back.
#include "tests/support/live_agent.hpp"
#include "tests/support/tshark.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

INSTANTIATE_TEST_SUITE_P(LiveAgent, OfEitherShape, testing::Values("keytone", "twilio"),
                         [](const auto& tested) { return tested.param; });

TEST_P(OfEitherShape, MarksComeBackWhenTheyArePlayedOrCleared) {
    Agent agent(agent_port_, GetParam(), "marks");
    AgentService service(agent_port_, GetParam());
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    ASSERT_TRUE(agent.says("\"cleared\"")) << agent.errors();
    const auto time = [&](const char* what) { return agent.said(what).at(0).at("time").get<double>(); };
    EXPECT_GT(time("played") - time("put"), 1.46); // Less the tick in which it was sent, and the next.
    EXPECT_LT(time("played") - time("put"), 1.75);
    EXPECT_LT(time("cleared") - time("clears"), 0.2);
    if (GetParam() == "keytone") {
        const json played = agent.said("played").at(0);
        EXPECT_EQ(played.at("third").get<int>() - played.at("second").get<int>(), 4000);
        EXPECT_EQ(agent.frames("name", "fourth").at(0).at("cleared"), true);
    }
    EXPECT_EQ(service.stop(), 0);
}

double percentile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values.at(static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))) - 1);
}

void expect_quick(const char* what, std::vector<double> delays, double median_ms, double worst_ms) {
    const double median = percentile(delays, 0.5);
    const double worst = percentile(delays, 0.999);
    std::printf("%s: %zu, median %.1f ms, 99.9 %% %.1f ms\n", what, delays.size(), 1000.0 * median,
                1000.0 * worst);
    EXPECT_LT(1000.0 * median, median_ms) << what;
    EXPECT_LT(1000.0 * worst, worst_ms) << what;
}

TEST_F(LiveAgent, ItsKeysAreOnTheWireInTime) {
    if (!can_start({"tshark", "--version"})) {
        GTEST_SKIP() << "tshark is not installed";
    }
    Agent agent(agent_port_, "keytone", "presses_often", {"20"});
    AgentService service(agent_port_, "keytone");
    const TemporaryFolder folder;
    std::vector<std::unique_ptr<LiveServer>> callers;
    constexpr std::size_t count = 4;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string name = "caller" + std::to_string(i);
        auto command = LiveServer::calling(service.port());
        command.insert(command.end(), {"--pcap", folder.file(name + ".pcap")});
        callers.push_back(std::make_unique<LiveServer>(command, stays(60),
                                                       "[sip]\nfrom = \"sip:" + name + "@127.0.0.1\"\n"));
    }
    for (const auto& calls : callers) {
        EXPECT_EQ(calls->exit_code(), 0) << calls->process().errors();
    }
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.stop(), 0);
    std::vector<double> delays;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string name = "caller" + std::to_string(i);
        std::vector<double> asked;
        for (const json& line : agent.said("asks")) {
            if (line.at("caller").get<std::string>().find(name) != std::string::npos) {
                asked.push_back(line.at("time").get<double>());
            }
        }
        std::vector<double> sent;
        for (const auto& row :
             tshark_rows(folder.file(name + ".pcap"), "rtpevent && rtp.marker == 1", {"frame.time_epoch"})) {
            sent.push_back(std::stod(row.at(0)));
        }
        ASSERT_EQ(asked.size(), sent.size()) << agent.errors();
        for (std::size_t k = 0; k < sent.size(); ++k) {
            delays.push_back(sent[k] - asked[k]);
        }
    }
    expect_quick("from the function at the socket to the first packet of the key", delays, 25.0, 45.0);
}

TEST_F(LiveAgent, ItsVoiceIsOnTheWireInTime) {
    if (!can_start({"tshark", "--version"})) {
        GTEST_SKIP() << "tshark is not installed";
    }
    Agent agent(agent_port_, "keytone", "speaks_often");
    AgentService service(agent_port_, "keytone");
    const TemporaryFolder folder;
    LiveServer calls = caller(service, stays(40), {"--pcap", folder.file("call.pcap")});
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.stop(), 0);
    std::vector<double> spoken;
    double last = 0.0;
    for (const auto& row :
         tshark_rows(folder.file("call.pcap"), "rtp.p_type == 0", {"frame.time_epoch", "rtp.payload"})) {
        const double time = std::stod(row.at(0));
        std::size_t loud = 0;
        for (std::size_t i = 0; i + 1 < row.at(1).size(); i += 2) {
            const auto magnitude =
                static_cast<unsigned>(std::stoul(row.at(1).substr(i, 2), nullptr, 16)) & 0x7fU;
            loud += magnitude < 0x40U ? 1 : 0;
        }
        if (loud > 5) {
            if (time - last > 0.2) {
                spoken.push_back(time);
            }
            last = time;
        }
    }
    const auto said = agent.said("says");
    ASSERT_EQ(spoken.size(), said.size()) << agent.errors();
    std::vector<double> delays;
    for (std::size_t i = 0; i < said.size(); ++i) {
        delays.push_back(spoken[i] - said[i].at("time").get<double>());
    }
    expect_quick("from the voice at the socket to its first packet", delays, 60.0, 60.0);
}

} // namespace
} // namespace keytone::test
