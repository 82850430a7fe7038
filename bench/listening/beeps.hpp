// SPDX-License-Identifier: MIT
//
// Voicemail beeps as they arrive over a line: after a prompt or after ringing, in noise, through codecs.
#pragma once

#include "bench/accuracy/codecs/codecs.hpp"
#include "bench/accuracy/random.hpp"
#include "bench/accuracy/sound.hpp"
#include "bench/listening/prompt_ends.hpp"

#include <vector>

namespace keytone::listening {

/// How the beeps of one kind are.
struct BeepKind {
    const char* name;
    double shortest_ms;
    double longest_ms;
    double most_glide; ///< The end's frequency is up to this many times the begin's, or as much lower; 1:
                       ///< steady.
    bool pair;         ///< Two tones at once.
};

/// What they come through.
struct BeepLine {
    const char* name;
    double snr_db;        ///< White noise below the beep; 0: -70 dBm0.
    accuracy::Pass codec; ///< Null: none.
};

/// How many beeps were reported, and when.
struct BeepCount {
    int sent = 0;
    int heard = 0;
    int heard_in_time = 0; ///< Of those: within 130 ms of the end.
    int extra = 0;         ///< Reports of anything else on that line.
};

/// A line with one beep, and its end in samples.
struct BeepCall {
    accuracy::Pcm samples;
    std::size_t end;
};

/// `by_spandsp`: its generator makes the beep, but for chirps, which it has not.
BeepCall beep_call(const BeepKind& kind, const BeepLine& line, const std::vector<Prompt>& prompts,
                   bool by_spandsp, accuracy::Random& random);
/// What LineListener reports of such a line.
BeepCount hear_beep(const BeepCall& call);

} // namespace keytone::listening
