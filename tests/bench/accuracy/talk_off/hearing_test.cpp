// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/rows/talk_off_lines.hpp"
#include "bench/accuracy/talk_off/hearing.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>
#include <vector>

namespace keytone::accuracy {
namespace {

/// A clip that does hold keys, so that there is something to hear.
class Talk : public testing::Test {
  protected:
    Talk() {
        prepare_receivers();
        Random random(5);
        const Sound keys = key_stream({.tone_ms = 100.0, .pause_ms = 100.0}, 10, recording_rate_hz, random);
        write_audio(folder_.path() / "keys.wav", keys.samples);
        write_audio(folder_.path() / "silence.wav", std::vector<float>(16000));
        for (const char* name : {"keys", "silence"}) {
            clips_.push_back({.kind = name,
                              .name = name,
                              .source = name,
                              .path = folder_.path() / (std::string(name) + ".wav")});
        }
    }

    [[nodiscard]] Setting setting(int rate_hz) {
        return {.rate_hz = rate_hz,
                .quick = true,
                .digits = 1,
                .speech_hours = 0.0,
                .cache = folder_.path() / "cache",
                .work = work_};
    }

    test::TemporaryFolder folder_;
    tools::Console console_;
    Work work_{2, console_};
    std::vector<Clip> clips_;
};

TEST_F(Talk, EveryKeyIsCountedAndListed) {
    const Hearing hearing = hear(setting(8000), clips_, std::array{Way{}}, std::array{DtmfLimits{}});
    ASSERT_EQ(hearing.clips.size(), 2U);
    EXPECT_EQ(hearing.clips[0].keytone, std::vector<std::int64_t>{10});
    EXPECT_EQ(hearing.clips[0].spandsp, 10);
    EXPECT_EQ(hearing.clips[1].keytone, std::vector<std::int64_t>{0});
    EXPECT_NEAR(hearing.clips[1].seconds, 2.0, 0.01);
    ASSERT_EQ(hearing.keys.size(), 10U);
    EXPECT_EQ(hearing.keys[0].clip, "keys");
    EXPECT_NEAR(hearing.keys[0].at_s, 0.2, 0.005);
    EXPECT_NEAR(hearing.keys[0].duration_ms, 100.0, 5.0);
    EXPECT_NEAR(hearing.keys[0].low_dbm0, -13.0, 0.5);
    EXPECT_GT(hearing.keys[0].high_hz, 1200.0);
}

// At 1.5 times the speed they are no keys any more; at another level they still are.
TEST_F(Talk, SpeedMovesTheTones) {
    const std::array ways{Way{.speed = 1.5}, Way{.gain_db = -10.0}};
    const Hearing hearing = hear(setting(8000), clips_, ways, std::array{DtmfLimits{}});
    EXPECT_EQ(hearing.clips[0].keytone, std::vector<std::int64_t>{10});
    for (const FalseKey& key : hearing.keys) {
        EXPECT_EQ(key.speed, 1.0);
        EXPECT_NEAR(key.low_dbm0, -23.0, 0.5);
    }
}

TEST_F(Talk, CodecsAndLossesAreHeardAtOtherRates) {
    const std::array ways{Way{.codec = through_g711_ulaw}, Way{.loss = Way::Loss::told}};
    const Hearing hearing = hear(setting(16000), clips_, ways, std::array{DtmfLimits{}});
    EXPECT_EQ(hearing.clips[0].keytone, std::vector<std::int64_t>{20});
    EXPECT_EQ(hearing.clips[0].spandsp, 0) << "it hears at 8 kHz only";
}

TEST_F(Talk, SeveralSensitivitiesHearTheSame) {
    std::vector<DtmfLimits> limits;
    for (const Sensitivity sensitivity : sensitivities) {
        limits.push_back({.sensitivity = sensitivity});
    }
    const Hearing hearing = hear(setting(8000), clips_, std::array{Way{}}, limits);
    EXPECT_EQ(hearing.clips[0].keytone, (std::vector<std::int64_t>(limits.size(), 10)));
    EXPECT_EQ(hearing.keys.size(), 10U) << "listed once";
}

TEST_F(Talk, SpeedsGoFromSlowToFast) {
    const std::vector<Way> ways = speeds(0.1);
    ASSERT_EQ(ways.size(), 8U);
    EXPECT_EQ(ways.front().speed, 0.7);
    EXPECT_EQ(ways.at(3).speed, 1.0);
    EXPECT_NEAR(ways.back().speed, 1.4, 1e-9);
}

FalseKeys heard(double hours, std::int64_t keytone, std::int64_t spandsp) {
    return {.seconds = hours * 3600.0, .keytone = {keytone}, .spandsp = spandsp};
}

TEST_F(Talk, SoManyAreAllowedAsFitIntoTheHours) {
    EXPECT_TRUE(*false_key_line(setting(8000), "", heard(99.0, 1, 5), 50.0).met);
    EXPECT_FALSE(*false_key_line(setting(8000), "", heard(99.0, 2, 5), 50.0).met);
    EXPECT_TRUE(*false_key_line(setting(8000), "", heard(100.0, 2, 5), 50.0).met);
    EXPECT_FALSE(*false_key_line(setting(8000), "", heard(49.0, 1, 5), 50.0).met);
    EXPECT_FALSE(*false_key_line(setting(8000), "", heard(500.0, 1, 5), 0.0).met);
    EXPECT_EQ(false_key_line(setting(8000), "", heard(100.0, 2, 5), 50.0).asked, "\xE2\x89\xA4 2: 1 in 50 h");
    EXPECT_EQ(false_key_line(setting(8000), "", heard(10.0, 0, 5), 50.0).asked, "0: 1 in 50 h");
}

TEST_F(Talk, NoMoreAreAllowedThanSpanDSPReports) {
    EXPECT_FALSE(*false_key_line(setting(8000), "", heard(1000.0, 3, 2), 50.0).met);
    EXPECT_TRUE(*false_key_line(setting(16000), "", heard(1000.0, 3, 0), 50.0).met) << "it takes no part";
}

TEST_F(Talk, PartsKindsAndWhatIsMissingAreTold) {
    const Outcome outcome =
        talk_off(setting(8000), {clips_, {"install more"}}, std::array{Way{}}, "sound", 50.0);
    std::size_t asked = 0;
    double keys_of_kinds = 0.0;
    for (const Line& line : outcome.lines) {
        asked += line.met.has_value() ? 1U : 0U;
        keys_of_kinds += line.what.starts_with("of it") ? line.keytone->value : 0.0;
    }
    EXPECT_EQ(asked, is_held_out("keys") == is_held_out("silence") ? 1U : 2U);
    EXPECT_EQ(keys_of_kinds, 10.0);
    EXPECT_EQ(outcome.lines.back().remark, "install more");
    EXPECT_EQ(outcome.false_keys.size(), 10U);
}

} // namespace
} // namespace keytone::accuracy
