// SPDX-License-Identifier: MIT
#include "dsp/dtmf_limits.hpp"
#include "dsp/keys.hpp"

#include <gtest/gtest.h>

namespace keytone {
namespace {

TEST(DtmfLimits, ProfilesAreFoundByName) {
    for (const DtmfProfile& profile : dtmf_profiles()) {
        const auto limits = dtmf_profile(profile.name);
        ASSERT_TRUE(limits) << profile.name;
        EXPECT_EQ(limits->max_tone_rejected, profile.limits.max_tone_rejected);
    }
    EXPECT_FALSE(dtmf_profile("Q24"));
    EXPECT_FALSE(dtmf_profile(""));
}

TEST(DtmfLimits, SensitivitiesAreFoundByName) {
    EXPECT_EQ(sensitivity_named("strict"), Sensitivity::strict);
    EXPECT_EQ(sensitivity_named("normal"), Sensitivity::normal);
    EXPECT_EQ(sensitivity_named("sensitive"), Sensitivity::sensitive);
    for (const Sensitivity each : sensitivities) {
        EXPECT_EQ(sensitivity_named(name(each)), each);
    }
    EXPECT_FALSE(sensitivity_named("Strict"));
    EXPECT_FALSE(sensitivity_named(""));
    EXPECT_EQ(DtmfLimits{}.sensitivity, Sensitivity::normal);
}

TEST(DtmfLimits, LeaveRoomBetweenWhatIsAcceptedAndRejected) {
    for (const DtmfProfile& profile : dtmf_profiles()) {
        const DtmfLimits& limits = profile.limits;
        for (const Hertz nominal :
             {low_group.front(), low_group.back(), high_group.front(), high_group.back()}) {
            EXPECT_LT(limits.frequency_accepted.at(nominal), limits.frequency_rejected.at(nominal))
                << profile.name;
        }
        EXPECT_GT(limits.min_level_accepted, limits.max_level_rejected) << profile.name;
        EXPECT_GT(limits.min_tone_accepted, limits.max_tone_rejected) << profile.name;
        EXPECT_GT(limits.min_pause, limits.max_interruption) << profile.name;
    }
}

TEST(DtmfLimits, DefaultAsksForWhatEveryColumnAsksFor) {
    const DtmfLimits q24;
    for (const DtmfProfile& profile : dtmf_profiles()) {
        if (profile.name == "microphone") { // no column of the table
            continue;
        }
        EXPECT_LE(q24.min_level_accepted, profile.limits.min_level_accepted) << profile.name;
        EXPECT_GE(q24.min_tone_accepted, profile.limits.min_tone_accepted) << profile.name;
    }
}

TEST(DtmfLimits, ToleranceAddsItsShareAndItsFixedPart) {
    constexpr FrequencyTolerance tolerance{1.5, 2_Hz};
    EXPECT_DOUBLE_EQ(tolerance.at(1000_Hz).value, 17.0);
}

} // namespace
} // namespace keytone
