// SPDX-License-Identifier: MIT
//
// The program's commands and options as plain values: the source of its manual and completions.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace keytone::tools::manual {

/// The kind of value of an option or an argument.
enum class ValueKind {
    none,   ///< A flag.
    words,  ///< One of `Option::words`.
    file,   ///< A file's name.
    folder, ///< A folder's name.
    other,  ///< Something that a shell cannot complete.
};

struct Option {
    std::vector<std::string> names; ///< With their dashes, as in `--help`; an argument has one without.
    ValueKind kind;
    std::string value; ///< The name of the value: `HZ`.
    std::vector<std::string> words;
    std::string initial; ///< Its default, empty when it has none.
    std::string description;
    bool required;
    bool repeated; ///< More than one value may be given.

    [[nodiscard]] bool positional() const { return !names.front().starts_with('-'); }
};

/// A paragraph of the text below `--help`'s options.
struct Paragraph {
    std::string text; ///< Its lines.
    bool verbatim;    ///< Whether its lines are not wrapped.
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

/// The outline of `program`, which does not change: it is not const, as CLI11 only gives access to checks of
/// objects that are not.
ProgramOutline outline(CLI::App& program);

} // namespace keytone::tools::manual
