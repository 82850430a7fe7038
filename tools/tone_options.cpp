// SPDX-License-Identifier: MIT
#include "tools/tone_options.hpp"

#include "tools/console/printable.hpp"
#include "tools/option_checks.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace keytone::tools {

namespace {

/// A number as it was probably typed.
std::string shown(double number) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.begin(), buffer.end(), number).ptr;
    return {buffer.begin(), end};
}

/// The option that `problem` belongs to, as it was given.
std::string culprit(const DigitString::ParseError& problem, const ToneOptions& options) {
    switch (problem.error) {
    case Error::invalid_digit:
        return printable_character(options.digits[problem.index]) + " at position " +
               std::to_string(problem.index + 1) + " of DIGITS";
    case Error::tone_out_of_range:
    case Error::edge_out_of_range:
        return "--tone-ms " + shown(options.tone.tone.value);
    case Error::gap_out_of_range:
        return "--gap-ms " + shown(options.tone.gap.value);
    case Error::level_out_of_range:
    case Error::level_clips:
        return "--low-dbm0 " + shown(options.tone.low_level.value) + " --high-dbm0 " +
               shown(options.tone.high_level.value);
    default:
        return "DIGITS";
    }
}

} // namespace

CLI::Option* add_digits_argument(CLI::App& command, ToneOptions& options) {
    return command.add_option("DIGITS", options.digits, "Digits and pauses, at most 100000")
        ->required()
        ->type_name("")
        ->always_capture_default(false);
}

void add_tone_options(CLI::App& command, ToneOptions& options) {
    command.add_option("--tone-ms", options.tone.tone.value, "Length of a tone")
        ->type_name("MS")
        ->check(decimal_number());
    command.add_option("--gap-ms", options.tone.gap.value, "Silence between two tones")
        ->type_name("MS")
        ->check(decimal_number());
    command.add_option("--low-dbm0", options.tone.low_level.value, "Level of the low-group tone")
        ->type_name("DBM0")
        ->check(decimal_number());
    command.add_option("--high-dbm0", options.tone.high_level.value, "Level of the high-group tone")
        ->type_name("DBM0")
        ->check(decimal_number());
    command.add_option("--lead-ms", options.lead.value, "Silence before the first digit, 0 to 600000")
        ->type_name("MS")
        ->check(decimal_number(0, ToneOptions::max_silence_ms, " ms"));
    command.add_option("--tail-ms", options.tail.value, "Silence behind the last digit, 0 to 600000")
        ->type_name("MS")
        ->check(decimal_number(0, ToneOptions::max_silence_ms, " ms"));
}

Result<DigitStream, Failure> make_digit_stream(const ToneOptions& options, SampleRate rate) {
    if (options.digits.size() > ToneOptions::max_digits) {
        return misused("DIGITS has " + std::to_string(options.digits.size()) + " characters, more than the " +
                       std::to_string(ToneOptions::max_digits) + " of one recording: send them in parts");
    }
    auto stream = DigitStream::create(
        options.digits, {.rate = rate, .tone = options.tone, .lead = options.lead, .tail = options.tail});
    if (!stream) {
        return misused(culprit(stream.error(), options) + ": " + std::string(text(stream.error().error)));
    }
    return *std::move(stream);
}

} // namespace keytone::tools
