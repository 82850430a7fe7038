// SPDX-License-Identifier: MIT
//
// A scenario is a call's events, one line of JSON each, among lines that say what the far side does:
//
//     {"v":1,"call":"c1","rate":8000}                    first: the call, as any host would begin it
//     {"at":0.2,"type":"based_call",...}                 what the agent asks for, or the media server reports
//     {"at":6.0,"leg":"b","play":"menu.wav"}             what is heard on a leg;
//                                                        also "speak":WORDS, "keys":DIGITS
//     {"at":1.0,"leg":"b","tone":"busy","country":"us","seconds":8}    or
//     "tone":"sit","information":"intercept"
//     {"after_answer":0.5,"leg":"b","speak":"Welcome."}  the same, counted from the leg's answer
//     {"at":0.0,"leg":"a","by":"agent","play":"x.wav"}   the agent's own audio, towards the leg
//     {"leg":"b","codec":"ulaw","noise_dbm0":-50,"loss":0.01,"seed":7}
//     {"leg":"b","answer_after":5,"hang_up_after":20}    or "busy_after":S, "declined_after":S,
//                                                        "no_answer":true
//     {"leg":"a","refer_status":200,"refer_after":2}
//     {"end":30}                                         when to stop, if not when everything is over
//
// Blank lines and lines that begin with # are skipped.
#pragma once

#include "dsp/result.hpp"
#include "engine/call_event.hpp"
#include "engine/json/line_error.hpp"
#include "tools/simulation/scenario.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace keytone::simulation {

inline constexpr std::size_t max_lines = 10'000;
inline constexpr double max_end_s = 3600.0;

/// What is wrong with a scenario: one line that names the line, the key and the remedy.
struct ScenarioError {
    std::size_t line; ///< From 1.
    std::string message;
};

/// Reads a scenario. Errors: no header or two, an event without a time, a line that is none of the above.
Result<Scenario, ScenarioError> parse_scenario(std::string_view text);

/// The line for a fact.
std::string fact_line(const CallEvent& event);
/// The line that ends the simulation at `at_s`.
std::string end_line(double at_s);

} // namespace keytone::simulation
