// SPDX-License-Identifier: MIT
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/talk_off/package_clips.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace keytone::accuracy {
namespace {

TEST(PackageClips, TranslationsOfAPromptStayTogether) {
    std::map<std::string, std::set<std::string>> sources; // by file name
    for (const Clip& clip : telephone_prompts().clips) {
        sources[clip.path.filename()].insert(clip.source);
    }
    for (const auto& [name, of_name] : sources) {
        EXPECT_EQ(of_name, std::set<std::string>{name});
    }
}

TEST(PackageClips, SpeakersAreToldApart) {
    const Corpus corpus = packaged_speech();
    if (!corpus.missing.empty()) {
        GTEST_SKIP() << corpus.missing.front();
    }
    std::map<std::string, std::set<std::string>> sources; // by package
    std::set<std::string> names;
    for (const Clip& clip : corpus.clips) {
        sources[clip.kind].insert(clip.source);
        EXPECT_TRUE(clip.source.starts_with(clip.kind)) << clip.source;
        EXPECT_TRUE(names.insert(clip.name).second) << clip.name;
    }
    EXPECT_EQ(sources.size(), 5U);
    EXPECT_EQ(sources["asterisk-prompt-es-co"].size(), 1U);
    EXPECT_GE(sources["klettres-data"].size(), 18U);
    EXPECT_TRUE(sources["fillets-ng-data-cs"].contains("fillets-ng-data-cs/m"));
    EXPECT_TRUE(sources["fillets-ng-data-cs"].contains("fillets-ng-data-cs/v"));
    EXPECT_NE(is_held_out("fillets-ng-data-cs/m"), is_held_out("fillets-ng-data-cs/v"));
}

TEST(PackageClips, EveryFormatIsRead) {
    const Corpus corpus = packaged_speech();
    std::set<std::string> heard;
    for (const Clip& clip : corpus.clips) {
        if (heard.insert(clip.kind).second) {
            EXPECT_GT(clip_samples(clip, {}, 16000).size(), 1000U) << clip.name;
        }
    }
}

} // namespace
} // namespace keytone::accuracy
