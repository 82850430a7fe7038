// SPDX-License-Identifier: MIT
#include "bench/accuracy/outcome.hpp"

#include <gtest/gtest.h>

namespace keytone::accuracy {
namespace {

TEST(Outcome, AHundredPercentIsSaidOfAllOnly) {
    EXPECT_EQ(percent_text(100.0), "100 %");
    EXPECT_EQ(percent_text(100.0 * 99999 / 100000.0), "99.99 %");
    EXPECT_EQ(percent_text(99.9), "99.90 %");
    EXPECT_EQ(percent_text(0.0), "0 %");
    EXPECT_EQ(percent_text(0.001), "< 0.01 %");
    EXPECT_EQ(percent_text(97.0), "97 %");
}

TEST(Outcome, NumbersHaveTheTrueMinus) {
    EXPECT_EQ(number_text(-1.5, 1), "\xE2\x88\x92"
                                    "1.5");
    EXPECT_EQ(number_text(-0.01, 1), "0.0");
    EXPECT_EQ(number_text(12.0, 0), "12");
}

TEST(Outcome, FiguresTellWhatWentWrong) {
    EXPECT_EQ(hit_figure({.sent = 100, .hits = 98, .wrong = 2, .extra = 3}).text, "98 %, 2 wrong, 3 extra");
    EXPECT_EQ(hit_figure({.sent = 100, .hits = 98, .missed = 2}).value, 98.0);
    EXPECT_EQ(accepted_figure({.sent = 100, .hits = 1, .missed = 97, .wrong = 2}).text, "3 %");
}

} // namespace
} // namespace keytone::accuracy
