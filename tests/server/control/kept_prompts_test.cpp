// SPDX-License-Identifier: MIT
#include "server/control/kept_prompts.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <new>
#include <string>
#include <thread>

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
    for (std::size_t i = 0; i < KeptPrompts::most_kept; ++i) {
        EXPECT_TRUE(prompts.speak(std::to_string(i), SampleRate::narrowband()));
    }
    const int before = source.count;
    EXPECT_TRUE(prompts.speak("0", SampleRate::narrowband()));
    EXPECT_EQ(source.count, before);
    EXPECT_TRUE(prompts.speak("one more", SampleRate::narrowband())); // "1" was used longest ago.
    EXPECT_TRUE(prompts.speak("0", SampleRate::narrowband()));
    EXPECT_EQ(source.count, before + 1);
    EXPECT_TRUE(prompts.speak("1", SampleRate::narrowband()));
    EXPECT_EQ(source.count, before + 2);
}

/// Makes nothing until it is let.
class SlowPrompts final : public PromptSource {
  public:
    Result<PromptPtr, PromptError> speak(std::string_view text, SampleRate rate) override {
        if (text == "slow") {
            has_begun.count_down();
            may_end.wait();
        }
        if (text == "huge") {
            throw std::bad_alloc();
        }
        ++count;
        return std::make_shared<const Prompt>(Prompt{rate, {1, 2, 3}});
    }
    Result<PromptPtr, PromptError> load(const std::string& name, SampleRate /*rate*/) override {
        return PromptError{name + ": there is no such file"};
    }

    std::latch has_begun{1};
    std::latch may_end{1};
    std::atomic<int> count{0};
};

TEST(KeptPrompts, AreMadeAheadWhileOthersAreSpoken) {
    SlowPrompts source;
    KeptPrompts prompts(source);
    const auto rate = SampleRate::narrowband();
    EXPECT_FALSE(prompts.prepare("slow", std::nullopt, rate));
    source.has_begun.wait();
    EXPECT_FALSE(prompts.prepare("slow", std::nullopt, rate));
    EXPECT_TRUE(prompts.speak("hello", rate)); // Nothing waits for the slow one.
    EXPECT_TRUE(prompts.prepare("hello", std::nullopt, rate));
    source.may_end.count_down();
    while (!prompts.prepare("slow", std::nullopt, rate)) {
        std::this_thread::yield();
    }
    EXPECT_TRUE(prompts.speak("slow", rate));
    EXPECT_EQ(source.count, 2);
}

TEST(KeptPrompts, SayWhyThereIsNone) {
    SlowPrompts source;
    KeptPrompts prompts(source);
    const auto rate = SampleRate::narrowband();
    while (!prompts.prepare("", "none.wav", rate) || !prompts.prepare("huge", std::nullopt, rate)) {
        std::this_thread::yield();
    }
    const auto missing = prompts.load("none.wav", rate);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().message, "none.wav: there is no such file");
    const auto huge = prompts.speak("huge", rate);
    ASSERT_FALSE(huge);
    EXPECT_EQ(huge.error().message, "the prompt cannot be made: std::bad_alloc");
    EXPECT_FALSE(prompts.prepare("", "none.wav", rate)) << "what failed is tried again";
}

TEST(KeptPrompts, EndWithWorkLeft) {
    SlowPrompts source;
    source.may_end.count_down();
    KeptPrompts prompts(source);
    for (int i = 0; i < 100; ++i) {
        EXPECT_FALSE(prompts.prepare("text " + std::to_string(i), std::nullopt, SampleRate::narrowband()));
    }
}

} // namespace
} // namespace keytone::server
