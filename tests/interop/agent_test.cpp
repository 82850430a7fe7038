// SPDX-License-Identifier: MIT
//
// Agents by other people's WebSockets on live calls: Python's `websockets`, and `ws` in Node. The service
// dials them; another keytone-server is the caller, and a third one the phone that a transfer dials.
#include "tests/support/child_process.hpp"
#include "tests/support/live_peers.hpp"
#include "tests/support/peer_programs.hpp"
#include "tests/support/tshark.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <memory>
#include <numbers>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace keytone::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::chrono::seconds patience{30};
/// Debian's packages are for this one, whichever other is first in PATH.
constexpr const char* debian_python = "/usr/bin/python3";

constexpr const char* may_transfer = "transferEnabled = true\ntransferNumber = \"+15303195426\"\n";

bool works(const std::vector<std::string>& command) {
    return run_child("/usr/bin/env", command).exit_code == 0;
}

std::vector<json> lines_of(const std::string& text) {
    std::vector<json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        const json read = json::parse(line, nullptr, false);
        if (read.is_object()) {
            lines.push_back(read);
        }
    }
    return lines;
}

/// The agent of agents/agent.py.
class Agent {
  public:
    Agent(int port, const std::string& shape, const std::string& what,
          const std::vector<std::string>& more = {}) {
        std::vector<std::string> command{debian_python, KEYTONE_ROOT "/tests/interop/agents/agent.py",
                                         std::to_string(port), shape, what};
        command.insert(command.end(), more.begin(), more.end());
        process_ = std::make_unique<BackgroundProcess>(command);
        EXPECT_TRUE(process_->says("listening", 20s)) << process_->errors();
    }

    bool says(const std::string& text) { return process_->says(text, patience); }
    void die() {
        process_->signal(SIGKILL);
        process_->ends(5s);
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
class AgentService {
  public:
    AgentService(int port, int agent_port, const std::string& shape, const std::string& more = {},
                 const std::string& sip = {}, const std::string& url = {})
        : port_(port) {
        const std::string text = "[sip]\nlisten = \"" + on_loopback(port) + "\"\n" + sip +
                                 "[agent]\nurl = \"" +
                                 (url.empty() ? "ws://" + on_loopback(agent_port) + "/" : url) +
                                 "\"\nshape = \"" + shape + "\"\n" + more;
        process_ = std::make_unique<BackgroundProcess>(std::vector<std::string>{
            KEYTONE_SERVER, "--config", folder_.write("server.toml", text), "--log", "json"});
        EXPECT_TRUE(process_->says("service.started", 10s)) << process_->errors();
    }

    [[nodiscard]] int port() const { return port_; }
    bool says(const std::string& text) { return process_->says(text, patience); }
    int exit_code() {
        process_->signal(SIGTERM);
        return process_->ends(40s).value_or(-1);
    }
    [[nodiscard]] std::string log() const { return process_->errors(); }
    /// What its log says of one event.
    [[nodiscard]] std::vector<std::string> messages(const std::string& event) const {
        std::vector<std::string> found;
        for (const json& line : lines_of(process_->errors())) {
            if (line.at("event") == event) {
                found.push_back(line.value("message", ""));
            }
        }
        return found;
    }

  private:
    TemporaryFolder folder_;
    int port_;
    std::unique_ptr<BackgroundProcess> process_;
};

/// How much of a second's samples is a tone, 0 to 1.
double share_of_tone(const std::vector<std::int16_t>& samples, std::size_t begin, double hz) {
    double in_phase = 0.0;
    double quadrature = 0.0;
    double power = 1.0;
    constexpr std::size_t length = 800;
    for (std::size_t i = begin; i < std::min(begin + length, samples.size()); ++i) {
        const double phase = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / 8000.0;
        in_phase += samples[i] * std::cos(phase);
        quadrature += samples[i] * std::sin(phase);
        power += static_cast<double>(samples[i]) * samples[i];
    }
    return 2.0 * (in_phase * in_phase + quadrature * quadrature) / (power * length);
}

/// Seconds in which a tone is all that was heard, at steps of 50 ms.
double seconds_of_tone(const std::string& wav, double hz) {
    const auto samples = sox_samples_8khz(wav);
    double seconds = 0.0;
    for (std::size_t begin = 0; begin + 800 <= samples.size(); begin += 400) {
        const auto at = samples.begin() + static_cast<std::ptrdiff_t>(begin);
        seconds +=
            *std::max_element(at, at + 800) > 4000 && share_of_tone(samples, begin, hz) > 0.9 ? 0.05 : 0.0;
    }
    return seconds == 0.0 ? 0.0 : seconds + 0.05;
}

/// Seconds of any sound.
double seconds_of_sound(const std::string& wav) {
    const auto samples = sox_samples_8khz(wav);
    return static_cast<double>(
               std::ranges::count_if(samples, [](std::int16_t s) { return std::abs(s) > 300; })) /
           8000.0;
}

/// A caller, or a phone, that stays for so many seconds at most.
std::string stays(int seconds) {
    return R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":)" + std::to_string(seconds) +
           R"(.0,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)";
}

std::string keys(const std::vector<json>& events) {
    std::string heard;
    for (const std::string& digit : values_of(events, "digit.heard", "digit")) {
        heard += digit;
    }
    return heard;
}

std::string transfers_to(int port) {
    return "trunk = \"" + on_loopback(port) + "\"\n[dial]\nallow = [\"+1530\"]\n";
}

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
    int port_ = free_port();
};

class OfEitherShape : public LiveAgent, public testing::WithParamInterface<std::string> {};

TEST_P(OfEitherShape, PressesSpeaksAndTransfersWithAnExtension) {
    Agent agent(agent_port_, GetParam(), "walks");
    const int phone_port = free_port();
    AgentService service(port_, agent_port_, GetParam(), may_transfer, transfers_to(phone_port));
    LiveServer phone(LiveServer::answering(phone_port), stays(4));
    ASSERT_TRUE(is_taken_soon(phone_port));
    LiveServer calls = caller(service, stays(20));
    EXPECT_TRUE(agent.says("\"spoken\"")) << agent.errors() << service.log();
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_EQ(keys(calls.events()), "1");
    EXPECT_EQ(keys(phone.events()), "221");
    EXPECT_NEAR(seconds_of_tone(calls.file("leg-a-heard.wav"), 440.0), 1.0, 0.15);
    const double spoke = agent.said("spoken").at(0).at("time").get<double>() -
                         agent.said("speaks").at(0).at("time").get<double>();
    EXPECT_GT(spoke, 0.99); // The mark came back when the second was over.
    EXPECT_LT(spoke, 1.2);
    // Handed over: its part is over, and its socket closed.
    EXPECT_EQ(agent.said("closed").at(0).at("code"), 1000);
    EXPECT_GT(agent.said("closed").at(0).at("heard").get<int>(), 8000);
    EXPECT_THAT(agent.frames("ev", "session.completed"), testing::SizeIs(1));
    EXPECT_EQ(agent.frames("event", "stop").size(), GetParam() == "twilio" ? 1U : 0U);
}

TEST_P(OfEitherShape, EndsTheCallAfterWhatItSaid) {
    Agent agent(agent_port_, GetParam(), "ends");
    AgentService service(port_, agent_port_, GetParam());
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_GT(seconds_of_sound(calls.file("leg-a-heard.wav")), 0.2) << "goodbye was not heard";
    EXPECT_THAT(agent.frames("ev", "action.completed"), Not(IsEmpty())) << agent.errors();
    EXPECT_EQ(agent.said("closed").at(0).at("code"), 1000);
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
}

TEST_P(OfEitherShape, IsToldWhenTheCallerHangsUp) {
    Agent agent(agent_port_, GetParam(), "waits");
    AgentService service(port_, agent_port_, GetParam());
    LiveServer calls = caller(service, stays(1));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\"")) << agent.errors();
    EXPECT_EQ(agent.said("closed").at(0).at("code"), 1000);
    EXPECT_EQ(agent.frames("event", "stop").size(), GetParam() == "twilio" ? 1U : 0U);
    EXPECT_EQ(agent.frames("ev", "session.completed").size(), GetParam() == "keytone" ? 1U : 0U);
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_THAT(service.messages("agent.gone"), IsEmpty());
}

TEST_P(OfEitherShape, MarksComeBackWhenTheyArePlayedOrCleared) {
    Agent agent(agent_port_, GetParam(), "marks");
    AgentService service(port_, agent_port_, GetParam());
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
    EXPECT_EQ(service.exit_code(), 0);
}

TEST_P(OfEitherShape, GetsOneErrorForEachWrongFrameAndGoesOn) {
    Agent agent(agent_port_, GetParam(), "errs");
    AgentService service(port_, agent_port_, GetParam());
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\"")) << agent.errors();
    const auto refused = agent.said("all refused");
    ASSERT_EQ(refused.size(), 1U) << agent.errors();
    EXPECT_EQ(agent.frames(GetParam() == "twilio" ? "event" : "ev", "error").size(),
              refused.at(0).at("count").get<std::size_t>());
    EXPECT_EQ(keys(calls.events()), "7");
    EXPECT_EQ(service.exit_code(), 0);
}

TEST_P(OfEitherShape, WhoSendsTenMegabytesIsClosedWith1009AndMayComeBack) {
    Agent agent(agent_port_, GetParam(), "sends_too_much");
    AgentService service(port_, agent_port_, GetParam());
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.exit_code(), 0);
    ASSERT_TRUE(agent.says("\"closed\"")) << agent.errors();
    EXPECT_EQ(agent.said("closed").at(0).at("code"), 1009);
    EXPECT_THAT(service.messages("agent.gone"), ElementsAre(HasSubstr("1009")));
    EXPECT_THAT(service.messages("agent.there"), testing::SizeIs(2));
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
}

TEST_P(OfEitherShape, WhoFloodsHasToWaitAndIsPlayedWithoutAGap) {
    Agent agent(agent_port_, GetParam(), "floods");
    AgentService service(port_, agent_port_, GetParam());
    LiveServer calls = caller(service, stays(8));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.exit_code(), 0);
    const auto taken = agent.said("taken");
    ASSERT_FALSE(taken.empty());
    EXPECT_GE(taken.back().at("seconds").get<int>(), 30);
    EXPECT_LT(taken.back().at("seconds").get<int>(), 1500);
    EXPECT_GT(seconds_of_tone(calls.file("leg-a-heard.wav"), 440.0), 6.5);
}

// ---- An agent that dies

TEST_P(OfEitherShape, WhoComesBackInTimeGoesOn) {
    auto first = std::make_unique<Agent>(agent_port_, GetParam(), "waits");
    AgentService service(port_, agent_port_, GetParam());
    LiveServer calls = caller(service, stays(20));
    ASSERT_TRUE(service.says("agent.there") && service.says("\"answered\""));
    first->die();
    ASSERT_TRUE(service.says("agent.gone"));
    Agent second(agent_port_, GetParam(), "ends");
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
    EXPECT_THAT(service.messages("agent.given_up"), IsEmpty());
    if (GetParam() == "keytone") {
        EXPECT_TRUE(second.says("\"closed\""));
        EXPECT_EQ(second.frames("ev", "call.began").at(0).at("again"), true);
    }
}

TEST_P(OfEitherShape, WhoDoesNotComeBackLeavesAMessageAndTheCallEnds) {
    Agent agent(agent_port_, GetParam(), "waits");
    AgentService service(port_, agent_port_, GetParam(), "grace = 1\nendCallEnabled = false\n");
    LiveServer calls = caller(service, stays(20));
    ASSERT_TRUE(service.says("\"answered\""));
    agent.die();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_THAT(service.messages("agent.given_up"), testing::SizeIs(1));
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
    EXPECT_GT(seconds_of_sound(calls.file("leg-a-heard.wav")), 1.0) << "the message was not heard";
}

TEST_P(OfEitherShape, WhoIsNeverThereIsWaitedForAndGivenUp) {
    AgentService service(port_, agent_port_, GetParam(),
                         "answer_after = 1\ngrace = 1\nmessage = \"Sorry.\"\n");
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_THAT(service.messages("agent.gone"), ElementsAre(HasSubstr("no connection to 127.0.0.1")));
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
    EXPECT_GT(seconds_of_sound(calls.file("leg-a-heard.wav")), 0.1);
}

TEST_P(OfEitherShape, WhoDiesDuringATransferDoesNotStopIt) {
    Agent agent(agent_port_, GetParam(), "walks");
    const int phone_port = free_port();
    AgentService service(port_, agent_port_, GetParam(), std::string(may_transfer) + "grace = 0\n",
                         transfers_to(phone_port));
    LiveServer calls = caller(service, stays(20));
    ASSERT_TRUE(agent.says("\"t1\"")) << agent.errors();
    agent.die();
    LiveServer phone(LiveServer::answering(phone_port), stays(4));
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_EQ(keys(phone.events()), "221");
}

// As Twilio does: the stream is over, and with it the call.
TEST_F(LiveAgent, OfTwiliosThatClosesItsSocketEndsTheCall) {
    Agent agent(agent_port_, "twilio", "closes");
    AgentService service(port_, agent_port_, "twilio", "grace = 1\n");
    LiveServer calls = caller(service, stays(20));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_THAT(service.messages("agent.there"), testing::SizeIs(1)); // not dialled again
    EXPECT_THAT(service.messages("call.ended"), ElementsAre("by_us"));
    EXPECT_LT(seconds_of_sound(calls.file("leg-a-heard.wav")), 0.35) << "it says more than the agent did";
}

// ---- What is particular to one shape

TEST_F(LiveAgent, OfTwiliosIsToldOfKeysAndMayPressThem) {
    Agent agent(agent_port_, "twilio", "echoes_keys");
    AgentService service(port_, agent_port_, "twilio");
    LiveServer calls = caller(service, agent_that_presses("5#", 5.0));
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(agent.frames("event", "dtmf").size(), 2U) << agent.errors();
    EXPECT_EQ(keys(calls.events()), "5#");
}

TEST_F(LiveAgent, MayTalkAtSixteenKilohertz) {
    Agent agent(agent_port_, "keytone", "walks");
    AgentService service(port_, agent_port_, "keytone", "rate = 16000\n");
    LiveServer calls = caller(service, stays(5));
    EXPECT_TRUE(agent.says("\"spoken\"")) << agent.errors() << service.log();
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_EQ(service.exit_code(), 0);
    EXPECT_NEAR(seconds_of_tone(calls.file("leg-a-heard.wav"), 440.0), 1.0, 0.15);
    ASSERT_TRUE(agent.says("\"closed\""));
    EXPECT_GT(agent.said("closed").at(0).at("heard").get<double>(), 4 * 32'000);
}

// The certificate is checked, and so is the name in it.
TEST_F(LiveAgent, ByTlsIsWhoItsCertificateSays) {
    const TemporaryFolder folder;
    const auto made =
        run_child("/usr/bin/openssl", {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                                       "/CN=agent", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                                       folder.file("key.pem"), "-out", folder.file("ca.pem")});
    ASSERT_EQ(made.exit_code, 0) << made.errors;
    const auto both = run_child("/usr/bin/cat", {folder.file("key.pem"), folder.file("ca.pem")});
    const std::string chain = folder.write("chain.pem", both.output);
    Agent agent(agent_port_, "keytone", "ends", {chain});
    const std::string ca = "ca = \"" + folder.file("ca.pem") + "\"\n";
    const std::string hasty = "answer_after = 0\ngrace = 1\n";
    struct Case {
        std::string host;
        std::string config;
        bool is_right;
    };
    for (const Case& tls : {Case{"127.0.0.1", ca, true}, Case{"localhost", ca + hasty, false},
                            Case{"127.0.0.1", hasty, false}}) {
        AgentService service(free_port(), agent_port_, "keytone", tls.config, "",
                             "wss://" + tls.host + ":" + std::to_string(agent_port_) + "/");
        LiveServer calls = caller(service, stays(20));
        EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
        EXPECT_EQ(service.exit_code(), 0);
        if (tls.is_right) {
            EXPECT_THAT(service.messages("agent.gone"), IsEmpty()) << service.log();
        } else {
            EXPECT_THAT(service.messages("agent.gone"), ElementsAre(HasSubstr("no TLS with"))) << tls.host;
            EXPECT_THAT(service.messages("agent.there"), IsEmpty());
        }
    }
}

// ---- The examples

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
    AgentService service(port_, agent_port_, GetParam().shape, may_transfer, transfers_to(phone_port));
    LiveServer phone(LiveServer::answering(phone_port), stays(4));
    ASSERT_TRUE(is_taken_soon(phone_port));
    LiveServer menu = caller(service, R"({"v":1,"call":"c","rate":8000}
{"at":0.0,"ev":"leg.answered","leg":"a"}
{"at":0.3,"leg":"a","by":"agent","speak":"For the service department, please press one."}
{"at":30.0,"type":"based_call","id":"e1","name":"end_call","args":[{"mode":"immediate"}]}
)");
    EXPECT_EQ(phone.exit_code(), 0) << phone.process().errors() << agent.output() << agent.errors();
    EXPECT_EQ(menu.exit_code(), 0) << menu.process().errors();
    EXPECT_EQ(service.exit_code(), 0);
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

// ---- How long it takes

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
    AgentService service(port_, agent_port_, "keytone");
    const TemporaryFolder folder;
    std::vector<std::unique_ptr<LiveServer>> callers;
    constexpr std::size_t count = 4;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string name = "caller" + std::to_string(i);
        auto command = LiveServer::calling(port_);
        command.insert(command.end(), {"--pcap", folder.file(name + ".pcap")});
        callers.push_back(std::make_unique<LiveServer>(command, stays(60),
                                                       "[sip]\nfrom = \"sip:" + name + "@127.0.0.1\"\n"));
    }
    for (const auto& calls : callers) {
        EXPECT_EQ(calls->exit_code(), 0) << calls->process().errors();
    }
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.exit_code(), 0);
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
    AgentService service(port_, agent_port_, "keytone");
    const TemporaryFolder folder;
    LiveServer calls = caller(service, stays(40), {"--pcap", folder.file("call.pcap")});
    EXPECT_EQ(calls.exit_code(), 0) << calls.process().errors();
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(service.exit_code(), 0);
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

INSTANTIATE_TEST_SUITE_P(LiveAgent, OfEitherShape, testing::Values("keytone", "twilio"),
                         [](const auto& tested) { return tested.param; });

} // namespace
} // namespace keytone::test
