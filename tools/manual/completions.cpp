// SPDX-License-Identifier: MIT
#include "tools/manual/completions.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace keytone::tools::manual {

namespace {

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : std::string(separator)) + word;
    }
    return text;
}

std::vector<std::string> command_names(const ProgramOutline& outline) {
    std::vector<std::string> names;
    for (const Command& command : outline.commands) {
        names.push_back(command.name);
    }
    return names;
}

std::vector<std::string> option_names(const Command& command) {
    std::vector<std::string> names;
    for (const Option& option : command.options) {
        if (!option.positional()) {
            names.insert(names.end(), option.names.begin(), option.names.end());
        }
    }
    return names;
}

bool takes_files(const Command& command) {
    return std::ranges::any_of(command.options, [](const Option& option) {
        return option.positional() && option.kind == ValueKind::file;
    });
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
        text.replace(at, what.size(), by);
    }
    return text;
}

/// In a shell's single quotes.
std::string quoted(const std::string& text) {
    return "'" + replaced(text, "'", R"('\'')") + "'";
}

constexpr std::string_view origin = "Made by the build from what --help is made from.";

// ---------------------------------------------------------------------------------------------------- bash

constexpr std::string_view bash_begin = R"(_keytone() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' words='' word
    # --option=value comes as three words.
    if [[ $current == = ]]; then
        current=''
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
        -*) ;;
        *)
            command=$word
            break
            ;;
        esac
    done
    COMPREPLY=()
    case $command,$previous in
)";

std::string bash_value(const Command& command, const Option& option) {
    std::vector<std::string> patterns;
    for (const std::string& name : option.names) {
        patterns.push_back(command.name + "," + name);
    }
    std::string text = "    " + joined(patterns, " | ") + ")\n";
    switch (option.kind) {
    case ValueKind::words:
        text += "        mapfile -t COMPREPLY < <(compgen -W " + quoted(joined(option.words, " ")) +
                " -- \"$current\")\n";
        break;
    case ValueKind::file:
    case ValueKind::folder:
        text += "        compopt -o filenames\n        mapfile -t COMPREPLY < <(compgen -" +
                std::string(option.kind == ValueKind::file ? "f" : "d") + " -- \"$current\")\n";
        break;
    default:
        break;
    }
    return text + "        return\n        ;;\n";
}

// ----------------------------------------------------------------------------------------------------- zsh

std::string zsh_described(const std::string& text) {
    std::string result = text;
    for (const char* const special : {"\\", "[", "]", ":"}) {
        result = replaced(result, special, "\\" + std::string(special));
    }
    return result;
}

std::string zsh_action(const Option& option) {
    switch (option.kind) {
    case ValueKind::words:
        return "(" + joined(option.words, " ") + ")";
    case ValueKind::file:
        return "_files";
    case ValueKind::folder:
        return "_files -/";
    default:
        return " ";
    }
}

/// One option, in the syntax of _arguments.
std::string zsh_option(const Option& option) {
    const std::string value =
        option.kind == ValueKind::none ? "" : ":" + zsh_described(option.value) + ":" + zsh_action(option);
    if (option.positional()) {
        return quoted((option.repeated ? "*" : "") + (option.repeated ? value : "1" + value));
    }
    const std::string described = "[" + zsh_described(option.description) + "]" + value;
    if (option.names.size() == 1) {
        return quoted(option.names.front() + described);
    }
    return quoted("(" + joined(option.names, " ") + ")") + "{" + joined(option.names, ",") + "}" +
           quoted(described);
}

std::string zsh_options(const Command& command, const std::string& indent) {
    std::string text;
    for (const Option& option : command.options) {
        text += " \\\n" + indent + zsh_option(option);
    }
    return text;
}

// ---------------------------------------------------------------------------------------------------- fish

std::string fish_option(const std::string& condition, const Option& option) {
    std::string text = "complete -c keytone -n " + quoted(condition);
    if (option.positional()) {
        return option.kind == ValueKind::file ? text + " -F\n" : "";
    }
    for (const std::string& name : option.names) {
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    switch (option.kind) {
    case ValueKind::none:
        break;
    case ValueKind::words:
        text += " -x -a " + quoted(joined(option.words, " "));
        break;
    case ValueKind::file:
        text += " -r -F";
        break;
    case ValueKind::folder:
        text += " -x -a '(__fish_complete_directories)'";
        break;
    case ValueKind::other:
        text += " -x";
        break;
    }
    return text + " -d " + quoted(option.description) + "\n";
}

} // namespace

std::string bash_completion(const ProgramOutline& outline) {
    std::string text = "# keytone's commands and options for bash. " + std::string(origin) + "\n" +
                       "# shellcheck shell=bash\n" + std::string(bash_begin);
    for (const Command& command : outline.commands) {
        for (const Option& option : command.options) {
            if (!option.positional() && option.kind != ValueKind::none) {
                text += bash_value(command, option);
            }
        }
    }
    text += "    esac\n    case $command in\n";
    text += "    '') words=" +
            quoted(joined(command_names(outline), " ") + " " + joined(option_names(outline.program), " ")) +
            " ;;\n";
    std::vector<std::string> readers;
    for (const Command& command : outline.commands) {
        text += "    " + command.name + ") words=" + quoted(joined(option_names(command), " ")) + " ;;\n";
        if (takes_files(command)) {
            readers.push_back(command.name);
        }
    }
    text += "    esac\n    if [[ -z $command || $current == -* ]]; then\n"
            "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
            "        return\n    fi\n    case $command in\n    " +
            joined(readers, " | ") +
            ")\n        compopt -o filenames\n"
            "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n        ;;\n    esac\n}\n"
            "complete -F _keytone keytone\n";
    return text;
}

std::string zsh_completion(const ProgramOutline& outline) {
    std::string text = "#compdef keytone\n# keytone's commands and options for zsh. " + std::string(origin) +
                       "\nlocal curcontext=$curcontext state line\nlocal -a commands=(\n";
    for (const Command& command : outline.commands) {
        text += "    " + quoted(command.name + ":" + command.description) + "\n";
    }
    text += ")\n_arguments -C" + zsh_options(outline.program, "    ") +
            " \\\n    '1:command:->command' \\\n    '*::argument:->argument' && return\n"
            "case $state in\ncommand)\n    _describe command commands\n    ;;\nargument)\n"
            "    case $words[1] in\n";
    for (const Command& command : outline.commands) {
        text += "    " + command.name + ")\n        _arguments" + zsh_options(command, "            ") +
                "\n        ;;\n";
    }
    return text + "    esac\n    ;;\nesac\n";
}

std::string fish_completion(const ProgramOutline& outline) {
    const std::string none_yet = "__fish_use_subcommand";
    std::string text =
        "# keytone's commands and options for fish. " + std::string(origin) + "\ncomplete -c keytone -f\n";
    for (const Option& option : outline.program.options) {
        text += fish_option(none_yet, option);
    }
    for (const Command& command : outline.commands) {
        text += "complete -c keytone -n " + quoted(none_yet) + " -a " + command.name + " -d " +
                quoted(command.description) + "\n";
    }
    for (const Command& command : outline.commands) {
        for (const Option& option : command.options) {
            text += fish_option("__fish_seen_subcommand_from " + command.name, option);
        }
    }
    return text;
}

} // namespace keytone::tools::manual
