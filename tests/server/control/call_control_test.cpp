// SPDX-License-Identifier: MIT
//
// A call on a network that the test scripts: however a party ends the call, vanishes or lacks something,
// there is one outcome, and no phone is left ringing.
#include "server/control/call_control.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr DialogId caller{1};

/// Carries out orders at once, and reports the facts that the test gives it.
class ScriptedNetwork final : public Signalling {
  public:
    DialogId invite(const Invitation& invitation) override {
        const auto dialog = static_cast<DialogId>(next_++);
        invited.push_back(invitation.to);
        alive_[dialog] = true;
        return dialog;
    }
    void accept(DialogId dialog, const MediaDescription& /*own*/) override { alive_[dialog] = true; }
    void end(DialogId dialog, int /*status*/) override {
        if (std::exchange(alive_[dialog], false)) {
            ended.push_back(dialog);
            tell(dialog, DialogEnded{DialogEnded::How::by_us});
        }
    }
    void refer(DialogId /*dialog*/, const std::string& target,
               const std::vector<SipHeader>& /*headers*/) override {
        referred.push_back(target);
    }
    void press(DialogId /*dialog*/, Key key, Milliseconds /*length*/) override { pressed += key.character(); }
    std::optional<SignallingFact> next(Clock::time_point /*until*/) override {
        if (facts_.empty()) {
            return std::nullopt;
        }
        auto fact = std::move(facts_.front());
        facts_.pop_front();
        return fact;
    }

    void wake() override {}

    template <class What>
    void tell(DialogId dialog, What what) {
        if (std::is_same_v<What, DialogEnded>) {
            alive_[dialog] = false;
        }
        facts_.push_back({dialog, Clock::now(), std::move(what)});
    }

    std::vector<std::string> invited;
    std::vector<std::string> referred;
    std::vector<DialogId> ended; ///< By us.
    std::string pressed;

  private:
    std::uint64_t next_ = 2; // the caller's is 1
    std::map<DialogId, bool> alive_;
    std::deque<SignallingFact> facts_;
};

/// A place that takes packets, and sends none.
MediaDescription silent_place() {
    MediaDescription place;
    place.address = "127.0.0.1";
    place.port = 9; // discard
    return place;
}

CallSetup setup() {
    CallSetup made;
    made.from = "sip:keytone@127.0.0.1";
    made.trunk = "127.0.0.1:9";
    made.silence = 1s;
    return made;
}

class OneCall : public testing::Test {
  protected:
    explicit OneCall(CallSetup setup = server::setup())
        : control_(std::move(setup), {}, {}, network_, media_) {}

    void answer_caller() {
        ASSERT_FALSE(
            control_.take(caller, {"sip:caller@127.0.0.1", "sip:keytone@127.0.0.1", {}, silent_place(), ""}));
        EXPECT_TRUE(comes([&] { return control_.answered_at().has_value(); }));
    }
    void ask_for_transfer(bool by_refer = false) {
        Transfer transfer;
        transfer.phone_number = "5303195426";
        if (by_refer) {
            transfer.sip_domain = "127.0.0.1:9";
            transfer.method = Transfer::SipMethod::refer;
        }
        control_.submit({"t1", std::nullopt, Request(transfer)});
    }
    /// Runs the call until `condition` holds; false when that takes more than 10 s.
    bool comes(const std::function<bool()>& condition) {
        for (const auto until = Clock::now() + 10s; Clock::now() < until;) {
            run_for(5ms);
            if (condition()) {
                return true;
            }
        }
        return false;
    }
    void run_for(std::chrono::milliseconds time) {
        for (const auto until = Clock::now() + time; Clock::now() < until; std::this_thread::sleep_for(5ms)) {
            while (const auto fact = network_.next({})) {
                control_.take(*fact);
            }
            for (const Outcome& outcome : control_.step()) {
                hear(outcome);
            }
        }
    }
    /// Expects that the call ends, once.
    void expect_the_end() {
        EXPECT_TRUE(
            comes([&] { return completed_ > 0 && control_.is_over(Leg::a) && control_.is_over(Leg::b); }));
        run_for(100ms);
        EXPECT_EQ(completed_, 1);
    }

    ScriptedNetwork network_;
    MediaThread media_{{.max_calls = 2, .real_time = false}};
    CallControl control_;
    std::vector<Code> failures_;
    bool is_alive_ = true; ///< The caller, as told by the last failure.
    int completed_ = 0;

  private:
    void hear(const Outcome& outcome) {
        if (const auto* const failed = std::get_if<ActionFailed>(&outcome.what)) {
            failures_.push_back(failed->why.code);
            is_alive_ = failed->leg_alive;
        }
        completed_ += std::holds_alternative<SessionCompleted>(outcome.what) ? 1 : 0;
    }
};

TEST_F(OneCall, EndsWhereTheCallerVanishes) {
    answer_caller(); // and sends nothing
    expect_the_end();
    EXPECT_THAT(network_.ended, ElementsAre(caller));
}

TEST_F(OneCall, StaysWithACallerWhoHoldsAndSendsNothing) {
    answer_caller();
    MediaDescription held = silent_place();
    held.receives = false;
    network_.tell(caller, MediaChanged{held});
    run_for(2500ms);
    EXPECT_FALSE(control_.is_over(Leg::a));
    network_.tell(caller, DialogEnded{DialogEnded::How::by_far_side});
    expect_the_end();
}

TEST_F(OneCall, EndsWithTheCaller) {
    answer_caller();
    network_.tell(caller, DialogEnded{DialogEnded::How::by_far_side});
    expect_the_end();
    control_.submit({"e1", std::nullopt, Request(EndCall{})}); // the caller is gone: no second end
    run_for(100ms);
    EXPECT_EQ(completed_, 1);
    EXPECT_THAT(network_.ended, IsEmpty());
}

TEST_F(OneCall, ThatNobodyAnswersSaysWhyAndHadNoAgent) {
    ASSERT_FALSE(control_.place("sip:phone@127.0.0.1"));
    network_.tell(DialogId{2}, DialogEnded{DialogEnded::How::failed, 408});
    EXPECT_TRUE(comes([&] { return control_.is_over(Leg::a); }));
    ASSERT_TRUE(control_.caller_end());
    EXPECT_EQ(control_.caller_end()->status, 408);
    EXPECT_EQ(completed_, 0);
}

/// The far side takes neither of our codecs.
MediaDescription without_codecs() {
    MediaDescription place = silent_place();
    place.codecs.clear();
    return place;
}

TEST_F(OneCall, ThatIsAnsweredWithoutACommonCodecIsGivenUp) {
    ASSERT_FALSE(control_.place("sip:phone@127.0.0.1"));
    network_.tell(DialogId{2}, Answered{without_codecs()});
    EXPECT_TRUE(comes([&] { return control_.is_over(Leg::a); }));
    EXPECT_THAT(network_.ended, ElementsAre(DialogId{2}));
    EXPECT_FALSE(control_.answered_at());
}

TEST_F(OneCall, ATargetWithoutACommonCodecGivesTheCallerBack) {
    answer_caller();
    ask_for_transfer();
    ASSERT_TRUE(comes([&] { return !network_.invited.empty(); }));
    network_.tell(DialogId{2}, Answered{without_codecs()});
    EXPECT_TRUE(comes([&] { return !failures_.empty(); }));
    EXPECT_TRUE(is_alive_);
    EXPECT_THAT(network_.ended, ElementsAre(DialogId{2}));
}

TEST_F(OneCall, ManyChangesAtOnceAllComeToTheStream) {
    answer_caller();
    for (int i = 0; i < 40; ++i) {
        network_.tell(caller, MediaChanged{silent_place()});
    }
    MediaDescription held = silent_place();
    held.receives = false;
    network_.tell(caller, MediaChanged{held});
    run_for(300ms);
    const auto sent = control_.call().figures(Leg::a).packets_out;
    run_for(200ms);
    EXPECT_EQ(control_.call().figures(Leg::a).packets_out, sent) << "it is on hold";
    network_.tell(caller, DialogEnded{DialogEnded::How::by_far_side});
    expect_the_end();
}

TEST_F(OneCall, IsEndedFromHere) {
    answer_caller();
    control_.end();
    EXPECT_TRUE(comes([&] { return control_.is_over(Leg::a); }));
    EXPECT_THAT(network_.ended, ElementsAre(caller));
}

TEST_F(OneCall, ATargetThatVanishesGivesTheCallerBack) {
    answer_caller();
    MediaDescription held = silent_place();
    held.receives = false; // so that the caller's silence does not end the call
    network_.tell(caller, MediaChanged{held});
    ask_for_transfer();
    ASSERT_TRUE(comes([&] { return !network_.invited.empty(); }));
    EXPECT_THAT(network_.invited, ElementsAre("sip:5303195426@127.0.0.1:9"));
    network_.tell(DialogId{2}, DialogEnded{DialogEnded::How::failed});
    EXPECT_TRUE(comes([&] { return !failures_.empty(); }));
    EXPECT_TRUE(is_alive_);
    EXPECT_EQ(completed_, 0);
}

TEST_F(OneCall, ACallerWhoLeavesTakesTheRingingPhoneAlong) {
    answer_caller();
    ask_for_transfer();
    ASSERT_TRUE(comes([&] { return !network_.invited.empty(); }));
    network_.tell(DialogId{2}, Progress{180, std::nullopt});
    network_.tell(caller, DialogEnded{DialogEnded::How::by_far_side});
    expect_the_end();
    EXPECT_THAT(network_.ended, ElementsAre(DialogId{2}));
}

TEST_F(OneCall, ARefusedReferralGivesTheCallerBack) {
    answer_caller();
    ask_for_transfer(true);
    ASSERT_TRUE(comes([&] { return !network_.referred.empty(); }));
    network_.tell(caller, ReferResponse{603});
    EXPECT_TRUE(comes([&] { return !failures_.empty(); }));
    EXPECT_TRUE(is_alive_);
}

TEST_F(OneCall, ANotifyThatTellsNothingIsAFailureAtOnce) {
    answer_caller();
    ask_for_transfer(true);
    ASSERT_TRUE(comes([&] { return !network_.referred.empty(); }));
    network_.tell(caller, ReferResponse{202});
    network_.tell(caller, ReferProgress{0, true});
    EXPECT_TRUE(comes([&] { return !failures_.empty(); }));
    EXPECT_TRUE(is_alive_);
}

TEST_F(OneCall, AByeBehindTheFinalNotifyIsASuccess) {
    answer_caller();
    ask_for_transfer(true);
    ASSERT_TRUE(comes([&] { return !network_.referred.empty(); }));
    network_.tell(caller, ReferResponse{202});
    network_.tell(caller, ReferProgress{200, true});
    network_.tell(caller, DialogEnded{DialogEnded::How::by_far_side});
    expect_the_end();
    EXPECT_THAT(failures_, IsEmpty());
}

/// One pair of ports: the caller's.
class OnePort : public OneCall {
  protected:
    OnePort() : OneCall(with_one_port()) {}

    static CallSetup with_one_port() {
        const auto spare = RtpPort::open(*SocketAddress::parse("127.0.0.1", 0), {});
        CallSetup made = setup();
        const std::uint16_t port = spare ? spare->local().port() : std::uint16_t{40000};
        made.ports = {port, static_cast<std::uint16_t>(port + 1)};
        return made;
    }
};

TEST_F(OnePort, ATransferWithoutAPortFailsAndTheCallerStays) {
    answer_caller();
    ask_for_transfer();
    EXPECT_TRUE(comes([&] { return !failures_.empty(); }));
    EXPECT_TRUE(is_alive_);
    EXPECT_THAT(network_.invited, IsEmpty());
}

} // namespace
} // namespace keytone::server
