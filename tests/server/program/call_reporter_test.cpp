// SPDX-License-Identifier: MIT
//
// The store's thread: it never holds up who tells it something, whatever the disk does.
#include "server/program/call_reporter.hpp"
#include "server/store/secret.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <mutex>
#include <string>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using testing::HasSubstr;

class TheReporter : public testing::Test {
  protected:
    void open() {
        auto created = CallReporter::create({path(), {}, 90}, log_);
        ASSERT_TRUE(created) << created.error();
        reporter_ = *std::move(created);
    }
    [[nodiscard]] std::string path() const { return folder_.file("store.db"); }
    static StoredCall call(StoredState state = StoredState::begun) {
        StoredCall call;
        call.session = new_uuid();
        call.call = "c";
        call.state = state;
        call.began_ms = unix_ms();
        return call;
    }
    /// Waits for it, for a bounded time.
    bool is_kept(std::uint64_t number) {
        const auto deadline = Clock::now() + 20s;
        while (!reporter_->is_kept(number) && Clock::now() < deadline) {
            std::this_thread::yield();
        }
        return reporter_->is_kept(number);
    }
    std::string value(const char* query) const {
        Database database(path());
        Query found(database, query);
        return found.next() ? found.text(0) : "";
    }
    std::string said() {
        const std::lock_guard lock(mutex_);
        return said_;
    }
    bool says(const std::string& text) {
        const auto deadline = Clock::now() + 20s;
        while (said().find(text) == std::string::npos && Clock::now() < deadline) {
            std::this_thread::yield();
        }
        return said().find(text) != std::string::npos;
    }

    test::TemporaryFolder folder_;
    std::mutex mutex_;
    std::string said_;
    ServiceLog log_{LogFormat::json, LogLevel::info, [this](std::string_view lines) {
                        const std::lock_guard lock(mutex_);
                        said_ += lines;
                    }};
    std::unique_ptr<CallReporter> reporter_;
};

TEST_F(TheReporter, WritesAllThatItWasToldBeforeItEnds) {
    open();
    const auto opened = Clock::now();
    for (int i = 0; i < 2000; ++i) {
        StoredCall one = call();
        reporter_->put(one);
        one.state = StoredState::ended;
        one.ended_ms = unix_ms();
        reporter_->put(one, SessionEnding{});
    }
    reporter_.reset();
    const std::chrono::duration<double> took = Clock::now() - opened;
    RecordProperty("calls_a_second", static_cast<int>(2000.0 / took.count()));
    EXPECT_EQ(value("SELECT count(*) FROM calls WHERE state = 'ended'"), "2000");
    EXPECT_EQ(value("SELECT count(*) FROM reports"), "2000");
}

TEST_F(TheReporter, LetsNobodyWaitWhileTheStoreIsHeld) {
    open();
    ASSERT_TRUE(is_kept(reporter_->put(call())));
    std::uint64_t last = 0;
    {
        Database other(path());
        const Transaction held(other);
        const auto began = Clock::now();
        for (int i = 0; i < 1000; ++i) {
            last = reporter_->put(call());
        }
        const auto took = Clock::now() - began;
        EXPECT_LT(took, 2s) << "the store itself waits 5 s";
        RecordProperty("put_ns", static_cast<int>(std::chrono::nanoseconds(took).count() / 1000));
        EXPECT_FALSE(reporter_->is_kept(last));
    }
    EXPECT_TRUE(is_kept(last));
    EXPECT_EQ(value("SELECT count(*) FROM calls"), "1001");
}

TEST_F(TheReporter, CountsWhatDoesNotFitAndReportsTheEndsAllTheSame) {
    open();
    StoredCall one = call();
    ASSERT_TRUE(is_kept(reporter_->put(one)));
    {
        Database other(path());
        const Transaction held(other);
        std::size_t left_out = 0;
        for (std::size_t i = 0; i < CallReporter::most_waiting + 1000; ++i) {
            left_out += reporter_->put(call()) == 0 ? 1U : 0U;
        }
        EXPECT_GT(left_out, 0U);
        one.state = StoredState::ended;
        one.ended_ms = unix_ms();
        EXPECT_NE(reporter_->put(one, SessionEnding{}), 0U);
    }
    EXPECT_TRUE(says("store.left_out"));
    reporter_.reset();
    EXPECT_EQ(value("SELECT count(*) FROM reports"), "1");
}

TEST_F(TheReporter, WritesWhatItWasToldOnceThereIsRoomAgain) {
    open();
    ASSERT_TRUE(is_kept(reporter_->put(call())));
    const auto old = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
    const rlimit none{1024, limit.rlim_max}; // No file grows.
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
    std::uint64_t last = 0;
    for (int i = 0; i < 5; ++i) {
        StoredCall over = call(StoredState::ended);
        over.ended_ms = unix_ms();
        last = reporter_->put(over, SessionEnding{});
    }
    EXPECT_TRUE(says("store.failing"));
    EXPECT_TRUE(is_kept(last)) << "no call waits for a store that fails";
    EXPECT_EQ(value("SELECT count(*) FROM reports"), "0");
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
    static_cast<void>(std::signal(SIGXFSZ, old));
    EXPECT_TRUE(says("store.works"));
    reporter_.reset();
    EXPECT_EQ(value("SELECT count(*) FROM reports"), "5");
    EXPECT_EQ(said().find("store.lost"), std::string::npos) << said();
}

TEST_F(TheReporter, LetsNoOtherServiceUseItsStore) {
    open();
    const auto other = CallReporter::create({path(), {}, 90}, log_);
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error(), HasSubstr("another keytone-server uses it"));
    reporter_.reset();
    open();
}

TEST_F(TheReporter, SaysWhatIsWrongWithAStore) {
    const auto damaged = CallReporter::create({folder_.write("text", std::string(5000, 'x')), {}, 90}, log_);
    ASSERT_FALSE(damaged);
    EXPECT_THAT(damaged.error(), HasSubstr("text: is no store"));
    const auto nowhere = CallReporter::create({folder_.file("none/store.db"), {}, 90}, log_);
    ASSERT_FALSE(nowhere);
    EXPECT_THAT(nowhere.error(), HasSubstr("set store.path"));
}

TEST_F(TheReporter, ForgetsOldCalls) {
    open();
    StoredCall old = call(StoredState::ended);
    old.ended_ms = unix_ms() - std::int64_t{91} * 86'400'000;
    ASSERT_TRUE(is_kept(reporter_->put(old)));
    StoredCall recent = call(StoredState::ended);
    recent.ended_ms = unix_ms();
    ASSERT_TRUE(is_kept(reporter_->put(recent)));
    reporter_.reset();
    open(); // It looks at its beginning.
    ASSERT_TRUE(is_kept(reporter_->put(call())));
    reporter_.reset();
    EXPECT_EQ(value("SELECT count(*) FROM calls"), "2");
}

} // namespace
} // namespace keytone::server
