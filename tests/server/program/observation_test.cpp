// SPDX-License-Identifier: MIT
//
// What a running service shows of itself: its threads, its calls, its agents' sockets.
#include "server/agent/agent_lines.hpp"
#include "server/control/call_meter.hpp"
#include "server/media/media_thread.hpp"
#include "server/program/observation.hpp"
#include "server/sip/re_signalling.hpp"
#include "tests/support/live_agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A network whose thread can be told to stand still.
class StillNetwork final : public Signalling {
  public:
    DialogId invite(const Invitation&) override { return DialogId{1}; }
    void accept(DialogId, const MediaDescription&) override {}
    void end(DialogId, int) override {}
    void refer(DialogId, const std::string&, const std::vector<SipHeader>&) override {}
    void press(DialogId, Key, Milliseconds) override {}
    std::optional<SignallingFact> next(std::chrono::steady_clock::time_point) override { return {}; }
    void wake() override {}
    std::chrono::nanoseconds lag() override { return lags; }

    std::chrono::nanoseconds lags{0};
};

class AnObservation : public testing::Test {
  protected:
    AnObservation() {
        media_.push_back(std::make_unique<MediaThread>(
            MediaThreadOptions{.max_calls = 1, .real_time = false, .metrics = &metrics_}));
    }
    /// Waits for it, for a bounded time.
    template <class Condition>
    static bool comes(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(1ms);
        }
        return condition();
    }
    static std::int64_t ns(std::chrono::nanoseconds ago) {
        return (std::chrono::steady_clock::now().time_since_epoch() - ago).count();
    }

    Metrics metrics_;
    std::vector<std::unique_ptr<MediaThread>> media_;
    StillNetwork network_;
    Observation observation_{metrics_, media_, network_, 2500};
};

TEST_F(AnObservation, SeesThatAllThreadsWork) {
    ASSERT_TRUE(comes([&] { return metrics_.lateness.count(0) + metrics_.lateness.count(3) > 0; }));
    metrics_.control_turn_ns = ns(100ms);
    EXPECT_THAT(observation_.health().reasons, IsEmpty());
    EXPECT_THAT(observation_.metrics(), HasSubstr("keytone_calls_max 2500\n"));
    EXPECT_THAT(observation_.metrics(), HasSubstr("keytone_media_threads 1\n"));
}

TEST_F(AnObservation, NamesWhatStandsStill) {
    ASSERT_TRUE(comes([&] { return media_[0]->last_slot().count() > 0; }));
    metrics_.store_fails = true;
    metrics_.control_turn_ns = ns(3s);
    network_.lags = 3s;
    EXPECT_THAT(observation_.health().reasons,
                ElementsAre("the store cannot be written", "the control thread stands still",
                            "the thread of SIP stands still"));
}

TEST(TheNetworksThread, ComesToWhatItIsAsked) {
    auto signalling = make_re_signalling({});
    ASSERT_TRUE(signalling) << signalling.error();
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    int came = 0;
    while (came < 3 && std::chrono::steady_clock::now() < deadline) {
        came += (*signalling)->lag() == 0ns ? 1 : 0;
    }
    EXPECT_EQ(came, 3) << "it is asked anew once it has come";
}

CallState in(CallPhase phase, LegPhase other = LegPhase::none) {
    CallState state;
    state.phase = phase;
    state.legs[Leg::b] = other;
    return state;
}

std::vector<std::int64_t> stages(const Metrics& metrics) {
    std::vector<std::int64_t> counts;
    for (const auto& count : metrics.calls) {
        counts.push_back(count.load());
    }
    return counts;
}

TEST(ACallMeter, CountsTheCallWhereItIs) {
    Metrics metrics;
    {
        CallMeter meter(&metrics);
        meter.note(in(CallPhase::before));
        EXPECT_THAT(stages(metrics), ElementsAre(1, 0, 0, 0, 0));
        meter.note(in(CallPhase::in_progress));
        meter.note(in(CallPhase::in_progress));
        EXPECT_THAT(stages(metrics), ElementsAre(0, 1, 0, 0, 0));
        meter.note(in(CallPhase::in_progress, LegPhase::dialled));
        EXPECT_THAT(stages(metrics), ElementsAre(0, 0, 1, 0, 0));
        meter.note(in(CallPhase::transferred, LegPhase::answered));
        EXPECT_THAT(stages(metrics), ElementsAre(0, 0, 0, 1, 0));
        CallMeter other(&metrics);
        other.note(in(CallPhase::in_progress));
        other.note(in(CallPhase::ended));
        EXPECT_THAT(stages(metrics), ElementsAre(0, 0, 0, 1, 0));
    }
    EXPECT_THAT(stages(metrics), ElementsAre(0, 0, 0, 0, 0));
}

TEST(ACallMeter, CountsWhatStreamsHaveGrownBy) {
    Metrics metrics;
    CallMeter meter(&metrics);
    StreamFigures figures;
    figures.packets_in = 100;
    figures.packets_out = 90;
    figures.lost = 3;
    figures.late = 2;
    figures.jitter = Milliseconds{7.0};
    meter.note(Leg::a, figures);
    figures.packets_in = 150;
    figures.lost = 1; // Duplicates came,
    meter.note(Leg::a, figures);
    figures.lost = 4; // and it is lost again.
    meter.note(Leg::a, figures);
    EXPECT_EQ(metrics.packets_in.load(), 150U);
    EXPECT_EQ(metrics.packets_out.load(), 90U);
    EXPECT_EQ(metrics.packets_lost.load(), 4U);
    EXPECT_EQ(metrics.packets_late.load(), 2U);
    EXPECT_EQ(metrics.jitter.count(3), 2U) << "up to 10 ms, where packets came";
    StreamFigures another;
    another.packets_in = 20;
    another.lost = 1;
    meter.note(Leg::a, another);
    EXPECT_EQ(metrics.packets_in.load(), 170U);
    EXPECT_EQ(metrics.packets_lost.load(), 5U);
    Outcome heard{};
    heard.leg = Leg::b;
    heard.what = DigitHeard{'1', 0, 800, 20.0};
    meter.take(heard);
    Outcome sent{};
    sent.what = ToneCompleted{1, 0, '1', 0, 800, false};
    meter.take(sent);
    EXPECT_THAT((std::vector{metrics.keys_heard[0].load(), metrics.keys_heard[1].load()}), ElementsAre(0, 1));
    EXPECT_THAT((std::vector{metrics.keys_sent[0].load(), metrics.keys_sent[1].load()}), ElementsAre(1, 0));
    CallMeter none(nullptr);
    none.note(Leg::a, figures);
    none.note(in(CallPhase::in_progress));
}

// Python's `websockets` answers pings by itself.
class AnAgentsSocket : public test::LiveAgent {};

TEST_F(AnAgentsSocket, IsPingedAndItsRoundTripCounted) {
    test::Agent agent(agent_port_, "keytone", "waits");
    Metrics metrics;
    AgentConfig config;
    config.url = *parse_agent_url("ws://" + test::on_loopback(agent_port_) + "/");
    auto lines = make_agent_lines({.ca = "", .wake = [] {}, .metrics = &metrics});
    ASSERT_TRUE(lines) << lines.error();
    const auto line = (*lines)->open(std::make_shared<const AgentConfig>(config), {"c", "+1", "100"},
                                     std::make_shared<AgentSound>());
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (metrics.agent_round_trip.sum() == 0.0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(1ms);
    }
    EXPECT_GT(metrics.agent_round_trip.sum(), 0.0);
    EXPECT_LT(metrics.agent_round_trip.sum(), 5.0);
    EXPECT_EQ(metrics.agents_open.load(), 1);
    line->end();
    lines->reset();
    EXPECT_EQ(metrics.agents_open.load(), 0);
}

} // namespace
} // namespace keytone::server
