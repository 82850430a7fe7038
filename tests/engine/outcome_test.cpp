// SPDX-License-Identifier: MIT
#include "engine/outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace keytone {
namespace {

using testing::ElementsAre;

/// The names of all values up to `last`.
template <class Enum>
std::vector<std::string_view> names_to(Enum last) {
    std::vector<std::string_view> names;
    for (int value = 0; value <= static_cast<int>(last); ++value) {
        names.push_back(name(static_cast<Enum>(value)));
    }
    return names;
}

TEST(Outcome, IsWrittenByNames) {
    EXPECT_THAT(names_to(Warning::pause_ignored), ElementsAre("not_e164", "empty_ignored", "pause_ignored"));
    EXPECT_THAT(names_to(OpPlanned::Event::queue), ElementsAre("answered", "queue"));
    EXPECT_THAT(names_to(Intent::Do::hangup),
                ElementsAre("speak", "dial", "sip_invite", "sip_refer", "bridge", "hangup"));
    EXPECT_THAT(names_to(LineHeard::What::beep),
                ElementsAre("sound_began", "sound_ended", "dial_tone", "beep"));
    EXPECT_THAT(names_to(LegChanged::State::ended),
                ElementsAre("ringing", "early_media", "answered", "ended"));
}

} // namespace
} // namespace keytone
