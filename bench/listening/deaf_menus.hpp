// SPDX-License-Identifier: MIT
//
// Menus of recorded prompts that take no key while they talk, and transfers to an extension behind them:
//
//     answer  0.2-1.5 s  prompt ####.##  pause  prompt ###.####            5 s, in which keys are taken
//             1 s: blind keys                                 silence: keys in a closed loop
#pragma once

#include "bench/accuracy/random.hpp"
#include "bench/accuracy/sound.hpp"
#include "dsp/units.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace keytone::listening {

/// A prompt from its first to its last word, at 8 kHz.
struct MenuPrompt {
    std::vector<float> samples;
    double voice;            ///< Mean square of the voice.
    double longest_pause_ms; ///< Within it.
};

/// Every prompt of the packages to judge with, or of the others, that speaks for at least 0.7 s.
std::vector<MenuPrompt> menu_prompts(const std::filesystem::path& cache, bool to_judge);

/// What leg b hears from its answer on.
struct Menu {
    accuracy::Pcm line;
    std::size_t end; ///< Of its last word. It takes keys from here to the end of the line.
};

/// One to four prompts, with pauses of at least 0.1 s and at most `longest_pause_ms` between and within them,
/// at -25 to -12 dBm0, in noise of -65 to -50 dBm0, through G.711.
Menu make_menu(const std::vector<MenuPrompt>& prompts, double longest_pause_ms, accuracy::Random& random);

/// What became of the keys.
enum class Reached {
    all,   ///< All were heard, in order, by a menu that listens.
    early, ///< Some went out while it talked.
    late,  ///< Some went out when it no longer listened, or never.
};

/// A session transfers to the extension, one second behind the answer; with a silence, also only once a
/// prompt has ended, for so long.
Reached dial_extension(const Menu& menu, const std::string& extension, std::optional<Milliseconds> silence);

} // namespace keytone::listening
