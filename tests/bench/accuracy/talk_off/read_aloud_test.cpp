// SPDX-License-Identifier: MIT
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/sound.hpp"
#include "bench/accuracy/talk_off/read_aloud.hpp"
#include "bench/accuracy/talk_off/spoken_texts.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace keytone::accuracy {
namespace {

TEST(SpokenTexts, EachLanguageOnceAndFortyOfThem) {
    std::set<std::string> languages;
    for (const SpokenText& spoken : spoken_texts()) {
        EXPECT_TRUE(languages.insert(spoken.language).second) << spoken.language;
        EXPECT_GT(std::string(spoken.text).size(), 100U) << spoken.language;
    }
    EXPECT_GE(languages.size(), 40U);
}

TEST(ReadAloud, EveryLanguageIsSpoken) {
    const test::TemporaryFolder folder;
    const Corpus corpus = espeak_speech(static_cast<double>(spoken_texts().size()) * 30.0 / 3600.0);
    if (corpus.clips.empty()) {
        GTEST_SKIP() << corpus.missing.front();
    }
    ASSERT_EQ(corpus.clips.size(), spoken_texts().size());
    double seconds = 0.0;
    for (const Clip& clip : corpus.clips) {
        const std::vector<float> samples = clip_samples(clip, folder.path(), recording_rate_hz);
        EXPECT_GT(samples.size(), 5U * recording_rate_hz) << clip.name;
        EXPECT_NEAR(dbm0_of(active_mean_square(samples, recording_rate_hz)), -15.0, 1.0) << clip.name;
        seconds += static_cast<double>(samples.size()) / recording_rate_hz;
    }
    EXPECT_NEAR(seconds / static_cast<double>(corpus.clips.size()), 30.0, 10.0);
    EXPECT_EQ(folder.entries(), static_cast<std::ptrdiff_t>(corpus.clips.size()))
        << "kept, and nothing is left over";
}

TEST(ReadAloud, FliteSpeaksInAllItsVoices) {
    const test::TemporaryFolder folder;
    const Corpus corpus = flite_speech(folder.path(), 0.05);
    if (corpus.clips.empty()) {
        GTEST_SKIP() << corpus.missing.front();
    }
    std::set<std::string> sources;
    for (const Clip& clip : corpus.clips) {
        sources.insert(clip.source);
        const std::vector<float> samples = clip_samples(clip, folder.path(), recording_rate_hz);
        EXPECT_NEAR(dbm0_of(active_mean_square(samples, recording_rate_hz)), -15.0, 1.0) << clip.name;
    }
    EXPECT_GE(sources.size(), 5U);
}

TEST(ReadAloud, TheSameIsReadAgain) {
    const Corpus once = espeak_speech(1.0);
    const Corpus again = espeak_speech(2.0);
    ASSERT_GE(again.clips.size(), once.clips.size());
    std::set<std::string> names;
    for (std::size_t i = 0; i < once.clips.size(); ++i) {
        EXPECT_EQ(once.clips[i].name, again.clips[i].name);
        EXPECT_EQ(once.clips[i].command, again.clips[i].command);
        EXPECT_TRUE(names.insert(once.clips[i].name).second);
    }
}

} // namespace
} // namespace keytone::accuracy
