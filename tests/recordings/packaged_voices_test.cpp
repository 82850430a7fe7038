// SPDX-License-Identifier: MIT
//
// Voices from Debian packages, of dozens of speakers: players of a game, letters and syllables in twenty
// languages, prompts, samples that speech codecs are tested with. No key is detected in them, nor when they
// are played faster or slower.
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/talk_off/hearing.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace keytone::accuracy {
namespace {

/// One of so many clips is heard.
constexpr std::size_t step = 4;

class PackagedVoices : public testing::Test {
  protected:
    void SetUp() override {
        prepare_receivers();
        const Corpus corpus = packaged_speech();
        for (const std::string& missing : corpus.missing) {
            GTEST_SKIP() << missing;
        }
        clips_ = a_part_of(corpus.clips, step);
    }

    void expect_no_key(const std::vector<Way>& ways, double least_hours) {
        const Hearing hearing = hear(setting_, clips_, ways, std::array{DtmfLimits{}});
        FalseKeys sum;
        for (const FalseKeys& of_clip : hearing.clips) {
            sum += of_clip;
        }
        EXPECT_GT(sum.hours(), least_hours)
            << "the packages hold less than they did: does this test still say something?";
        for (const FalseKey& key : hearing.keys) {
            ADD_FAILURE() << key.clip << ", " << key.way << ": a " << key.key << " at "
                          << number_text(key.at_s, 2) << " s, " << number_text(key.snr_db, 1) << " dB SNR";
        }
    }

  private:
    test::TemporaryFolder folder_;
    tools::Console console_;
    Work work_{2, console_};
    const Setting setting_{.rate_hz = recording_rate_hz,
                           .quick = true,
                           .digits = 0,
                           .speech_hours = 0.0,
                           .cache = folder_.path(),
                           .work = work_};
    std::vector<Clip> clips_;
};

TEST_F(PackagedVoices, NoneHoldsADigit) {
    expect_no_key({Way{.name = "as recorded"}}, 0.7);
}

TEST_F(PackagedVoices, NoneHoldsADigitFasterOrSlower) {
    std::vector<Way> ways;
    for (const double speed : {0.75, 0.9, 1.1, 1.3}) {
        ways.push_back({.speed = speed, .name = "at " + number_text(speed, 2) + " times the speed"});
    }
    expect_no_key(ways, 2.8);
}

} // namespace
} // namespace keytone::accuracy
