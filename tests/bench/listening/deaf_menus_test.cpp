// SPDX-License-Identifier: MIT
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/recordings.hpp"
#include "bench/listening/deaf_menus.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace keytone::listening {
namespace {

/// Prompts that tools/install-deps installs.
std::vector<MenuPrompt> spoken() {
    std::vector<MenuPrompt> found;
    for (const char* const name : {"vm-intro.wav", "vm-options.wav", "goodbye.wav"}) {
        for (const accuracy::Recording& prompt : accuracy::prompts()) {
            if (prompt.name == name) {
                found.push_back({prompt.samples, accuracy::active_mean_square(prompt.samples, 8000), 0.0});
                break;
            }
        }
    }
    return found;
}

Menu menu(std::uint64_t seed) {
    accuracy::Random random(seed);
    return make_menu(spoken(), 300.0, random);
}

TEST(DeafMenus, AreReachedInAClosedLoopOnly) {
    accuracy::prepare_receivers();
    int closed = 0;
    int blind = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        closed += dial_extension(menu(seed), "305", Milliseconds{1000}) == Reached::all ? 1 : 0;
        blind += dial_extension(menu(seed), "305", std::nullopt) == Reached::all ? 1 : 0;
    }
    EXPECT_GE(closed, 7);
    EXPECT_LE(blind, 1);
}

TEST(DeafMenus, TellsKeysThatCameTooSoonFromThoseTooLate) {
    accuracy::prepare_receivers();
    Menu talks = menu(1);
    talks.end = talks.line.size(); // to its very end
    EXPECT_EQ(dial_extension(talks, "305", std::nullopt), Reached::early);
    EXPECT_EQ(dial_extension(menu(1), "305", Milliseconds{5000}), Reached::late);
}

TEST(DeafMenus, EndWithTheirLastWord) {
    const Menu made = menu(2);
    EXPECT_EQ(made.line.size() - made.end, 5U * 8000U);
}

} // namespace
} // namespace keytone::listening
