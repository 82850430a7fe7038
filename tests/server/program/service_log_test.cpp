// SPDX-License-Identifier: MIT
//
// The lines of a service's log, and that a reader who stops delays no one.
#include "server/program/service_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>

namespace keytone::server {
namespace {

using std::chrono::system_clock;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr system_clock::time_point some_day{1795888868s}; // 2026-11-28T18:01:08Z

Outcome outcome_of(decltype(Outcome::what) what) {
    return {1, Leg::b, 8000, "t1", "transfer", false, false, std::move(what)};
}

TEST(ServiceLog, TellsTheTimeInUtc) {
    EXPECT_EQ(iso_time(some_day), "2026-11-28T18:01:08.000Z");
    EXPECT_EQ(iso_time(some_day + 7ms), "2026-11-28T18:01:08.007Z");
    EXPECT_EQ(iso_time(system_clock::time_point{-1ms}), "1969-12-31T23:59:59.999Z");
}

TEST(ServiceLog, WritesText) {
    EXPECT_EQ(
        log_line(LogFormat::text,
                 {LogLevel::warning,
                  "call.refused",
                  "no room",
                  "c-1",
                  {{"status", 503}, {"from", "sip:a@b"}, {"to", "a b"}}},
                 some_day),
        "2026-11-28T18:01:08.000Z warning c-1 call.refused no room status=503 from=sip:a@b to=\"a b\"\n");
    EXPECT_EQ(log_line(LogFormat::text, {LogLevel::info, "service.ended"}, some_day),
              "2026-11-28T18:01:08.000Z info service.ended\n");
}

TEST(ServiceLog, WritesJsonLines) {
    EXPECT_EQ(log_line(LogFormat::json, {LogLevel::error, "call.unwritten", "x: no space", "c-1", {{"n", 1}}},
                       some_day),
              R"({"time":"2026-11-28T18:01:08.000Z","level":"error","call":"c-1","event":"call.unwritten",)"
              R"("message":"x: no space","n":1})"
              "\n");
}

TEST(ServiceLog, HoldsNothingThatATerminalObeys) {
    const std::string nasty = "a\x1b[2J\r\nb\x7f\xc2\x9b"
                              "31m\xff";
    for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
        const std::string line =
            log_line(format, {LogLevel::info, "call.began", nasty, nasty, {{"from", nasty}}}, some_day);
        EXPECT_EQ(line.find_first_of("\x1b\r\n\x7f"), line.size() - 1) << line;
        EXPECT_THAT(line, Not(HasSubstr("\xc2\x9b")));
        if (format == LogFormat::json) {
            EXPECT_TRUE(nlohmann::json::accept(line)) << line;
        }
    }
}

TEST(ServiceLog, TellsOutcomesWithoutSecrets) {
    Intent intent{};
    intent.what = Intent::Do::sip_invite;
    intent.to = "sip:a@b";
    intent.headers = {{"X-Extension", "4711"}};
    const Outcome invite = outcome_of(intent);
    EXPECT_EQ(level_of(invite), LogLevel::debug);
    Outcome key = outcome_of(DigitHeard{'4', 0, 800, 30.0});
    key.sensitive = true;
    const std::string line = log_line(LogFormat::json, entry_of(invite, "c-1"), some_day);
    EXPECT_THAT(line, HasSubstr("X-Extension"));
    EXPECT_THAT(line, Not(HasSubstr("4711")));
    EXPECT_THAT(log_line(LogFormat::text, entry_of(invite, "c-1"), some_day), Not(HasSubstr("4711")));
    EXPECT_THAT(log_line(LogFormat::json, entry_of(key, "c-1"), some_day), HasSubstr(R"("digit":"?")"));
}

TEST(ServiceLog, TellsOutcomesOfActionsAndLegs) {
    const LogEntry entry = entry_of(outcome_of(LegChanged{LegChanged::State::answered}), "c-1");
    EXPECT_EQ(entry.level, LogLevel::info);
    EXPECT_EQ(entry.event, "leg.changed");
    EXPECT_EQ(entry.call, "c-1");
    EXPECT_EQ(entry.details["outcome"]["state"], "answered");
    EXPECT_EQ(entry.details["outcome"]["leg"], "b");
    EXPECT_EQ(entry.message, "1.000 s  b  answers");
    EXPECT_EQ(entry_of(outcome_of(ActionStarted{}), "c-1").message, "transfer t1") << "whose it is";
}

/// A reader who may be stopped.
class Reader {
  public:
    void read(std::string_view lines) {
        std::unique_lock lock(mutex_);
        is_reading_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return !is_stopped_; });
        text_ += lines;
    }
    void await_first() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return is_reading_; });
    }
    void go_on() {
        const std::lock_guard lock(mutex_);
        is_stopped_ = false;
        changed_.notify_all();
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_reading_ = false;
    bool is_stopped_ = true;
    std::string text_;
};

TEST(ServiceLog, LeavesLinesOutWhenNobodyReadsAndSaysSo) {
    Reader reader;
    {
        ServiceLog log(LogFormat::json, LogLevel::info, [&](std::string_view lines) { reader.read(lines); });
        log.put({LogLevel::info, "first"});
        reader.await_first();
        for (std::size_t i = 0; i < ServiceLog::most_waiting + 5; ++i) {
            log.put({LogLevel::info, "more"});
        }
        reader.go_on();
    }
    EXPECT_EQ(std::ranges::count(reader.text(), '\n'),
              static_cast<std::ptrdiff_t>(1 + ServiceLog::most_waiting + 1));
    EXPECT_THAT(reader.text(), HasSubstr(R"("event":"log.left_out")"));
    EXPECT_THAT(reader.text(), HasSubstr(R"("lines":5)"));
}

TEST(ServiceLog, WritesWhatMattersEnough) {
    std::string text;
    {
        ServiceLog log(LogFormat::text, LogLevel::warning, [&](std::string_view lines) { text += lines; });
        log.put({LogLevel::info, "unimportant"});
        log.put(outcome_of(LegChanged{LegChanged::State::answered}), "c-1");
        log.put({LogLevel::error, "important"});
    }
    EXPECT_THAT(text, HasSubstr("error important\n"));
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

} // namespace
} // namespace keytone::server
