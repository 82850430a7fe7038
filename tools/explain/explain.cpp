// SPDX-License-Identifier: MIT
#include "tools/explain/explain.hpp"

#include "tools/console/json_line.hpp"
#include "tools/console/printable.hpp"
#include "tools/explain/dial_strings.hpp"
#include "tools/option_checks.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::tools {

namespace {

constexpr std::string_view explain_examples = R"(Examples:
  keytone explain 12w3#
  keytone explain 'wwww1234#' --from twilio
  keytone explain '1,2' --from webrtc --json

Prints when each key and pause begins and how long it lasts, in milliseconds from the start of the string, what
happens to characters that are neither, and the string that says the same to keytone. '>=' stands before a time
that what is not documented makes later. With --json, one object. The exit code is 1 for a string that is refused.)";

std::vector<std::string> platform_names() {
    std::vector<std::string> names;
    for (const DialPlatform& platform : dial_platforms()) {
        names.emplace_back(platform.name);
    }
    return names;
}

/// A whole number of milliseconds, as all lengths of the platforms are.
long long whole(Milliseconds duration) {
    return static_cast<long long>(duration.value);
}

std::string_view kind_word(DialStep::Kind kind) {
    switch (kind) {
    case DialStep::Kind::key:
        return "key";
    case DialStep::Kind::pause:
        return "pause";
    case DialStep::Kind::flash:
        return "flash";
    case DialStep::Kind::silence:
        break;
    }
    return "silence";
}

std::string documented(std::optional<Milliseconds> length) {
    return length ? std::to_string(whole(*length)) + " ms" : "not documented";
}

std::string column(const std::string& text, std::size_t width) {
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string keytone_line(const DialMeaning& meaning) {
    if (!meaning.keytone) {
        return "none: " + meaning.no_keytone;
    }
    const KeytoneString& keytone = *meaning.keytone;
    std::string line = keytone.digits;
    if (keytone.tone) {
        line += " --tone-ms " + std::to_string(whole(*keytone.tone));
    }
    if (keytone.gap) {
        line += " --gap-ms " + std::to_string(whole(*keytone.gap));
    }
    if (keytone.pauses_shorter > Milliseconds{0}) {
        line += " (silences with a pause are " + std::to_string(whole(keytone.pauses_shorter)) +
                " ms shorter: there the pause follows the gap, here it takes its place)";
    }
    return line;
}

/// A line for each character that is neither a key nor a pause, with all its positions.
std::string odd_lines(std::string_view digits, const DialMeaning& meaning) {
    std::map<std::pair<char, std::string_view>, std::vector<std::string>> places;
    for (const OddCharacter& odd : meaning.odd) {
        places[{digits[odd.index], odd.happens}].push_back(std::to_string(odd.index + 1));
    }
    std::string lines;
    for (const auto& [what, positions] : places) {
        const std::size_t shown = std::min<std::size_t>(positions.size(), 8);
        std::string list = positions.front();
        for (std::size_t i = 1; i < shown; ++i) {
            list += ", " + positions[i];
        }
        if (shown < positions.size()) {
            list += " and " + std::to_string(positions.size() - shown) + " more";
        }
        lines +=
            printable_character(what.first) + " at position " + list + ": " + std::string(what.second) + "\n";
    }
    return lines;
}

std::string text_report(std::string_view digits, const DialPlatform& platform, const DialMeaning& meaning) {
    std::string report =
        printable(digits) + " to " + std::string(platform.name) + " (" + std::string(platform.door) + ")\n";
    report += "tone: " + documented(platform.tone) + "; gap: " + documented(platform.gap) + "\n";
    if (!meaning.refusal.empty()) {
        // Where a character is the reason, the lines below state it.
        report += meaning.odd.empty() ? "refused: " + meaning.refusal + "\n" : "refused\n";
    } else {
        report += "\n     at ms    length\n";
        for (const DialStep& step : meaning.steps) {
            report += column((step.is_at_least ? ">=" : "") + std::to_string(whole(step.at)), 10) +
                      column(step.length ? std::to_string(whole(*step.length)) : "?", 10) + "  " +
                      std::string(kind_word(step.kind)) +
                      (step.index != DialStep::no_character ? " " + printable({&step.character, 1}) : "") +
                      "\n";
        }
        report += column((meaning.total_is_at_least ? ">=" : "") + std::to_string(whole(meaning.total)), 10) +
                  "            end\n\n";
    }
    report += odd_lines(digits, meaning);
    report += "note: " + std::string(platform.remark) + "\n";
    if (platform.name != "keytone") {
        report += "keytone: " + keytone_line(meaning) + "\n";
    }
    return report;
}

Json nullable(std::optional<Milliseconds> length) {
    return length ? Json(whole(*length)) : Json();
}

std::string json_report(std::string_view digits, const DialPlatform& platform, const DialMeaning& meaning) {
    Json steps = Json::array();
    for (const DialStep& step : meaning.steps) {
        Json object{{"at_ms", whole(step.at)},
                    {"at_least", step.is_at_least},
                    {"length_ms", nullable(step.length)},
                    {"what", kind_word(step.kind)}};
        if (step.index != DialStep::no_character) {
            object["character"] = std::string(1, step.character);
            object["position"] = step.index + 1;
        }
        steps.push_back(std::move(object));
    }
    Json odd = Json::array();
    for (const OddCharacter& character : meaning.odd) {
        odd.push_back({{"character", digits.substr(character.index, 1)},
                       {"position", character.index + 1},
                       {"happens", character.happens}});
    }
    Json keytone;
    if (meaning.keytone) {
        keytone = {{"digits", meaning.keytone->digits},
                   {"tone_ms", nullable(meaning.keytone->tone)},
                   {"gap_ms", nullable(meaning.keytone->gap)},
                   {"pauses_shorter_ms", whole(meaning.keytone->pauses_shorter)}};
    }
    const Json report{{"digits", digits},
                      {"from", platform.name},
                      {"function", platform.door},
                      {"tone_ms", nullable(platform.tone)},
                      {"gap_ms", nullable(platform.gap)},
                      {"refused", meaning.refusal.empty() ? Json() : Json(meaning.refusal)},
                      {"steps", std::move(steps)},
                      {"total_ms", whole(meaning.total)},
                      {"total_at_least", meaning.total_is_at_least},
                      {"characters", std::move(odd)},
                      {"note", platform.remark},
                      {"keytone", std::move(keytone)},
                      {"no_keytone", meaning.keytone ? Json() : Json(meaning.no_keytone)}};
    return json_line(report);
}

} // namespace

CLI::App* add_explain_command(CLI::App& program, ExplainOptions& options) {
    CLI::App* command = program.add_subcommand("explain", "Tell what a digit string means");
    command->option_defaults()->always_capture_default();
    command->footer(std::string(explain_examples));

    command->add_option("DIGITS", options.digits, "Digits and pauses, at most 128 characters")
        ->required()
        ->type_name("")
        ->always_capture_default(false);
    command->add_option("--from", options.from, "Whose string it is: " + enumerate(platform_names()))
        ->type_name("NAME")
        ->check(one_of(platform_names()));
    command->add_flag("--json", options.json, "Print one JSON object");
    return command;
}

ExitCode explain(const ExplainOptions& options, Console& console) {
    const auto usage = [&console](const std::string& message) {
        console.error(message);
        return ExitCode::usage;
    };
    if (options.digits.empty()) {
        return usage("DIGITS is empty: give a digit string");
    }
    if (options.digits.size() > ExplainOptions::max_digits) {
        return usage("DIGITS has " + std::to_string(options.digits.size()) +
                     " characters, more than 128: explain it in parts");
    }
    const DialPlatform* platform = find_dial_platform(options.from);
    if (platform == nullptr) {
        return usage("--from " + options.from + ": use " + enumerate(platform_names()));
    }
    const DialMeaning meaning = dial_meaning(options.digits, *platform);
    console.print(options.json ? json_report(options.digits, *platform, meaning)
                               : text_report(options.digits, *platform, meaning));
    return meaning.refusal.empty() ? ExitCode::done : ExitCode::failed;
}

} // namespace keytone::tools
