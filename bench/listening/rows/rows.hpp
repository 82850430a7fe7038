// SPDX-License-Identifier: MIT
//
// The rows of the table: each is a function `rows_of_…` in a source of its own, which makes its stimuli, lets
// the listeners hear them, and returns the results as lines.
#pragma once

#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/outcome.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <span>

namespace keytone::listening {

using accuracy::Outcome;
using accuracy::Row;
using accuracy::Setting;

/// All rows, in the order of the table. Of a setting, `digits` is how many pieces of sound a line is measured
/// with.
std::span<const Row> rows();

Outcome rows_of_answers(const Setting& setting);
Outcome rows_of_beeps(const Setting& setting);
Outcome rows_of_prompt_ends(const Setting& setting);
Outcome rows_of_progress(const Setting& setting);
Outcome rows_of_machine_tones(const Setting& setting);
Outcome rows_of_false_tones(const Setting& setting);
Outcome rows_of_redaction(const Setting& setting);

} // namespace keytone::listening
