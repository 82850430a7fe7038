// SPDX-License-Identifier: MIT
#include "tools/detect/ordered_output.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace keytone::tools {
namespace {

/// Records the output; it is only called with OrderedOutput's lock held.
struct Record {
    std::string printed = {};
    std::size_t prints_left = 1'000'000;
    std::size_t longest = 0; ///< The longest of the texts printed.

    OrderedOutput::Print print() {
        return [this](std::string_view text) {
            if (prints_left == 0) {
                return false;
            }
            --prints_left;
            printed += text;
            longest = std::max(longest, text.size());
            return true;
        };
    }
    OrderedOutput::Report report() {
        return [this](std::string_view message) { printed += "!" + std::string(message) + "\n"; };
    }
};

TEST(OrderedOutput, PrintsTheFirstUnfinishedItemAtOnce) {
    Record record;
    OrderedOutput output(2, record.print(), record.report());
    EXPECT_TRUE(output.say(0, "a\n"));
    EXPECT_EQ(record.printed, "a\n");
}

TEST(OrderedOutput, KeepsLaterItemsUntilTheirTurn) {
    Record record;
    OrderedOutput output(3, record.print(), record.report());
    output.say(2, "c\n");
    output.finish(2);
    output.say(1, "b\n");
    output.finish(1, "bad");
    EXPECT_EQ(record.printed, "");
    output.say(0, "a\n");
    output.finish(0);
    EXPECT_EQ(record.printed, "a\nb\n!bad\nc\n");
}

TEST(OrderedOutput, PrintsWhatWasKeptWhenItsTurnComesThoughItGoesOn) {
    Record record;
    OrderedOutput output(2, record.print(), record.report());
    output.say(1, "b1\n");
    output.finish(0);
    EXPECT_EQ(record.printed, "b1\n");
    output.say(1, "b2\n");
    EXPECT_EQ(record.printed, "b1\nb2\n");
}

TEST(OrderedOutput, StopsWhenPrintingFails) {
    Record record{.prints_left = 1};
    OrderedOutput output(2, record.print(), record.report());
    EXPECT_TRUE(output.say(0, "a\n"));
    EXPECT_FALSE(output.say(0, "b\n"));
    EXPECT_FALSE(output.finish(0, "bad"));
    EXPECT_FALSE(output.say(1, "c\n"));
    EXPECT_EQ(record.printed, "a\n");
}

TEST(OrderedOutput, LetsThoseWaitWhoRunAheadWithTooMuch) {
    constexpr std::size_t budget = 10;
    constexpr int lines = 1000;
    Record record;
    OrderedOutput output(2, record.print(), record.report(), budget);
    std::atomic<bool> begun = false;
    std::jthread ahead([&] {
        for (int i = 0; i < lines; ++i) {
            output.say(1, "ahead\n");
            begun = true;
            begun.notify_one();
        }
        output.finish(1);
    });
    begun.wait(false);
    std::string expected;
    for (int i = 0; i < lines; ++i) { // The item whose turn it is never waits.
        EXPECT_TRUE(output.say(0, "first, longer than the budget\n"));
        expected += "first, longer than the budget\n";
    }
    record.longest = 0;
    output.finish(0);
    ahead.join();
    EXPECT_LE(record.longest, budget); // What was kept is printed in one piece.
    for (int i = 0; i < lines; ++i) {
        expected += "ahead\n";
    }
    EXPECT_EQ(record.printed, expected);
}

TEST(OrderedOutput, WakesThoseWhoWaitWhenPrintingFails) {
    Record record{.prints_left = 0};
    OrderedOutput output(2, record.print(), record.report(), 1);
    bool said = true;
    std::jthread ahead([&] { said = output.say(1, "too much\n"); });
    EXPECT_FALSE(output.say(0, "a\n"));
    ahead.join();
    EXPECT_FALSE(said);
}

TEST(OrderedOutput, OrdersManyItemsOfManyThreads) {
    constexpr std::size_t items = 500;
    Record record;
    OrderedOutput output(items, record.print(), record.report(), 64);
    std::atomic<std::size_t> next = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                for (std::size_t item = next++; item < items; item = next++) {
                    output.say(item, std::to_string(item) + " begins\n");
                    output.say(item, std::to_string(item) + " ends\n");
                    output.finish(item);
                }
            });
        }
    }
    std::string expected;
    for (std::size_t item = 0; item < items; ++item) {
        expected += std::to_string(item) + " begins\n" + std::to_string(item) + " ends\n";
    }
    EXPECT_EQ(record.printed, expected);
}

} // namespace
} // namespace keytone::tools
