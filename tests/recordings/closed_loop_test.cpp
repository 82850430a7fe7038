// SPDX-License-Identifier: MIT
//
// Keys that wait for the end of a menu. The menus are recorded prompts with pauses between them, after
// ringing of every country, under noise. Counts how many keys go out after the menu (right), within it
// (early), or too late, and prints what docs/dialling.md states.
#include "tests/engine/media/pipeline_run.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/call_progress.hpp"
#include "tests/support/signal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <random>
#include <vector>

namespace keytone::test {
namespace {

constexpr int rate_hz = 8000;
constexpr const char* folder = "/usr/share/asterisk/sounds/en_US_f_Allison";
constexpr int menus = 40;
constexpr int items = 4;
/// How much later than the requested silence a key may come, in ms: a caller does not notice it.
constexpr double slack_ms = 250.0;

/// Prompts as in menus. tools/install-deps installs them: without them the tests fail.
const std::vector<Signal>& prompts() {
    static const std::vector<Signal> read = [] {
        std::vector<std::filesystem::path> paths;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.path().extension() == ".wav") {
                paths.push_back(entry.path());
            }
        }
        std::sort(paths.begin(), paths.end());
        std::vector<Signal> found;
        for (const auto& path : paths) {
            const AudioFile file = read_audio(path);
            const std::size_t length = file.channels.empty() ? 0 : file.channels[0].size();
            if (file.rate_hz == rate_hz && length > sample_count(800.0, rate_hz) &&
                length < sample_count(4000.0, rate_hz)) {
                found.push_back(from_pcm16(file.channels[0]));
            }
        }
        return found;
    }();
    return read;
}

/// The prompt from its first to its last loud 5 ms, so that pauses are as long as stated.
Signal spoken_part(const Signal& prompt) {
    const std::size_t step = sample_count(5.0, rate_hz);
    std::size_t begin = prompt.size();
    std::size_t end = 0;
    for (std::size_t at = 0; at + step <= prompt.size(); at += step) {
        if (level_dbm0(std::span(prompt).subspan(at, step)) > -45.0) {
            begin = std::min(begin, at);
            end = at + step;
        }
    }
    return end <= begin ? Signal()
                        : Signal(prompt.begin() + static_cast<std::ptrdiff_t>(begin),
                                 prompt.begin() + static_cast<std::ptrdiff_t>(end));
}

struct Menu {
    Signal line;
    std::size_t end;
};

Menu make_menu(std::uint32_t seed, double pause_ms, double noise_dbm0, const CallProgress* ringing) {
    std::mt19937 random(seed);
    Menu menu{Signal(sample_count(500.0, rate_hz)), 0};
    if (ringing != nullptr) {
        append(menu.line, call_progress(*ringing, 9000.0, rate_hz, {.dbm0 = -18.0}));
        append_silence(menu.line, sample_count(500.0, rate_hz));
    }
    for (int item = 0; item < items; ++item) {
        append(menu.line, spoken_part(prompts()[random() % prompts().size()]));
        menu.end = menu.line.size();
        append_silence(menu.line, sample_count(item + 1 < items ? pause_ms : 5000.0, rate_hz));
    }
    mix_into(menu.line, white_noise(menu.line.size(), noise_dbm0, seed), 0);
    return menu;
}

struct Count {
    int right = 0;
    int early = 0;
    int late = 0;
};

void press(const Menu& menu, double silence_ms, Count& count) {
    const SampleRate rate = SampleRate::narrowband();
    LegProgram program;
    program.heard = to_pcm16(menu.line);
    program.agent.resize(program.heard.size());
    Gate gate{CueKind::prompt_end, true, true, 0, unlimited};
    gate.silence = rate.samples(Milliseconds{silence_ms});
    program.ops.push_back({.key = {1, 1}, .known_since = 0, .not_before = 1600, .what = gate});
    SampleIndex opened = unlimited;
    for (const MediaReport& report : run(program).reports) {
        opened = report.kind == MediaReport::Kind::op_completed ? report.end : opened;
    }
    const auto end = static_cast<SampleIndex>(menu.end);
    // The last phoneme may be softer than the noise.
    const SampleIndex least = end + rate.samples(Milliseconds{silence_ms - slack_ms});
    const SampleIndex most = end + rate.samples(Milliseconds{silence_ms + slack_ms});
    ++(opened < least ? count.early : opened > most ? count.late : count.right);
}

TEST(ClosedLoop, KeysGoOutBehindTheMenu) {
    ASSERT_GT(prompts().size(), 100U) << folder;
    std::printf(
        "| noise, dBm0 | pauses, s | silence, s | right | early | late |\n|---|---|---|---|---|---|\n");
    for (const double noise_dbm0 : {-65.0, -45.0}) {
        for (const double pause_ms : {300.0, 500.0, 800.0, 1200.0}) {
            for (const double silence_ms : {600.0, 1000.0, 1500.0}) {
                Count count;
                for (std::uint32_t seed = 0; seed < menus; ++seed) {
                    press(make_menu(seed, pause_ms, noise_dbm0, nullptr), silence_ms, count);
                }
                std::printf("| %.0f | %.1f | %.1f | %d | %d | %d |\n", noise_dbm0, pause_ms / 1000.0,
                            silence_ms / 1000.0, count.right, count.early, count.late);
                EXPECT_LE(count.late, menus / 20) << noise_dbm0 << ' ' << pause_ms << ' ' << silence_ms;
                if (silence_ms >= pause_ms + 300.0) {
                    EXPECT_GE(count.right, menus * 9 / 10) << pause_ms << ' ' << silence_ms;
                }
            }
        }
    }
}

TEST(ClosedLoop, KeysGoOutBehindTheMenuBehindRinging) {
    std::printf("| call progress before | right | early | late |\n|---|---|---|---|\n");
    for (const CallProgress& plan : call_progress_plans()) {
        Count count;
        for (const double noise_dbm0 : {-65.0, -45.0}) {
            for (std::uint32_t seed = 0; seed < 10; ++seed) {
                press(make_menu(seed, 500.0, noise_dbm0, &plan), 1500.0, count);
            }
        }
        std::printf("| %s | %d | %d | %d |\n", plan.name.c_str(), count.right, count.early, count.late);
        EXPECT_GE(count.right, 18) << plan.name;
        EXPECT_EQ(count.late, 0) << plan.name;
    }
}

} // namespace
} // namespace keytone::test
