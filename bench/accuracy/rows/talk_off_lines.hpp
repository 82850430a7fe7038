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

/// One false key is allowed in so many hours.
inline constexpr double hours_a_key_in_speech = 50.0;
inline constexpr double hours_a_key_in_synthetic_speech = 10.0;
inline constexpr double hours_a_key_in_music = 5.0;

/// Met by as many keys as fit into the hours heard at one in `hours_a_key` (0: by none), in whole numbers:
/// "≤ 3: 1 in 50 h" of 199 h. Where SpanDSP takes part, by no more than it reports either.
Line false_key_line(const Setting& setting, const std::string& what, const FalseKeys& heard,
                    double hours_a_key);

/// Hears the clips in all ways. Both parts, which is_held_out() parts by the clips' sources, are asked for;
/// each kind is told, when there are several. What is missing is told, too.
Outcome talk_off(const Setting& setting, const Corpus& corpus, std::span<const Way> ways,
                 const std::string& what, double hours_a_key);

/// Where SpanDSP takes no part, and in a quick run, less is enough.
bool is_thorough(const Setting& setting);

} // namespace keytone::accuracy
