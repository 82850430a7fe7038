// SPDX-License-Identifier: MIT
//
// Calls over the loopback, in real time.
#include "server/media/media_thread.hpp"
#include "tests/support/allocation_watch.hpp"
#include "tests/support/live_party.hpp"
#include "tests/support/sanitizers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <optional>
#include <thread>
#include <vector>

namespace keytone::server {
namespace {

using test::AllocationWatch;
using test::LiveParty;

/// Waits for what comes with the ticks, 10 s at most.
template <class Condition>
bool comes_true(Condition condition) {
    for (int i = 0; i < 2000; ++i) {
        if (condition()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

/// An agent that is silent, and watches the thread that asks it.
class Watcher final : public AgentAudio {
  public:
    void speak(Leg /*leg*/, std::span<std::int16_t> /*out*/) noexcept override {
        if (!watch_) {
            watch_.emplace();
        }
        allocations_ = watch_->count();
        ++asked_;
    }
    void hear(Leg /*leg*/, std::span<const std::int16_t> /*heard*/) noexcept override {}

    [[nodiscard]] int allocations() const { return allocations_; }
    [[nodiscard]] int asked() const { return asked_; }

  private:
    std::optional<AllocationWatch> watch_;
    std::atomic<int> allocations_ = 0;
    std::atomic<int> asked_ = 0;
};

TEST(MediaThread, TwoCallsTalkAndNothingIsAllocated) {
    Watcher watcher;
    LiveParty near({.agent = &watcher, .recorded_blocks = 10});
    LiveParty far;
    ASSERT_TRUE(near.port) << near.port.error();
    ASSERT_TRUE(far.port) << far.port.error();
    MediaThread media({.max_calls = 4});
    ASSERT_TRUE(near.open(far.address));
    ASSERT_TRUE(far.open(near.address, false)); // one as events, the other as tones
    auto near_b = RtpPort::open(near.address, {});
    auto far_b = RtpPort::open(near.address, {});
    ASSERT_TRUE(near_b && far_b);
    const auto near_b_address = near_b->local();
    const auto far_b_address = far_b->local();
    ASSERT_TRUE(near.call->open_stream(Leg::b, *std::move(near_b), near.towards(far_b_address)));
    ASSERT_TRUE(far.call->open_stream(Leg::b, *std::move(far_b), far.towards(near_b_address)));
    ASSERT_TRUE(media.add(near.call));
    ASSERT_TRUE(media.add(far.call));
    EXPECT_FALSE(media.add(far.call));
    near.press("1*0", "k");
    far.press("789", "l");
    const auto all_heard = [&] {
        near.listen();
        far.listen();
        return near.heard.size() >= 3 && far.heard.size() >= 3;
    };
    EXPECT_TRUE(comes_true(all_heard));
    const SampleIndex heard_at = near.call->position(Leg::a);
    EXPECT_TRUE(comes_true([&] { // and none twice
        all_heard();
        return near.call->position(Leg::a) > heard_at + 4000;
    }));
    EXPECT_EQ(far.heard, "1*0");
    EXPECT_EQ(near.heard, "789");
    EXPECT_TRUE(near.figures().locked);
    EXPECT_EQ(near.figures().far, far.address);
    EXPECT_EQ(near.figures().foreign_source, 0U);
    EXPECT_GT(near.call->figures(Leg::b).packets_in, 20U);
    EXPECT_GT(far.call->figures(Leg::b).packets_in, 20U);
    // In closing, too.
    EXPECT_TRUE(near.call->close_stream(Leg::a));
    EXPECT_TRUE(comes_true([&] { return far.figures().far_left; }));
    EXPECT_GT(watcher.asked(), 100);
    EXPECT_EQ(watcher.allocations(), 0);
    std::cout << "real time: " << media.real_time() << ", late slots: " << media.late_slots()
              << ", skipped ticks: " << media.skipped_ticks()
              << ", longest slot: " << std::chrono::duration<double, std::micro>(media.longest_slot()).count()
              << " us\n";
}

TEST(MediaThread, LetsGoOfACallAndDestroysItOnTheControlSide) {
    MediaThread media({.max_calls = 2, .real_time = false});
    EXPECT_FALSE(media.real_time());
    auto first = std::make_shared<LiveCall>(SessionConfig{});
    auto second = std::make_shared<LiveCall>(SessionConfig{});
    ASSERT_TRUE(media.add(first));
    ASSERT_TRUE(media.add(second));
    EXPECT_FALSE(media.add(std::make_shared<LiveCall>(SessionConfig{}))); // full
    EXPECT_TRUE(comes_true([&] { return first->position(Leg::a) > 0 && second->position(Leg::b) > 0; }));
    EXPECT_TRUE(media.remove(*first));
    EXPECT_TRUE(media.remove(*first)); // once more does no harm
    EXPECT_TRUE(comes_true([&] { return !media.holds(*first); }));
    EXPECT_EQ(first.use_count(), 1);
    const SampleIndex stands = first->position(Leg::a);
    const SampleIndex went = second->position(Leg::a);
    EXPECT_TRUE(comes_true([&] { return second->position(Leg::a) > went + 480; }));
    EXPECT_EQ(first->position(Leg::a), stands);
    EXPECT_TRUE(media.holds(*second));
    EXPECT_TRUE(media.remove(*first)); // the thread does not have it
    ASSERT_TRUE(media.add(first));     // and may come back
    EXPECT_TRUE(comes_true([&] { return first->position(Leg::a) > stands; }));
}

// Many calls, an end of each on either side of the loopback: how long a tick takes.
TEST(MediaThread, ManyCallsKeepTheirTicks) {
    constexpr std::size_t pairs = KEYTONE_SANITIZER_INTERCEPTS ? 4 : 20;
    std::vector<LiveParty> parties(2 * pairs);
    MediaThread media({.max_calls = 2 * pairs});
    for (std::size_t i = 0; i < parties.size(); ++i) {
        ASSERT_TRUE(parties[i].port) << parties[i].port.error();
        ASSERT_TRUE(parties[i].open(parties[i ^ 1U].address));
    }
    for (LiveParty& party : parties) {
        ASSERT_TRUE(media.add(party.call));
    }
    for (LiveParty& party : parties) {
        EXPECT_TRUE(comes_true([&] { return party.figures().packets_in >= 50; }));
    }
    for (std::size_t i = 0; i < parties.size(); i += 2) {
        parties[i].press("5", "k");
        parties[i + 1].press("6", "k");
    }
    for (std::size_t i = 0; i < parties.size(); ++i) {
        LiveParty& party = parties[i];
        EXPECT_TRUE(comes_true([&] {
            party.listen();
            return !party.heard.empty();
        }));
        EXPECT_EQ(party.heard, i % 2 == 0 ? "6" : "5");
        EXPECT_EQ(party.figures().foreign_source, 0U);
    }
    std::cout << "late slots: " << media.late_slots() << ", skipped ticks: " << media.skipped_ticks()
              << ", longest slot: " << std::chrono::duration<double, std::micro>(media.longest_slot()).count()
              << " us\n";
}

} // namespace
} // namespace keytone::server
