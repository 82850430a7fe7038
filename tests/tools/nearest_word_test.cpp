// SPDX-License-Identifier: MIT
#include "tools/nearest_word.hpp"

#include <gtest/gtest.h>

namespace keytone::tools {
namespace {

TEST(NearestWord, IsTheOneThatWasMeant) {
    const std::vector<std::string> words{"render", "detect", "play", "simulate", "tools"};
    EXPECT_EQ(nearest_word("detct", words), "detect");
    EXPECT_EQ(nearest_word("detcet", words), "detect");
    EXPECT_EQ(nearest_word("Render", words), "render");
    EXPECT_EQ(nearest_word("simulation", words), std::nullopt);
    EXPECT_EQ(nearest_word("simulat", words), "simulate");
    EXPECT_EQ(nearest_word("plya", words), "play");
    EXPECT_EQ(nearest_word("sing", words), std::nullopt);
    EXPECT_EQ(nearest_word("", words), std::nullopt);
    EXPECT_EQ(nearest_word("tool", {}), std::nullopt);
}

} // namespace
} // namespace keytone::tools
