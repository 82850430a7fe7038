// SPDX-License-Identifier: MIT
#include "bench/accuracy/talk_off/speech_folder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace keytone::accuracy {
namespace {

TEST(SpeechFolder, ReadsItsIndexByTheColumnsNames) {
    const test::TemporaryFolder folder;
    static_cast<void>(folder.write("index.tsv", "kind\tseconds\tfile\tsource\n"
                                                "read\t3.5\tb.opus\tanna\n"
                                                "digits\t1\ta.wav\tberta\n"));
    const Corpus corpus = speech_folder(folder.path());
    ASSERT_EQ(corpus.clips.size(), 2U);
    EXPECT_TRUE(corpus.missing.empty());
    EXPECT_EQ(corpus.clips[0].kind, "digits");
    EXPECT_EQ(corpus.clips[0].path, folder.path() / "a.wav");
    EXPECT_EQ(corpus.clips[1].source, "anna");
    EXPECT_EQ(corpus.clips[1].name, "b.opus");
}

TEST(SpeechFolder, SaysWhatIsMissing) {
    const test::TemporaryFolder folder;
    EXPECT_TRUE(speech_folder({}).clips.empty());
    EXPECT_EQ(speech_folder({}).missing.size(), 1U);
    EXPECT_EQ(speech_folder(folder.path()).missing.size(), 1U);
}

TEST(SpeechFolder, RefusesAnIndexItDoesNotUnderstand) {
    const test::TemporaryFolder folder;
    static_cast<void>(folder.write("index.tsv", "file\tsource\n"));
    EXPECT_THROW(speech_folder(folder.path()), std::runtime_error);
    static_cast<void>(folder.write("index.tsv", "file\tsource\tkind\na.wav\tanna\n"));
    EXPECT_THROW(speech_folder(folder.path()), std::runtime_error);
}

} // namespace
} // namespace keytone::accuracy
