// SPDX-License-Identifier: MIT
//
// Recordings of keys over speech, and what is left of the keys when they are redacted. The stimuli use no
// code of dsp/.
#pragma once

#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/random.hpp"
#include "bench/accuracy/sound.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace keytone::listening {

/// What keys are pressed over, and how loud they are.
struct RedactionCase {
    bool held_out;        ///< Voices that nothing was tuned on, Dutch; or English and Spanish prompts.
    double least_over_db; ///< The keys' power over that of the voice while it speaks,
    double most_over_db;  ///< evenly distributed.
    bool live;            ///< Taken out with a delay of 30 ms; otherwise as from a file.
};

/// Who may read a key: keytone at its most sensitive, SpanDSP and multimon-ng.
enum Reader : std::size_t { by_keytone, by_spandsp, by_multimon };
inline constexpr std::size_t readers = 3;

/// Results, which can be added.
struct Redacted {
    std::int64_t recordings = 0;
    std::int64_t keys = 0;
    std::array<std::int64_t, readers> read_before{};
    std::array<std::int64_t, readers> read_after{};
    std::int64_t changed_outside = 0;    ///< Samples,
    std::int64_t recordings_changed = 0; ///< and the recordings that have such.
    std::vector<float> audible_ms{};     ///< Of each key, what is not zero.

    Redacted& operator+=(const Redacted& more);
    /// What so many percent of the keys stay below.
    [[nodiscard]] double audible(double percent) const;
};

/// Makes a recording, redacts it, and has it read. `scratch` is a name for a file of its own, `cache`
/// for what was decoded.
Redacted redact_one(const RedactionCase& asked, accuracy::Random& random, const std::filesystem::path& cache,
                    const std::filesystem::path& scratch);

/// Speech without keys: what is silenced in it.
struct Muted {
    double seconds = 0.0;
    std::int64_t spans = 0;
    double muted_s = 0.0;

    Muted& operator+=(const Muted& more);
};
Muted mute_speech(const std::vector<float>& samples);

} // namespace keytone::listening
