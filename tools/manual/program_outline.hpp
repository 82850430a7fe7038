// SPDX-License-Identifier: MIT
//
// The program's commands and options as plain values: what its manual and its completions say about each.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace keytone::tools::manual {

/// What stands behind an option, or in an argument's place.
enum class ValueKind {
    none,   ///< A flag.
    words,  ///< One of `Option::words`.
    file,   ///< A file's name.
    folder, ///< A folder's name.
    other,  ///< Something that no shell can guess.
};

struct Option {
    std::vector<std::string> names; ///< With their dashes, as `--help` has them; one without for an argument.
    ValueKind kind;
    std::string value; ///< What the value is called: `HZ`.
    std::vector<std::string> words;
    std::string initial; ///< Its default, empty when it has none.
    std::string description;
    bool required;
    bool repeated; ///< More than one value may be given.

    [[nodiscard]] bool positional() const { return !names.front().starts_with('-'); }
};

/// A stretch of the text below `--help`'s options.
struct Paragraph {
    std::string text; ///< Its lines.
    bool verbatim;    ///< Its lines stay as they are.
};

struct Command {
    std::string name; ///< Empty for the program itself.
    std::string description;
    std::vector<Option> options;
    std::vector<std::string> examples;
    std::vector<Paragraph> details;
};

struct ProgramOutline {
    std::string name; ///< Of the program: `keytone`.
    Command program;
    std::vector<Command> commands;
    std::string exit_codes; ///< "0 done, …".
};

/// What `program` says about itself. Changes nothing: CLI11 hands out checks for changes only.
ProgramOutline outline(CLI::App& program);

} // namespace keytone::tools::manual
