// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/api_service.hpp"
#include "tests/support/live_agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace keytone::test {

/// A figure of a process's memory in KiB: `VmRSS`, or `VmHWM` for the most that there was.
inline long memory_kib(pid_t process, const std::string& figure) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(figure + ":")) {
            return std::stol(line.substr(figure.size() + 1));
        }
    }
    ADD_FAILURE() << "no " << figure << " of " << process;
    return 0;
}

struct Crowd {
    int callers_each;          ///< Of each of six kinds of hostile agents.
    int dial_ins;              ///< Agents that dial in and may not, at once.
    int seconds;               ///< How long calls last that their agents do not end.
    std::chrono::seconds most; ///< For the crowd.
    int times;                 ///< How often it comes.
};

/// What the memory of a service grows by, at most: a hostile call, all of its audio that may wait among it; a
/// connection that is refused; and all that is not of one of them.
inline constexpr long most_kib_a_call = 1024;
inline constexpr long most_kib_a_dial_in = 32;
inline constexpr long most_kib_beside = 16 * 1024;

/// A kind of hostile agents: a program that is each call's.
struct HostileKind {
    HostileKind(std::string id, int port, const std::string& shape, const std::string& doing)
        : name(std::move(id)),
          ends(doing == "errs" || doing == "overfills"),
          agent(port, shape, doing, {}, "hostile_agents.py"),
          settings{{"agentUrl", "ws://" + on_loopback(port) + "/" + doing},
                   {"shape", shape},
                   {"answer_after", 60},
                   {"grace", 60},
                   {"endCallEnabled", ends}} {}

    /// How many sockets were closed with this code.
    [[nodiscard]] std::size_t closed(int code) const {
        std::size_t found = 0;
        for (const json& line : agent.said("closed")) {
            found += line.at("code") == code ? 1U : 0U;
        }
        return found;
    }

    std::string name;
    bool ends; ///< It ends its calls itself, once it was told what was wrong.
    Agent agent;
    json settings;
};

/// A call whose agent says goodbye is as it should be.
inline void expect_good_call(const ApiService& service, int sip_port) {
    const int port = free_port();
    Agent agent(port, "keytone", "ends");
    service.put("/api/v2/agent/good",
                json{{"agentUrl", "ws://" + on_loopback(port) + "/"}, {"answer_after", 30}}.dump());
    LiveServer caller({"call", "--to", "sip:good@" + on_loopback(sip_port)}, stays(40));
    EXPECT_EQ(caller.exit_code(), 0) << caller.process().errors();
    EXPECT_GT(seconds_of_sound(caller.file("leg-a-heard.wav")), 0.1);
    EXPECT_TRUE(agent.says("\"closed\""));
    EXPECT_EQ(agent.said("closed").at(0).at("code"), 1000);
}

/// What those that dialled in were answered is known, one answer each. Of those that were too many, a few may
/// have lost their 503 with the connection, whose request nobody read.
inline void expect_refused(const std::string& answers, int dial_ins) {
    constexpr int most_connections = 512;
    const json counts = json::parse(answers, nullptr, false);
    ASSERT_TRUE(counts.is_object()) << answers;
    int all = 0;
    int reset = 0;
    for (const auto& [answer, count] : counts.items()) {
        const std::string& told = answer;
        all += count.get<int>();
        if (told == "reset") {
            reset += count.get<int>();
            continue;
        }
        EXPECT_THAT(told, testing::AnyOf("no-token 401 unauthorized", "no-token 429 too_many_failures",
                                         "wrong-token 401 unauthorized", "wrong-token 429 too_many_failures",
                                         "wrong-call 404 no_such_call", "second-agent 409 has_agent",
                                         "too-many 503"));
    }
    EXPECT_EQ(all, dial_ins);
    EXPECT_LE(reset, std::max(0, dial_ins - most_connections) / 10) << answers;
}

/// Calls whose agents flood, say nothing, send what is wrong in either shape, and 10 MB at once; and,
/// meanwhile, agents that dial in and may not. Each gets its one clear error, the service's memory is
/// bounded, by the first crowd for all that come after it, and a call after them is as any other.
inline void expect_to_outlive(const Crowd& crowd) {
    ApiService service("max_calls = 2000\n");
    const int sip_port = service.service().port();
    const int ports = free_port(); // Each and those after it.
    const int caller_ports = free_port();
    const int caller_sound = free_port();
    HostileKind flooding("flooding", ports, "keytone", "floods");
    HostileKind flooding_twilio("flooding-twilio", ports + 1, "twilio", "floods");
    HostileKind wrong("wrong", ports + 2, "keytone", "errs");
    HostileKind wrong_twilio("wrong-twilio", ports + 3, "twilio", "errs");
    HostileKind overfilling("overfilling", ports + 4, "keytone", "overfills");
    HostileKind silent("silent", ports + 5, "keytone", "waits");
    const std::array kinds{&silent, &flooding, &flooding_twilio, &wrong, &wrong_twilio, &overfilling};
    for (const HostileKind* const kind : kinds) {
        service.put("/api/v2/agent/" + kind->name, kind->settings.dump());
    }
    expect_good_call(service, sip_port); // What any service has in memory is there now.
    const pid_t process = service.service().process().id();
    const int calls = crowd.callers_each * static_cast<int>(kinds.size());
    long before = memory_kib(process, "VmRSS");
    long bound = calls * most_kib_a_call + crowd.dial_ins * most_kib_a_dial_in + most_kib_beside;

    for (int time = 0; time < crowd.times; ++time) {
        // What the programs say is read all the time: their pipes hold little of it.
        std::jthread reader([&](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                service.service().process().says("never said", std::chrono::milliseconds(20));
                for (HostileKind* const kind : kinds) {
                    kind->agent.read();
                }
            }
        });
        LiveServer lasting({"call", "--to", "sip:silent@" + on_loopback(sip_port)}, stays(3600));
        const std::string live = service.call_in("in_progress");
        ASSERT_NE(live, "");
        std::vector<Sipp> callers;
        for (const HostileKind* const kind : kinds) {
            const std::string each = std::to_string(crowd.callers_each);
            const auto number = static_cast<int>(callers.size()); // Its ports are its own.
            callers.push_back(Sipp::calling(
                kind->ends ? "caller_waits" : "caller_basic", sip_port,
                {.options = {"-p", std::to_string(caller_ports + 2 * number), "-mp",
                             std::to_string(caller_sound + 4 * number), "-s", kind->name, "-m", each, "-l",
                             each, "-r", "10", "-d", std::to_string(1000 * crowd.seconds)},
                 .longest = std::chrono::seconds(crowd.seconds) + crowd.most}));
        }
        BackgroundProcess dial_ins({debian_python, KEYTONE_ROOT "/tests/interop/agents/dial_in_crowd.py",
                                    std::to_string(service.port()), service.token(), live,
                                    std::to_string(crowd.dial_ins)});
        EXPECT_EQ(dial_ins.ends(crowd.most), 0) << dial_ins.output() << dial_ins.errors();
        expect_refused(dial_ins.output(), crowd.dial_ins);
        lasting.process().signal(SIGTERM);
        EXPECT_EQ(lasting.exit_code(), 0) << lasting.process().errors();
        for (Sipp& caller : callers) {
            EXPECT_EQ(caller.exit_code(), 0);
        }
        reader.request_stop();
        reader.join();
        const long most = memory_kib(process, "VmHWM");
        std::cout << calls << " calls and " << crowd.dial_ins << " connections: " << before << " KiB before, "
                  << most << " at most, " << memory_kib(process, "VmRSS") << " after; " << dial_ins.output();
        EXPECT_LT(most - before, bound);
        before = most;
        bound = most_kib_beside;
    }
    expect_good_call(service, sip_port);
    service.end();

    // What was wrong was refused once for each frame; who sent too much was closed, once for a call.
    const auto each = static_cast<std::size_t>(crowd.callers_each) * static_cast<std::size_t>(crowd.times);
    for (HostileKind* const kind : kinds) {
        kind->agent.read();
    }
    for (const HostileKind* const kind : {&wrong, &wrong_twilio}) {
        // On a machine that is too slow for them some take nothing for 10 s: these are dialled again.
        std::size_t whole = 0;
        for (const json& socket : kind->agent.said("refused")) {
            EXPECT_LE(socket.at("errors"), socket.at("of")) << kind->name;
            whole += socket.at("errors") == socket.at("of") ? 1U : 0U;
        }
        EXPECT_EQ(whole, each) << kind->name;
    }
    EXPECT_EQ(silent.closed(1000), each + static_cast<std::size_t>(crowd.times));
    std::size_t too_long = 0;
    for (const std::string& message : service.service().values("agent.gone", "message")) {
        too_long += message.find("1009") != std::string::npos ? 1U : 0U;
    }
    EXPECT_EQ(too_long, each);
    service.service().expect_calls(each * kinds.size() + static_cast<std::size_t>(crowd.times) + 2);
    service.expect_sound_store();
}

} // namespace keytone::test
