// SPDX-License-Identifier: MIT
//
// Recorded prompts on lines with noise or hum, and when a gate opens that waits for their ends.
#pragma once

#include "bench/accuracy/work.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace keytone::listening {

struct Prompt {
    std::string name;
    std::vector<float> samples;
    double voice; ///< Mean square of the voice.
};

/// Prompts that hold words, at 8 kHz, evenly taken from the packages to judge with or from the others: at
/// most so many.
std::vector<Prompt> prompts_to_end(const std::filesystem::path& cache, bool to_judge, std::size_t most);

/// What is on the line beside the prompt.
struct LineBeside {
    double snr_db = 0.0; ///< White noise, so far below the voice; 0: none.
    double hum_hz = 0.0; ///< A hum with harmonics up to the fifth, each 6 dB below the one before; 0: none.
    double hum_dbm0 = 0.0;
};

/// How many gates opened when.
struct PromptEnds {
    int prompts = 0; ///< Those without a pause as long as the silence, less the tolerance.
    int right = 0;
    int premature = 0;
    int late = 0; ///< Or never.
    /// Of the same prompts, if the true end were that of the last 10 ms as loud as voice, a recording's noise
    /// and clicks included.
    int right_by_level = 0;
    int premature_by_level = 0;
    int with_pause = 0;               ///< All other prompts.
    int in_pause = 0;                 ///< Those of them whose gate opened before the end.
    std::vector<std::string> wrong{}; ///< Their names.
};

PromptEnds hear_ends(const std::vector<Prompt>& prompts, const LineBeside& beside, double silence_ms,
                     accuracy::Work& work);

} // namespace keytone::listening
