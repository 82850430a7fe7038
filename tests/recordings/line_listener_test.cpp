// SPDX-License-Identifier: MIT
//
// The line listener on recorded voices: more than an hour of telephone prompts, English and Spanish. No voice
// is a dial tone or a beep, beeps are detected, and so are the beginning and end of each prompt.
#include "dsp/listener/beep_listener.hpp"
#include "dsp/listener/line_listener.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

using Kind = LineEvent::Kind;

constexpr int rate_hz = 8000;
constexpr std::array<const char*, 2> folders{"/usr/share/asterisk/sounds/en_US_f_Allison",
                                             "/usr/share/asterisk/sounds/es_MX_f_Allison"};

struct Prompt {
    std::filesystem::path path;
    Signal sound;
};

/// Read once for all tests. tools/install-deps installs them: without them the tests fail.
const std::vector<Prompt>& prompts() {
    static const std::vector<Prompt> read = [] {
        std::vector<std::filesystem::path> paths;
        for (const char* folder : folders) {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
                if (entry.path().extension() == ".wav") {
                    paths.push_back(entry.path());
                }
            }
        }
        std::sort(paths.begin(), paths.end());
        std::vector<Prompt> found;
        for (const auto& path : paths) {
            const AudioFile file = read_audio(path);
            EXPECT_EQ(file.rate_hz, rate_hz) << path;
            if (file.channels.size() == 1) {
                found.push_back({path, from_pcm16(file.channels[0])});
            }
        }
        return found;
    }();
    return read;
}

std::vector<LineEvent> hear(const Signal& line) {
    LineListener listener(SampleRate::narrowband());
    BeepListener beeps(SampleRate::narrowband());
    std::vector<LineEvent> events;
    beeps.process(listener, to_pcm16(line), [&](const LineEvent& event) { events.push_back(event); });
    return events;
}

std::ptrdiff_t count(const std::vector<LineEvent>& events, Kind kind) {
    return std::count_if(events.begin(), events.end(),
                         [&](const LineEvent& event) { return event.kind == kind; });
}

// The recorded beep is detected as a beep; beeperr is a buzz, and the two-note chimes are no single tone.
TEST(LineListenerOnRecordings, VoicesAreNeitherDialTonesNorBeeps) {
    double seconds = 0.0;
    for (const double change_db : {0.0, -12.0}) {
        for (const Prompt& prompt : prompts()) {
            Signal line = prompt.sound;
            for (double& x : line) {
                x *= std::pow(10.0, change_db / 20.0);
            }
            append_silence(line, sample_count(1000.0, rate_hz));
            const auto events = hear(line);
            EXPECT_EQ(count(events, Kind::dial_tone), 0) << prompt.path;
            EXPECT_EQ(count(events, Kind::beep_ended), prompt.path.stem() == "beep" ? 1 : 0) << prompt.path;
            seconds += static_cast<double>(prompt.sound.size()) / rate_hz;
        }
    }
    EXPECT_GT(seconds, 1.8 * 3600.0)
        << "the packages hold less than they did: does this test still say something?";
}

/// Where the prompt is loud, by the plain mean of every 5 ms.
struct Extent {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t longest_pause = 0;
};

Extent extent(const Signal& sound, double dbm0) {
    const std::size_t step = sample_count(5.0, rate_hz);
    Extent found;
    for (std::size_t at = 0; at + step <= sound.size(); at += step) {
        if (level_dbm0(std::span(sound).subspan(at, step)) > dbm0) {
            if (found.end == 0) {
                found.begin = at;
            } else {
                found.longest_pause = std::max(found.longest_pause, at - found.end);
            }
            found.end = at + step;
        }
    }
    return found;
}

// Prompts whose pauses are shorter than half a second are one sound each, on a quiet line and on a noisy one.
// Under noise the softest parts are lost: there the ends may be further inside, as with a threshold 14 dB
// higher.
TEST(LineListenerOnRecordings, APromptIsOneSoundFromBeginToEnd) {
    for (const double noise_dbm0 : {-90.0, -55.0, -45.0}) {
        int tested = 0;
        int exact = 0;
        for (const Prompt& prompt : prompts()) {
            const double threshold = std::max(-50.0, noise_dbm0 + 6.0);
            const Extent inner = extent(prompt.sound, threshold + 8.0);
            const Extent outer = extent(prompt.sound, threshold - 8.0);
            if (inner.longest_pause > sample_count(500.0, rate_hz) ||
                inner.end < inner.begin + sample_count(100.0, rate_hz)) {
                continue; // several sounds, or almost none
            }
            Signal line(sample_count(1000.0, rate_hz));
            const auto lead = static_cast<SampleIndex>(line.size());
            append(line, prompt.sound);
            append_silence(line, sample_count(1200.0, rate_hz));
            mix_into(line, white_noise(line.size(), noise_dbm0, 17), 0);
            const auto events = hear(line);
            ++tested;
            const auto slack = static_cast<SampleIndex>(sample_count(20.0, rate_hz));
            const bool right = count(events, Kind::sound_began) == 1 &&
                               count(events, Kind::sound_ended) == 1 &&
                               events.front().at >= lead + static_cast<SampleIndex>(outer.begin) - slack &&
                               events.front().at <= lead + static_cast<SampleIndex>(inner.begin) + slack &&
                               events.back().at >= lead + static_cast<SampleIndex>(inner.end) - slack &&
                               events.back().at <= lead + static_cast<SampleIndex>(outer.end) + slack;
            exact += right ? 1 : 0;
        }
        RecordProperty("prompts", tested);
        EXPECT_GT(tested, 800) << noise_dbm0;
        EXPECT_GE(exact, tested * 99 / 100) << exact << " of " << tested << " at " << noise_dbm0;
    }
}

} // namespace
} // namespace keytone::test
