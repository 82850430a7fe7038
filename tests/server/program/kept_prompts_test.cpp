// SPDX-License-Identifier: MIT
#include "server/program/kept_prompts.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace keytone::server {
namespace {

/// Counts what it is asked for; knows no file called "none".
class CountingPrompts final : public PromptSource {
  public:
    Result<PromptPtr, PromptError> speak(std::string_view /*text*/, SampleRate rate) override {
        return made(rate);
    }
    Result<PromptPtr, PromptError> load(const std::string& name, SampleRate rate) override {
        ++count;
        if (name == "none") {
            return PromptError{"none: there is no such file"};
        }
        --count;
        return made(rate);
    }

    int count = 0;

  private:
    Result<PromptPtr, PromptError> made(SampleRate rate) {
        ++count;
        return std::make_shared<const Prompt>(Prompt{rate, {1, 2, 3}});
    }
};

TEST(KeptPrompts, AreMadeOnceEach) {
    CountingPrompts source;
    KeptPrompts prompts(source);
    const auto rate = SampleRate::narrowband();
    const auto first = prompts.speak("hello", rate);
    const auto again = prompts.speak("hello", rate);
    ASSERT_TRUE(first && again);
    EXPECT_EQ(*first, *again);
    EXPECT_EQ(source.count, 1);
    EXPECT_NE(*prompts.speak("bye", rate), *first);
    EXPECT_NE(*prompts.load("hello", rate), *first) << "a file's name is no text";
    EXPECT_NE(*prompts.speak("hello", *SampleRate::from_hz(16'000)), *first);
    EXPECT_EQ(source.count, 4);
}

TEST(KeptPrompts, AreTriedAgainWhenTheyFailed) {
    CountingPrompts source;
    KeptPrompts prompts(source);
    EXPECT_FALSE(prompts.load("none", SampleRate::narrowband()));
    EXPECT_FALSE(prompts.load("none", SampleRate::narrowband()));
    EXPECT_EQ(source.count, 2);
}

TEST(KeptPrompts, AreSoManyAtMost) {
    CountingPrompts source;
    KeptPrompts prompts(source);
    for (std::size_t i = 0; i <= KeptPrompts::most_kept; ++i) {
        EXPECT_TRUE(prompts.speak(std::to_string(i), SampleRate::narrowband()));
    }
    const int before = source.count;
    EXPECT_TRUE(prompts.speak("0", SampleRate::narrowband()));
    EXPECT_EQ(source.count, before);
    EXPECT_TRUE(prompts.speak(std::to_string(KeptPrompts::most_kept), SampleRate::narrowband()));
    EXPECT_EQ(source.count, before + 1);
}

} // namespace
} // namespace keytone::server
