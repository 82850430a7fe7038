// SPDX-License-Identifier: MIT
#include "engine/call_event.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string_view>

namespace keytone {
namespace {

TEST(CallEvent, FactsAreWrittenByTheirNames) {
    EXPECT_EQ(name(Fact::Kind::leg_early_media), "leg.early_media");
    std::set<std::string_view> names;
    const auto last = static_cast<int>(Fact::Kind::beep_detected);
    for (int kind = 0; kind <= last; ++kind) {
        names.insert(name(static_cast<Fact::Kind>(kind)));
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
    EXPECT_FALSE(names.contains("unknown"));
}

TEST(CallEvent, RangesHoldTheirEnds) {
    constexpr TimeRange range{{40}, {60}};
    EXPECT_TRUE(range.contains({40}));
    EXPECT_TRUE(range.contains({60}));
    EXPECT_FALSE(range.contains({39.9}));
    EXPECT_FALSE(range.contains({60.1}));
    EXPECT_FALSE(range.contains({std::numeric_limits<double>::quiet_NaN()}));
}

} // namespace
} // namespace keytone
