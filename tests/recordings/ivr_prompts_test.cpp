// SPDX-License-Identifier: MIT
//
// Recorded voices, an hour of them: the telephone prompts that Debian packages in English and Spanish. No key
// is detected in them, and a key pressed in their pauses, between them or over them is detected.
#include "tests/support/audio_file.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/key_press.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

constexpr int rate_hz = 8000;

struct Prompt {
    std::string path;
    Signal sound;
};

class IvrPrompts : public testing::Test {
  protected:
    void SetUp() override {
        for (const auto& [folder, package] : packages) {
            if (!std::filesystem::is_directory(folder)) {
                GTEST_SKIP() << "no " << folder << ": install the Debian package " << package;
            }
        }
        ASSERT_FALSE(prompts().empty());
    }

    /// Read once for all tests.
    static const std::vector<Prompt>& prompts() {
        static const std::vector<Prompt> read = read_prompts();
        return read;
    }

  private:
    static inline const std::map<std::string, std::string> packages{
        {"/usr/share/asterisk/sounds/en_US_f_Allison", "asterisk-core-sounds-en-wav"},
        {"/usr/share/asterisk/sounds/es_MX_f_Allison", "asterisk-core-sounds-es-wav"}};

    static std::vector<std::string> paths() {
        std::vector<std::string> found;
        for (const auto& [folder, package] : packages) {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
                if (entry.path().extension() == ".wav") {
                    found.push_back(entry.path());
                }
            }
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    static std::vector<Prompt> read_prompts() {
        std::vector<Prompt> prompts;
        for (const std::string& path : paths()) {
            const AudioFile file = read_audio(path);
            EXPECT_EQ(file.rate_hz, rate_hz) << path;
            EXPECT_EQ(file.channels.size(), 1U) << path;
            if (file.channels.size() == 1) {
                prompts.push_back({path, from_pcm16(file.channels[0])});
            }
        }
        return prompts;
    }
};

/// The position of a stretch in a prompt, and its level.
struct Stretch {
    std::size_t at;
    double dbm0;
};

/// All stretches of `ms` ms, 5 ms apart, in order of time.
std::vector<Stretch> stretches(const Signal& sound, double ms) {
    const std::size_t length = sample_count(ms, rate_hz);
    std::vector<Stretch> found;
    for (std::size_t at = 0; at + length <= sound.size(); at += sample_count(5.0, rate_hz)) {
        found.push_back({at, level_dbm0(std::span(sound).subspan(at, length))});
    }
    return found;
}

bool softer(const Stretch& a, const Stretch& b) {
    return a.dbm0 < b.dbm0;
}

/// Presses the sixteen keys in turn, with random phases.
class Caller {
  public:
    KeyPress press(double tone_ms, double low_dbm0, double high_dbm0) {
        std::uniform_real_distribution<double> phase(0.0, 6.28);
        KeyPress press{.key = all_keys[pressed_++ % all_keys.size()], .tone_ms = tone_ms};
        press.low_dbm0 = low_dbm0;
        press.high_dbm0 = high_dbm0;
        press.low_phase = phase(random_);
        press.high_phase = phase(random_);
        return press;
    }
    [[nodiscard]] std::size_t pressed() const { return pressed_; }

  private:
    std::size_t pressed_ = 0;
    std::mt19937_64 random_{20};
};

std::string digits_heard(const Signal& sound) {
    return digits(hear(to_pcm16(sound), rate_hz));
}

TEST_F(IvrPrompts, NoneHoldsADigit) {
    double seconds = 0.0;
    for (const Prompt& prompt : prompts()) {
        EXPECT_EQ(digits_heard(prompt.sound), "") << prompt.path;
        seconds += static_cast<double>(prompt.sound.size()) / rate_hz;
    }
    EXPECT_GT(seconds, 0.9 * 3600.0)
        << "the packages hold less than they did: does this test still say something?";
}

// 60 ms at -15/-13 dBm0, with 20 ms of the pause on either side.
TEST_F(IvrPrompts, AKeyInAPauseIsHeard) {
    Caller caller;
    for (const Prompt& prompt : prompts()) {
        const auto pauses = stretches(prompt.sound, 100.0);
        const auto pause = std::min_element(pauses.begin(), pauses.end(), softer);
        if (pause == pauses.end() || pause->dbm0 > -40.0) {
            continue; // spoken without a pause
        }
        Signal line = prompt.sound;
        const KeyPress press = caller.press(60.0, -15.0, -13.0);
        mix_into(line, sound(press, rate_hz), pause->at + sample_count(20.0, rate_hz));
        EXPECT_EQ(digits_heard(line), std::string(1, press.key)) << prompt.path << " at sample " << pause->at;
    }
    EXPECT_GT(caller.pressed(), 500U) << "prompts with a pause to press a key in";
}

// Q.24's shortest tone with its shortest cycle: 50 ms of tone, 50 ms after one prompt and 50 ms before the
// next.
TEST_F(IvrPrompts, AKeyBetweenTwoPromptsIsHeard) {
    Caller caller;
    Signal line;
    std::string keyed;
    for (const Prompt& prompt : prompts()) {
        append(line, prompt.sound);
        append_silence(line, sample_count(50.0, rate_hz));
        const KeyPress press = caller.press(50.0, -12.0, -10.0);
        append(line, sound(press, rate_hz));
        append_silence(line, sample_count(50.0, rate_hz));
        keyed += press.key;
    }
    EXPECT_EQ(digits_heard(line), keyed);
}

struct Tally {
    std::size_t keyed = 0;
    std::size_t heard = 0;
    std::size_t wrong = 0;
};

/// Keys of 80 ms, two equal tones, over the loudest stretch of every prompt. Their power is `over_speech_db`
/// above the mean power of the speech in that stretch, not of the whole prompt, in which pauses lower the
/// mean.
Tally key_over_the_loudest(const std::vector<Prompt>& prompts, double over_speech_db) {
    constexpr double tone_dbm0 = -10.0; // leaves room for the speech below full scale
    const double key_dbm0 = level_dbm0(sound({.low_dbm0 = tone_dbm0, .high_dbm0 = tone_dbm0}, rate_hz));
    Caller caller;
    Tally tally;
    for (const Prompt& prompt : prompts) {
        const auto spoken = stretches(prompt.sound, 80.0);
        const auto loudest = std::max_element(spoken.begin(), spoken.end(), softer);
        if (loudest == spoken.end() || loudest->dbm0 < -30.0) {
            continue; // silence
        }
        const double change_db = key_dbm0 - over_speech_db - loudest->dbm0;
        Signal line = at_level(prompt.sound, level_dbm0(prompt.sound) + change_db);
        const KeyPress press = caller.press(80.0, tone_dbm0, tone_dbm0);
        mix_into(line, sound(press, rate_hz), loudest->at);

        const std::string heard = digits_heard(line);
        const auto hits = std::min<std::ptrdiff_t>(1, std::count(heard.begin(), heard.end(), press.key));
        tally.keyed += 1;
        tally.heard += static_cast<std::size_t>(hits);
        tally.wrong += heard.size() - static_cast<std::size_t>(hits);
    }
    return tally;
}

// How many keys over the loudest speech are detected; none may be wrong.
void expect_heard(const std::vector<Prompt>& prompts, double over_speech_db, double least_share) {
    const Tally tally = key_over_the_loudest(prompts, over_speech_db);
    EXPECT_GT(tally.keyed, 1000U);
    EXPECT_GE(static_cast<double>(tally.heard), least_share * static_cast<double>(tally.keyed))
        << tally.heard << " heard of " << tally.keyed;
    EXPECT_EQ(tally.wrong, 0U);
}

TEST_F(IvrPrompts, EveryKeyOverSpeechIsHeardAt9Decibels) {
    expect_heard(prompts(), 9.0, 1.0);
}

// Here a receiver that does not take voices for keys begins to miss some.
TEST_F(IvrPrompts, AlmostEveryKeyOverSpeechIsHeardAt6Decibels) {
    expect_heard(prompts(), 6.0, 0.98);
}

TEST_F(IvrPrompts, MostKeysOverSpeechAreHeardAt4Decibels) {
    expect_heard(prompts(), 4.0, 0.85);
}

} // namespace
} // namespace keytone::test
