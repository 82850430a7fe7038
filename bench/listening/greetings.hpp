// SPDX-License-Identifier: MIT
//
// The first seconds of answered calls: people who say a word or a sentence, and machines that talk on, as
// sounds and as they arrive over a line.
#pragma once

#include "bench/accuracy/random.hpp"
#include "bench/accuracy/sound.hpp"
#include "bench/accuracy/talk_off/clip.hpp"
#include "dsp/listener/progress_tone.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace keytone::listening {

/// Sounds that are said one after another, and by whom.
struct Greeting {
    AnsweredBy by;
    std::string kind; ///< The way of speaking, and where it comes from.
    bool held_out;    ///< To judge with: no limit was tuned with its voice, or package.
    std::vector<accuracy::Clip> parts{};
    std::vector<float> samples{}; ///< Instead of `parts`.
};

struct Greetings {
    std::vector<Greeting> all{};
    std::vector<std::string> missing{}; ///< What is missing and how to get it, a line each.
};

/// Synthetic voices (`readings` of each kind: words, companies, machines; half as many companies), prompts of
/// packages as an exchange plays them, recorded words and sentences, and, where `speech` is a folder of
/// recorded speech, its short and its long utterances. Those to judge with have voices, texts, packages and
/// speakers of their own.
Greetings greetings(std::size_t readings, const std::filesystem::path& speech,
                    const std::filesystem::path& cache);

/// A call from its answer on, at 8 kHz.
struct AnsweredCall {
    std::vector<float> samples;
    double delay_ms; ///< From the answer to the first sound.
    double end_ms;   ///< Of the greeting.
    double beep_ms;  ///< The end of the machine's beep; 0: there is none.
};

/// One call with this greeting: after 0 to 3 s, at -30 to -10 dBm0, over a line's noise and that of the place
/// where it is spoken; people then wait for 5 s, of machines half beep. Before its codec.
AnsweredCall answered_call(const Greeting& greeting, const std::filesystem::path& cache,
                           accuracy::Random& random);

} // namespace keytone::listening
