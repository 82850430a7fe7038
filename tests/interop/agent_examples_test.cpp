// SPDX-License-Identifier: MIT
//
// The agents of examples/agent, each on a live call with a menu, from its prompt to the extension.
#include "tests/support/live_agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

struct Example {
    const char* name;
    const char* shape;
    std::vector<std::string> command;
};

class TheExample : public LiveAgent, public testing::WithParamInterface<Example> {};

// A menu speaks; the example presses 1, plays its chime, and hands the call on to an extension.
TEST_P(TheExample, FindsItsWayThroughAMenu) {
    auto probe = GetParam().command;
    probe.insert(probe.end(), {probe.back() == "node" ? "-e" : "-c",
                               probe.back() == "node" ? "require('ws')" : "import websockets"});
    if (!works(probe)) {
        GTEST_SKIP() << GetParam().name << ": what it needs is not installed";
    }
    auto command = GetParam().command;
    command.insert(command.end(), {std::string(KEYTONE_ROOT "/examples/agent/") + GetParam().name,
                                   std::to_string(agent_port_)});
    BackgroundProcess agent(command);
    ASSERT_TRUE(agent.says("listening", 20s)) << agent.errors();
    const int phone_port = free_port();
    AgentService service(agent_port_, GetParam().shape, may_transfer, trunk(phone_port));
    LiveServer phone(LiveServer::answering(phone_port), stays(4));
    ASSERT_TRUE(is_taken_soon(phone_port));
    LiveServer menu = caller(service, R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"leg":"a","by":"agent","speak":"For the service department, please press one."}
{"at":30.0,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)");
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors() << agent.output() << agent.errors();
    EXPECT_EQ(menu.exit_code(), 0) << menu.process().errors();
    EXPECT_EQ(service.stop(), 0);
    EXPECT_EQ(keys(menu.events()), "1");
    EXPECT_EQ(keys(phone.events()), "221");
    EXPECT_THAT(agent.errors(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    LiveAgent, TheExample,
    testing::Values(Example{"keytone_agent.py", "keytone", {debian_python}},
                    Example{"twilio_agent.py", "twilio", {debian_python}},
                    Example{"keytone_agent.js", "keytone", {"env", "NODE_PATH=/usr/share/nodejs", "node"}},
                    Example{"twilio_agent.js", "twilio", {"env", "NODE_PATH=/usr/share/nodejs", "node"}}),
    [](const auto& tested) {
        std::string name = tested.param.name;
        std::ranges::replace(name, '.', '_');
        return name;
    });

} // namespace
} // namespace keytone::test
