// SPDX-License-Identifier: MIT
//
// What the rows about sound without keys have in common.
#pragma once

#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/outcome.hpp"
#include "bench/accuracy/talk_off/clip.hpp"
#include "bench/accuracy/talk_off/hearing.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone::accuracy {

/// One false key is allowed in this many hours.
inline constexpr double hours_a_key_in_speech = 50.0;
inline constexpr double hours_a_key_in_synthetic_speech = 10.0;
inline constexpr double hours_a_key_in_music = 5.0;

/// Asks for at most as many false keys as the hours heard allow at one in `hours_a_key` (0: for none),
/// rounded down: "≤ 3: 1 in 50 h" for 199 h. Where SpanDSP takes part, also for no more than it reports.
Line false_key_line(const Setting& setting, const std::string& what, const FalseKeys& heard,
                    double hours_a_key);

/// Hears the clips in all ways. The line asks for both parts into which is_held_out() splits the clips'
/// sources; when there are several kinds, each is stated. What is missing is stated, too.
Outcome talk_off(const Setting& setting, const Corpus& corpus, std::span<const Way> ways,
                 const std::string& what, double hours_a_key);

/// False in a quick run and where SpanDSP takes no part: then less work is done.
bool is_thorough(const Setting& setting);

} // namespace keytone::accuracy
