// SPDX-License-Identifier: MIT
//
// What holds for every call. The calls themselves, row by row, are in the tests of the policy's parts.
#include "engine/policy/call_policy.hpp"
#include "tests/support/call_auditor.hpp"
#include "tests/support/call_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

/// Random events of a call, from a seed.
class Fate {
  public:
    explicit Fate(std::uint32_t seed) : random_(seed) {}

    int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint32_t>(bound)); }
    bool once_in(int times) { return below(times) == 0; }

    CallRules rules() {
        CallRules rules;
        rules.host_speaks = once_in(3);
        rules.max_queued = once_in(3) ? 4 : 16;
        rules.max_actions = once_in(5) ? 6 : 1000;
        rules.rate = {rate(), rate()};
        if (once_in(2)) {
            AgentSettings settings;
            settings.transfer_enabled = !once_in(4);
            settings.transfer_number = "+14155551234";
            settings.end_call_enabled = !once_in(6);
            settings.end_call_message = once_in(2) ? "Goodbye." : "";
            rules.settings = settings;
        }
        return rules;
    }

    Entry next(SampleIndex sample) {
        if (once_in(3)) {
            return at(sample, any_fact());
        }
        // Now and then an id that was used before, or none.
        const std::string id = once_in(12) ? "" : "r" + std::to_string(once_in(10) ? below(5) : next_id_++);
        return at(sample, id, any_request());
    }

    MediaReport any_report() {
        static constexpr std::array kinds{
            MediaReport::Kind::op_started,   MediaReport::Kind::op_completed, MediaReport::Kind::op_failed,
            MediaReport::Kind::op_cancelled, MediaReport::Kind::tone_sent,    MediaReport::Kind::masked,
            MediaReport::Kind::bridged,      MediaReport::Kind::digit_heard,  MediaReport::Kind::sound_began,
            MediaReport::Kind::sound_ended,  MediaReport::Kind::dial_tone,    MediaReport::Kind::beep};
        const auto index = static_cast<std::uint32_t>(once_in(6) ? 1000 : 1 + below(6));
        MediaReport report =
            op_report(kinds[static_cast<std::size_t>(below(kinds.size()))],
                      {static_cast<std::uint32_t>(1 + below(8)), index}, once_in(2) ? Leg::a : Leg::b,
                      below(100'000), 100'000 + below(100'000));
        report.digit = "0123456789*#ABCD"[below(16)];
        return report;
    }

  private:
    SampleRate rate() { return *SampleRate::from_hz(once_in(3) ? 44100 : once_in(2) ? 16000 : 8000); }

    Request any_request() {
        switch (below(10)) {
        case 0:
        case 1:
            return say("Some words.");
        case 2:
        case 3: {
            Click click(once_in(5) ? "12x" : "1w2#");
            click.sensitive = once_in(3);
            if (once_in(3)) {
                click.now();
            }
            if (once_in(3)) {
                click.wait(any_wait());
            }
            return static_cast<ClickIvr&>(click);
        }
        case 4:
        case 5:
        case 6:
        case 7: {
            TransferTo transfer("5303195426");
            if (once_in(2)) {
                transfer.ext("221").pause(below(3));
            }
            if (once_in(3)) {
                transfer.domain("pbx.example.com");
            }
            if (once_in(3)) {
                transfer.says("Please hold.");
            }
            if (once_in(4)) {
                transfer.refer();
                transfer.phone_number = "+15303195426";
            }
            if (transfer.extension && once_in(4)) {
                transfer.wait(any_wait());
            }
            if (once_in(8)) {
                return TransferRequest{};
            }
            return static_cast<Transfer&>(transfer);
        }
        case 8:
            return once_in(4) ? Request(end_call()) : Request(say("More words."));
        default:
            return once_in(6) ? Request(end_now()) : Request(say("And more."));
        }
    }

    WaitFor any_wait() {
        static constexpr std::array cues{CueKind::prompt_end, CueKind::dial_tone, CueKind::beep,
                                         CueKind::silence};
        return wait_for(cues[static_cast<std::size_t>(below(4))], 0, 1000.0 * (1 + below(3)),
                        once_in(2) ? WaitFor::Fallback::send : WaitFor::Fallback::fail);
    }

    Fact any_fact() {
        static constexpr std::array statuses{100, 180, 200, 202, 302, 404, 408, 480, 486, 503, 603};
        const auto status = statuses[static_cast<std::size_t>(below(statuses.size()))];
        const auto reason = static_cast<Fact::Reason>(below(5));
        switch (below(14)) {
        case 0:
        case 1:
        case 2:
        case 3:
            return answered(Leg::b);
        case 4:
            return ended(Leg::b, reason);
        case 5:
            return once_in(5) ? ended(Leg::a, reason) : answered(Leg::a);
        case 6:
            return sip(status);
        case 7:
            return notify(status);
        case 8:
        case 9:
            return fact(Fact::Kind::prompt_drained);
        default: {
            Fact any = fact(static_cast<Fact::Kind>(below(12)), once_in(2) ? Leg::a : Leg::b);
            if (any.kind == Fact::Kind::leg_ended && any.leg == Leg::a) {
                any.leg = Leg::b;
            }
            any.tone = static_cast<CueKind>(below(7));
            return any;
        }
        }
    }

    std::mt19937 random_;
    int next_id_ = 0;
};

/// Only what max_actions bounds may grow with the length of the call.
std::string what_grew(const CallState& state, const CallRules& rules) {
    const auto active =
        std::ranges::count_if(state.actions, [](const Action& action) { return !action.concluded; });
    // Two more: a graceful and an immediate end, which are accepted even if the queue is full.
    if (static_cast<std::size_t>(active) > rules.max_queued + 2) {
        return "actions";
    }
    if (state.known.size() > rules.max_actions + reserved_ends) {
        return "ids";
    }
    if (state.sent.size() > 32) {
        return "tones";
    }
    const bool long_action =
        std::ranges::any_of(state.actions, [](const Action& action) { return action.ops.size() > 8; });
    return long_action ? "ops" : "";
}

class AnyCall : public testing::TestWithParam<int> {
  protected:
    static constexpr std::uint32_t calls = 1000;
};

TEST_P(AnyCall, ConcludesEveryActionOnce) {
    for (std::uint32_t i = 0; i < calls; ++i) {
        const std::uint32_t seed = static_cast<std::uint32_t>(GetParam()) * calls + i;
        Fate fate(seed);
        CallScript call(fate.rules());
        call.hold_reports(fate.once_in(2));
        if (!fate.once_in(10)) {
            call.run(at(0, answered(Leg::a)));
        }
        SampleIndex now = 0;
        const int events = 5 + fate.below(60);
        for (int event = 0; event < events; ++event) {
            now += fate.once_in(3) ? 0 : fate.once_in(4) ? fate.below(400'000) : fate.below(8'000);
            call.run(fate.next(now));
            if (fate.once_in(3)) {
                call.deliver();
            }
            ASSERT_EQ(what_grew(call.state(), call.rules()), "") << seed;
        }
        ASSERT_EQ(first_breach(call), "") << seed;
        call.run(at(now + 10, ended(Leg::a)));
        call.run_to(now + 4'000'000);
        call.deliver();
        ASSERT_EQ(first_breach_at_end(call), "") << seed;
    }
}

// If the caller does not hang up, everything that was requested ends by itself, and the leg is free again.
TEST_P(AnyCall, ComesToRestByItself) {
    for (std::uint32_t i = 0; i < calls; ++i) {
        const std::uint32_t seed = 1'000'000 + static_cast<std::uint32_t>(GetParam()) * calls + i;
        Fate fate(seed);
        CallScript call(fate.rules());
        call.run(at(0, answered(Leg::a)));
        SampleIndex now = 0;
        for (int event = 0; event < 20; ++event) {
            now += fate.below(30'000);
            call.run(fate.next(now));
        }
        call.run_to(now + 44'100 * 3600);
        const CallState& state = call.state();
        const bool at_rest =
            std::ranges::all_of(state.actions, [](const Action& action) { return action.concluded; });
        ASSERT_TRUE(at_rest) << seed;
        ASSERT_NE(state.phase, CallPhase::ending) << seed;
        ASSERT_EQ(first_breach(call), "") << seed;
    }
}

// Reports that no audio side would send, in any order.
TEST_P(AnyCall, SurvivesAnyReport) {
    for (std::uint32_t i = 0; i < calls; ++i) {
        const std::uint32_t seed = 2'000'000 + static_cast<std::uint32_t>(GetParam()) * calls + i;
        Fate fate(seed);
        CallScript call(fate.rules());
        call.run(at(0, answered(Leg::a)));
        SampleIndex now = 0;
        for (int event = 0; event < 60; ++event) {
            now += fate.below(4'000);
            call.run(fate.once_in(2) ? fate.next(now) : at(now, fate.any_report()));
            ASSERT_EQ(what_grew(call.state(), call.rules()), "") << seed;
        }
        call.run(at(now + 400'000, ended(Leg::a)));
        for (const Outcome& outcome : call.outcomes()) {
            ASSERT_GT(outcome.seq, 0U);
        }
        std::vector<std::string> concluded;
        for (const Outcome& outcome : call.outcomes()) {
            const bool ends = std::holds_alternative<ActionCompleted>(outcome.what) ||
                              std::holds_alternative<ActionFailed>(outcome.what) ||
                              std::holds_alternative<ActionCancelled>(outcome.what);
            if (ends && !outcome.replayed) {
                ASSERT_EQ(std::ranges::count(concluded, outcome.id), 0) << seed << ' ' << outcome.id;
                concluded.push_back(outcome.id);
            }
        }
        for (const Outcome& outcome : call.outcomes()) {
            if (std::holds_alternative<ActionAccepted>(outcome.what) && !outcome.replayed) {
                ASSERT_EQ(std::ranges::count(concluded, outcome.id), 1) << seed << ' ' << outcome.id;
            }
        }
    }
}

TEST_P(AnyCall, IsAFunctionOfItsInput) {
    for (std::uint32_t i = 0; i < calls / 10; ++i) {
        const std::uint32_t seed = 3'000'000 + static_cast<std::uint32_t>(GetParam()) * calls + i;
        Fate fate(seed);
        CallScript call(fate.rules());
        call.run(at(0, answered(Leg::a)));
        SampleIndex now = 0;
        for (int event = 0; event < 40; ++event) {
            now += fate.below(8'000);
            const Entry entry = fate.once_in(5) ? at(now, fate.any_report()) : fate.next(now);
            call.run_to(now);
            const CallStep once = call.preview(entry);
            const CallStep twice = call.preview(entry);
            ASSERT_EQ(lines(once), lines(twice)) << seed;
            // And both states continue in the same way.
            const Entry after = fate.next(now);
            CallScript one = call;
            CallScript other = call;
            one.run(entry);
            other.run(entry);
            ASSERT_EQ(lines(one.preview(after)), lines(other.preview(after))) << seed;
            call = one;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnyCall, testing::Range(0, 4));

} // namespace
} // namespace keytone::test
