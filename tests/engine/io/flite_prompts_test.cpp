// SPDX-License-Identifier: MIT
#include "engine/io/flite_prompts.hpp"
#include "tests/support/signal.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wav_bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

namespace keytone::io {
namespace {

using test::TemporaryFolder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string sentence = "Please hold while I transfer you to Julie.";

SampleRate rate(int hz) {
    return *SampleRate::from_hz(hz);
}
PromptPtr spoken(FlitePrompts& prompts, const std::string& text, int hz = 8000) {
    const auto prompt = prompts.speak(text, rate(hz));
    EXPECT_TRUE(prompt) << (prompt ? "" : prompt.error().message);
    return prompt ? *prompt : nullptr;
}
PromptPtr loaded(FlitePrompts& prompts, const std::string& name, int hz = 8000) {
    const auto prompt = prompts.load(name, rate(hz));
    EXPECT_TRUE(prompt) << (prompt ? "" : prompt.error().message);
    return prompt ? *prompt : nullptr;
}
std::string load_error(FlitePrompts& prompts, const std::string& name) {
    const auto prompt = prompts.load(name, rate(8000));
    return prompt ? "" : prompt.error().message;
}

/// Power of the samples from `low` to `high` Hz, in pieces of 20 ms, by plain sums.
double band_power(const Prompt& prompt, double low, double high) {
    const auto length = static_cast<std::size_t>(prompt.rate.hz() / 50);
    double power = 0.0;
    for (std::size_t at = 0; at + length <= prompt.samples.size(); at += length) {
        for (double hz = low; hz < high; hz += 50.0) {
            std::complex<double> sum = 0.0;
            for (std::size_t i = 0; i < length; ++i) {
                const double window = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) /
                                                           static_cast<double>(length));
                sum +=
                    window * prompt.samples[at + i] *
                    std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(i) / prompt.rate.hz());
            }
            power += std::norm(sum);
        }
    }
    return power;
}

TEST(FlitePrompts, Speaks) {
    FlitePrompts prompts("");
    const PromptPtr prompt = spoken(prompts, sentence);
    ASSERT_NE(prompt, nullptr);
    EXPECT_EQ(prompt->rate.hz(), 8000);
    const double seconds = static_cast<double>(prompt->samples.size()) / 8000.0;
    EXPECT_GT(seconds, 1.5); // eight words
    EXPECT_LT(seconds, 4.5);
    // The mean square includes the short pauses, which the active speech level does not.
    EXPECT_NEAR(test::level_dbm0(test::from_pcm16(prompt->samples)), -20.5, 1.0);
    const auto [lowest, highest] = std::ranges::minmax(prompt->samples);
    EXPECT_GT(lowest, -23300); // 3 dB below full scale
    EXPECT_LT(highest, 23300);
    const double telephone = band_power(*prompt, 300, 3400);
    EXPECT_GT(telephone, 0.7 * band_power(*prompt, 0, 4000));
}

TEST(FlitePrompts, IsAsLoudWhateverItSays) {
    FlitePrompts prompts("");
    for (const char* text : {"Yes.", "Zero one two three four five six seven eight nine.", "Sh!", "Mama"}) {
        const PromptPtr prompt = spoken(prompts, text);
        ASSERT_NE(prompt, nullptr);
        const double level = test::level_dbm0(test::from_pcm16(prompt->samples));
        EXPECT_GT(level, -24.0) << text;
        EXPECT_LT(level, -19.0) << text;
    }
}

TEST(FlitePrompts, BeginsAndEndsWithoutSilence) {
    FlitePrompts prompts("");
    for (const int hz : SampleRate::offered_hz) {
        const PromptPtr prompt = spoken(prompts, sentence, hz);
        ASSERT_NE(prompt, nullptr);
        const auto peak = [](auto part) {
            return std::abs(*std::ranges::max_element(part, {}, [](int x) { return std::abs(x); }));
        };
        const std::span<const std::int16_t> samples = prompt->samples;
        const auto edge = static_cast<std::size_t>(hz / 50);
        EXPECT_GT(100 * peak(samples.first(edge)), peak(samples) / 2) << hz;
        EXPECT_GT(100 * peak(samples.last(edge)), peak(samples) / 2) << hz;
    }
}

TEST(FlitePrompts, SaysTheSameEveryTime) {
    FlitePrompts one("");
    FlitePrompts other("");
    const PromptPtr first = spoken(one, sentence);
    const PromptPtr between = spoken(one, "Something else, 42.");
    const PromptPtr second = spoken(other, sentence);
    ASSERT_TRUE(first && second);
    EXPECT_NE(first, second);
    EXPECT_EQ(first->samples, second->samples);
    EXPECT_NE(first->samples, between->samples);
}

TEST(FlitePrompts, LastsAsLongAtEveryRate) {
    FlitePrompts prompts("");
    const PromptPtr longest = spoken(prompts, sentence, 48000);
    ASSERT_NE(longest, nullptr);
    const double seconds = static_cast<double>(longest->samples.size()) / 48000.0;
    const double level = test::level_dbm0(test::from_pcm16(longest->samples));
    for (const int hz : SampleRate::offered_hz) {
        const PromptPtr prompt = spoken(prompts, sentence, hz);
        ASSERT_NE(prompt, nullptr);
        EXPECT_EQ(prompt->rate.hz(), hz);
        EXPECT_NEAR(static_cast<double>(prompt->samples.size()), seconds * hz, 1.0) << hz;
        EXPECT_NEAR(test::level_dbm0(test::from_pcm16(prompt->samples)), level, 1.0) << hz;
    }
}

TEST(FlitePrompts, SharesWhatSomeoneHolds) {
    FlitePrompts prompts("");
    PromptPtr first = spoken(prompts, "Hello");
    EXPECT_EQ(spoken(prompts, "Hello"), first);
    EXPECT_NE(spoken(prompts, "Hello", 16000), first);
    EXPECT_NE(spoken(prompts, "hallo"), first);
    const std::weak_ptr<const Prompt> watch = first;
    first.reset();
    EXPECT_TRUE(watch.expired()) << "the source holds nothing by itself";
}

TEST(FlitePrompts, SpeaksWhatPeopleType) {
    FlitePrompts prompts("");
    EXPECT_EQ(spoken(prompts, "caf\u00e9"), spoken(prompts, "cafe"));
    const PromptPtr curly = spoken(prompts, "\u201cIt\u2019s Zo\u00eb\u201d");
    EXPECT_EQ(curly, spoken(prompts, "\"It's Zoe\""));
    ASSERT_NE(spoken(prompts, "\u00e9"), nullptr);
    ASSERT_NE(spoken(prompts, "5303195426"), nullptr);
}

TEST(FlitePrompts, SurvivesUnspeakableText) {
    FlitePrompts prompts("");
    for (const std::string& text : {"a" + std::string(1999, '.'), std::string(1999, '"') + "a",
                                    std::string(400, 'x'), std::string("<b>&amp;</b> a@b.c/d?e=f#g")}) {
        EXPECT_NE(spoken(prompts, text), nullptr);
    }
    std::string mixed;
    for (int i = 33; i < 127; ++i) {
        mixed += static_cast<char>(i);
    }
    EXPECT_NE(spoken(prompts, mixed + " " + mixed), nullptr);
}

TEST(FlitePrompts, SaysWhatItCannotSpeak) {
    FlitePrompts prompts("");
    const auto refusal = [&prompts](const std::string& text) {
        const auto prompt = prompts.speak(text, rate(8000));
        return prompt ? "" : prompt.error().message;
    };
    EXPECT_THAT(refusal(""), HasSubstr("nothing to pronounce"));
    EXPECT_THAT(refusal("..."), HasSubstr("nothing to pronounce"));
    EXPECT_THAT(refusal(std::string(2001, 'a')), HasSubstr("more than 2000 characters"));
    EXPECT_THAT(refusal("a\x07"), HasSubstr("control character"));
    EXPECT_THAT(refusal("a\xff"), HasSubstr("not UTF-8"));
}

TEST(FlitePrompts, TakesTurnsBetweenThreads) {
    FlitePrompts alone("");
    const PromptPtr expected = spoken(alone, sentence);
    std::vector<PromptPtr> heard(3);
    std::vector<std::thread> threads;
    for (PromptPtr& prompt : heard) {
        threads.emplace_back([&prompt] {
            FlitePrompts own("");
            prompt = *own.speak(sentence, rate(8000));
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const PromptPtr& prompt : heard) {
        EXPECT_EQ(prompt->samples, expected->samples);
    }
}

// ---- recordings ----

std::vector<std::int16_t> tone(int rate_hz, std::size_t count) {
    std::vector<std::int16_t> samples(count);
    for (std::size_t i = 0; i < count; ++i) {
        samples[i] = static_cast<std::int16_t>(std::lround(
            8000.0 * std::sin(2.0 * std::numbers::pi * 440.0 * static_cast<double>(i) / rate_hz)));
    }
    return samples;
}

TEST(FlitePrompts, LoadsARecordingAsItStands) {
    const TemporaryFolder folder;
    std::vector<std::int16_t> samples = tone(8000, 4000);
    samples.insert(samples.begin(), 1000, 0); // its silence stays
    (void)folder.write("a.wav", test::wav_bytes(8000, 1, samples));
    FlitePrompts prompts(folder.path().string());
    const PromptPtr prompt = loaded(prompts, "a.wav");
    ASSERT_NE(prompt, nullptr);
    EXPECT_EQ(prompt->rate.hz(), 8000);
    EXPECT_EQ(prompt->samples, samples);
    EXPECT_EQ(loaded(prompts, "a.wav"), prompt);
    EXPECT_NE(loaded(prompts, "a.wav", 16000), prompt);
}

TEST(FlitePrompts, BringsARecordingToTheRate) {
    const TemporaryFolder folder;
    (void)folder.write("a.wav", test::wav_bytes(22050, 1, tone(22050, 22050)));
    FlitePrompts prompts(folder.path().string());
    for (const int hz : SampleRate::offered_hz) {
        const PromptPtr prompt = loaded(prompts, "a.wav", hz);
        ASSERT_NE(prompt, nullptr);
        const auto ideal = tone(hz, static_cast<std::size_t>(hz));
        ASSERT_EQ(prompt->samples.size(), ideal.size());
        for (std::size_t i = ideal.size() / 10; i < ideal.size() * 9 / 10; ++i) {
            ASSERT_NEAR(prompt->samples[i], ideal[i], 30) << hz << ' ' << i;
        }
    }
}

TEST(FlitePrompts, NoticesThatAFileChanged) {
    const TemporaryFolder folder;
    const std::string path = folder.write("a.wav", test::wav_bytes(8000, 1, tone(8000, 100)));
    FlitePrompts prompts(folder.path().string());
    const PromptPtr old = loaded(prompts, "a.wav");
    (void)folder.write("a.wav", test::wav_bytes(8000, 1, tone(8000, 200)));
    std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds(5));
    const PromptPtr fresh = loaded(prompts, "a.wav");
    ASSERT_TRUE(old && fresh);
    EXPECT_EQ(old->samples.size(), 100U);
    EXPECT_EQ(fresh->samples.size(), 200U);
}

TEST(FlitePrompts, StaysInItsFolder) {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.path() / "prompts/deep");
    const std::string wav = test::wav_bytes(8000, 1, tone(8000, 100));
    const std::string outside = folder.write("outside.wav", wav);
    (void)folder.write("prompts/deep/inside.wav", wav);
    FlitePrompts prompts((folder.path() / "prompts").string());
    EXPECT_NE(loaded(prompts, "deep/inside.wav"), nullptr);
    EXPECT_NE(loaded(prompts, "./deep/inside.wav"), nullptr);
    for (const char* name : {"../outside.wav", "deep/../../outside.wav", "deep/../deep/inside.wav", ".."}) {
        EXPECT_THAT(load_error(prompts, name), HasSubstr("leaves the folder of prompts: name a file in it"));
    }
    EXPECT_THAT(load_error(prompts, outside), HasSubstr("is an absolute path: name a file in the folder"));
    FlitePrompts anywhere("");
    EXPECT_NE(loaded(anywhere, outside), nullptr);
    EXPECT_NE(loaded(anywhere, (folder.path() / "prompts/../outside.wav").string()), nullptr);
}

TEST(FlitePrompts, SaysWhatItCannotLoad) {
    const TemporaryFolder folder;
    const std::vector<std::int16_t> samples = tone(8000, 100);
    (void)folder.write("stereo.wav", test::wav_bytes(8000, 2, samples));
    (void)folder.write("empty.wav", test::wav_bytes(8000, 1, std::vector<std::int16_t>{}));
    (void)folder.write("text.wav", "this is no audio at all, only words");
    (void)folder.write("long.wav", test::wav_bytes(1000, 1, std::vector<std::int16_t>(600'001, 7)));
    (void)folder.write("nearly.wav", test::wav_bytes(1000, 1, std::vector<std::int16_t>(600'000, 7)));
    ASSERT_EQ(mkfifo(folder.file("pipe").c_str(), 0600), 0);
    FlitePrompts prompts(folder.path().string());
    EXPECT_THAT(load_error(prompts, "stereo.wav"),
                HasSubstr("has 2 channels, a prompt has one: mix it down to mono"));
    EXPECT_THAT(load_error(prompts, "empty.wav"), Not(HasSubstr("\n")));
    EXPECT_NE(load_error(prompts, "empty.wav"), "");
    EXPECT_THAT(load_error(prompts, "text.wav"), HasSubstr("text.wav"));
    EXPECT_THAT(load_error(prompts, "long.wav"), HasSubstr("more than 10 minutes"));
    EXPECT_EQ(load_error(prompts, "nearly.wav"), "");
    EXPECT_THAT(load_error(prompts, "none.wav"), HasSubstr("no such file"));
    EXPECT_THAT(load_error(prompts, "pipe"), HasSubstr("is no file"));
    EXPECT_THAT(load_error(prompts, "."), HasSubstr("is no file"));
    EXPECT_THAT(load_error(prompts, ""), HasSubstr("has no name"));
    EXPECT_THAT(load_error(prompts, std::string("a\0b", 3)), HasSubstr("has no name"));
    EXPECT_THAT(load_error(prompts, "a\nb"), AllOf(Not(HasSubstr("\n")), HasSubstr("a?b")));
    FlitePrompts anywhere("");
    EXPECT_THAT(load_error(anywhere, "-"), HasSubstr("no such file")) << "never standard input";
}

} // namespace
} // namespace keytone::io
