// SPDX-License-Identifier: MIT
#include "dsp/units.hpp"

#include <gtest/gtest.h>

#include <concepts>

namespace keytone {
namespace {

using namespace literals;

template <class A, class B>
concept Addable = requires(A a, B b) {
    a + b;
};
template <class A, class B>
concept Comparable = requires(A a, B b) {
    a < b;
};

// What must not compile: sums of different units, sums of two levels, and plain numbers in place of
// quantities.
static_assert(!Addable<Hertz, Milliseconds>);
static_assert(!Addable<Dbm0, Dbm0>);
static_assert(!Addable<Decibels, double>);
static_assert(!Comparable<Dbm0, Decibels>);
static_assert(!std::convertible_to<double, Hertz>);
static_assert(!std::convertible_to<Hertz, double>);
static_assert(!std::convertible_to<Hertz, Decibels>);

TEST(Units, SumsAndRatiosKeepTheUnit) {
    EXPECT_EQ(697_Hz + 1_Hz, 698_Hz);
    EXPECT_EQ(2.0 * 50_ms, 100_ms);
    EXPECT_EQ(-(3_dB), Decibels{-3.0});
    EXPECT_DOUBLE_EQ(1_Hz / 4_Hz, 0.25);
    EXPECT_LT(22.5_ms, 23_ms);
}

TEST(Units, LevelsDifferByDecibels) {
    constexpr Dbm0 low{-10.0};
    constexpr Dbm0 high{-8.0};
    EXPECT_EQ(high - low, 2_dB);
    EXPECT_EQ(low + 2_dB, high);
    EXPECT_EQ(high - 2_dB, low);
}

} // namespace
} // namespace keytone
