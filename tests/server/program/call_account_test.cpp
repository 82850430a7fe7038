// SPDX-License-Identifier: MIT
//
// What is kept of a call, as its outcomes come: the store is read by another connection.
#include "server/program/call_account.hpp"
#include "server/store/database.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace keytone::server {
namespace {

class AnAccount : public testing::Test {
  protected:
    AnAccount() {
        auto created = CallReporter::create({folder_.file("store.db"), {}, 90}, log_);
        EXPECT_TRUE(created) << created.error();
        reporter_ = *std::move(created);
        StoredCall call;
        call.call = "c-1";
        call.from = "+1";
        call.to = "100";
        account_ = std::make_unique<CallAccount>(*reporter_, call);
    }

    template <class What>
    void take(What what, Leg leg = Leg::a) {
        Outcome outcome{};
        outcome.leg = leg;
        outcome.what = std::move(what);
        account_->take(outcome);
        account_->settle(std::nullopt);
    }
    void answered() { take(LegChanged{LegChanged::State::answered}); }

    /// All is written.
    void end() { reporter_.reset(); }
    std::string value(const char* query) const {
        Database database(folder_.file("store.db"));
        Query found(database, query);
        return found.next() ? found.text(0) : "";
    }
    nlohmann::json data() const { return nlohmann::json::parse(value("SELECT body FROM reports"))["data"]; }

    test::TemporaryFolder folder_;
    ServiceLog log_{LogFormat::json, LogLevel::error, [](std::string_view) {}};
    std::unique_ptr<CallReporter> reporter_;
    std::unique_ptr<CallAccount> account_;
};

TEST_F(AnAccount, ReportsACallThatTheAgentEnded) {
    answered();
    take(OpStarted{1, "prompt", "Hello."});
    take(OpStarted{2, "silence", std::nullopt});
    take(OpStarted{1, "prompt", "To the other."}, Leg::b);
    take(SessionCompleted{false, 2.5, 0, std::nullopt});
    account_->close(DialogEnded{DialogEnded::How::by_us});
    end();
    EXPECT_EQ(value("SELECT count(*) FROM reports"), "1");
    EXPECT_EQ(value("SELECT state FROM calls"), "ended");
    EXPECT_EQ(data()["duration_seconds"], 2.5);
    EXPECT_EQ(data()["session_id"], account_->session());
    ASSERT_EQ(data()["transcript"].size(), 1U);
    EXPECT_EQ(data()["transcript"][0]["content"], "Hello.");
}

TEST_F(AnAccount, ReportsACallThatIsHandedOnAtOnce) {
    answered();
    take(SessionCompleted{true, 1.5, 0, "+1530"});
    take(OpStarted{9, "prompt", "Not the agent's."});
    end(); // The far sides still talk.
    EXPECT_EQ(value("SELECT state FROM calls"), "transferred");
    EXPECT_EQ(data()["call"]["transferred"], true);
    EXPECT_EQ(data()["duration_seconds"], 1.5);
}

TEST_F(AnAccount, OfACallThatWasHandedOnEndsWithoutAnotherReport) {
    answered();
    take(SessionCompleted{true, 1.5, 0, "+1530"});
    account_->close(DialogEnded{DialogEnded::How::by_far_side});
    end();
    EXPECT_EQ(value("SELECT state FROM calls"), "ended");
    EXPECT_EQ(value("SELECT count(*) FROM reports"), "1");
    EXPECT_EQ(data()["call"]["disposition"], "completed");
}

TEST_F(AnAccount, ReportsACallThatWasNeverAnswered) {
    account_->close(DialogEnded{DialogEnded::How::cancelled});
    account_->close(DialogEnded{DialogEnded::How::cancelled});
    end();
    EXPECT_EQ(value("SELECT count(*) FROM reports"), "1");
    EXPECT_EQ(data()["call"]["status"], "canceled");
    EXPECT_EQ(data()["call"]["answered_by"], "not_answered");
    EXPECT_EQ(data()["duration_seconds"], 0.0);
}

TEST_F(AnAccount, KnowsWhetherTheCallerSaidAnything) {
    answered();
    take(LineHeard{LineHeard::What::sound_began, 0, 0}, Leg::b);
    Outcome over{};
    over.leg = Leg::a;
    over.what = SessionCompleted{false, 1.0, 0, std::nullopt};
    account_->take(over);
    account_->settle(DialogEnded{DialogEnded::How::by_far_side});
    end();
    EXPECT_EQ(data()["call"]["disposition"], "user_hangup_no_speech");
}

TEST_F(AnAccount, KeepsABoundedTranscript) {
    answered();
    for (std::size_t i = 0; i < 2 * CallAccount::most_spoken; ++i) {
        take(OpStarted{1, "prompt", std::string(100, 'x')});
    }
    take(SessionCompleted{false, 1.0, 0, std::nullopt});
    end();
    EXPECT_EQ(data()["transcript"].size(), CallAccount::most_spoken_bytes / 100);
}

TEST_F(AnAccount, IsKeptAtItsBeginning) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!account_->is_kept() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    ASSERT_TRUE(account_->is_kept());
    EXPECT_EQ(value("SELECT state FROM calls"), "begun");
    answered();
    end(); // as if the service died
    EXPECT_EQ(value("SELECT state FROM calls"), "in_progress");
    EXPECT_EQ(value("SELECT count(*) FROM reports"), "0");
    auto next = CallReporter::create({folder_.file("store.db"), {}, 90}, log_);
    ASSERT_TRUE(next) << next.error();
    EXPECT_EQ(value("SELECT state FROM calls"), "ended");
    EXPECT_EQ(data()["call"]["reason"], "node_lost");
    EXPECT_EQ(data()["call"]["status"], "failed");
    EXPECT_EQ(data()["call"]["disposition"], "failed");
}

} // namespace
} // namespace keytone::server
