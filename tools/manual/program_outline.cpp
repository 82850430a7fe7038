// SPDX-License-Identifier: MIT
#include "tools/manual/program_outline.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

namespace keytone::tools::manual {

namespace {

constexpr std::string_view examples_title = "Examples:";
constexpr std::string_view exit_codes_title = "Exit code: ";

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

/// The kind of a value, by its name in `--help`.
ValueKind kind_of(const std::string& value) {
    constexpr std::array<std::string_view, 3> files{"FILE", "SCENARIO", "SETTINGS"};
    if (std::ranges::find(files, value) != files.end()) {
        return ValueKind::file;
    }
    return value == "FOLDER" ? ValueKind::folder : ValueKind::other;
}

Option outline_option(CLI::Option& option) {
    Option outlined{.names = {},
                    .kind = ValueKind::none,
                    .value = option.get_type_name(),
                    .words = {},
                    .initial = option.get_default_str(),
                    .description = option.get_description(),
                    .required = option.get_required(),
                    .repeated = option.get_items_expected_max() > 1};
    if (option.get_positional()) {
        outlined.names = {option.get_name()};
        outlined.value = option.get_name();
    } else {
        for (const std::string& name : option.get_snames()) {
            outlined.names.push_back("-" + name);
        }
        for (const std::string& name : option.get_lnames()) {
            outlined.names.push_back("--" + name);
        }
        if (option.get_items_expected_max() == 0) {
            outlined.value.clear();
            outlined.initial.clear();
            return outlined;
        }
    }
    outlined.kind = kind_of(outlined.value);
    try {
        outlined.words = split(option.get_validator(0)->get_name(), '|');
        if (!outlined.words.empty()) {
            outlined.kind = ValueKind::words;
        }
    } catch (const CLI::OptionNotFound&) { // Any value is accepted.
    }
    return outlined;
}

/// Splits the text below the options: examples, and paragraphs of prose and of indented lines.
void outline_footer(const std::string& footer, Command& command, std::string& exit_codes) {
    bool examples = false;
    bool begins = true;
    for (const std::string& line : split(footer, '\n')) {
        if (line.empty()) {
            examples = false;
            begins = true;
        } else if (line == examples_title) {
            examples = true;
        } else if (examples) {
            command.examples.push_back(line.substr(line.find_first_not_of(' ')));
        } else if (line.starts_with(exit_codes_title)) {
            exit_codes = line.substr(exit_codes_title.size());
        } else {
            const bool verbatim = line.starts_with("  ");
            if (begins || command.details.back().verbatim != verbatim) {
                command.details.push_back({"", verbatim});
            }
            command.details.back().text += line.substr(verbatim ? 2 : 0) + "\n";
            begins = false;
        }
    }
}

} // namespace

ProgramOutline outline(CLI::App& program) {
    ProgramOutline outlined;
    outlined.name = program.get_name();
    const auto describe = [&](CLI::App& app, Command& command) {
        command.description = app.get_description();
        for (CLI::Option* const option : app.get_options({})) {
            command.options.push_back(outline_option(*option));
        }
        outline_footer(app.get_footer(), command, outlined.exit_codes);
    };
    describe(program, outlined.program);
    for (CLI::App* const app : program.get_subcommands({})) {
        Command& command = outlined.commands.emplace_back();
        command.name = app->get_name();
        describe(*app, command);
    }
    return outlined;
}

} // namespace keytone::tools::manual
