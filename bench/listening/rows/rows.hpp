// SPDX-License-Identifier: MIT
//
// The rows of the table: each is a function `rows_of_…` in a source of its own, which makes its stimuli, lets
// the listeners hear them, and returns the results as lines.
#pragma once

#include "bench/accuracy/measurement.hpp"
#include "bench/accuracy/outcome.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace keytone::listening {

using accuracy::Outcome;

/// Which stimuli.
enum class Set : std::uint8_t {
    tuned, ///< Those that limits were found with.
    judge, ///< Others: numbers that were never drawn before and, where there is one, another generator.
};

/// The settings of a run.
struct Setting : accuracy::Setting {
    Set set;

    /// For the random numbers of a piece of sound.
    [[nodiscard]] std::uint64_t seed(std::size_t piece) const {
        constexpr std::uint64_t first_of_judge = 7'000'000'000;
        return (set == Set::judge ? first_of_judge : 1) + piece;
    }
};

struct Row {
    std::string_view name; ///< For --rows.
    std::string_view title;
    double weight; ///< Its share of the work, relative to the other rows.
    Outcome (*measure)(const Setting& setting);
};

/// All rows, in the order of the table. Of a setting, `digits` is how many pieces of sound a line is measured
/// with.
std::span<const Row> rows();

Outcome rows_of_answers(const Setting& setting);
Outcome rows_of_beeps(const Setting& setting);
Outcome rows_of_deaf_menus(const Setting& setting);
Outcome rows_of_prompt_ends(const Setting& setting);
Outcome rows_of_progress(const Setting& setting);
Outcome rows_of_machine_tones(const Setting& setting);
Outcome rows_of_false_tones(const Setting& setting);
Outcome rows_of_redaction(const Setting& setting);

} // namespace keytone::listening
