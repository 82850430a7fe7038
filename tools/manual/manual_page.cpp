// SPDX-License-Identifier: MIT
#include "tools/manual/manual_page.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>

namespace keytone::tools::manual {

namespace {

/// `text` escaped for roff: every dash as one that can be copied and typed, and nothing taken for a request.
std::string escaped(std::string_view text) {
    std::string result;
    bool line_begins = true;
    for (const char c : text) {
        if (line_begins && (c == '.' || c == '\'')) {
            result += "\\&";
        }
        switch (c) {
        case '\\':
            result += "\\e";
            break;
        case '-':
            result += "\\-";
            break;
        case '\'':
            result += "\\(aq";
            break;
        case '"':
            result += "\\(dq";
            break;
        case '^':
            result += "\\(ha";
            break;
        case '~':
            result += "\\(ti";
            break;
        case '`':
            result += "\\(ga";
            break;
        default:
            result += c;
        }
        line_begins = c == '\n';
    }
    return result;
}

/// Prose in lines that fit a terminal.
std::string prose(const std::string& text) {
    constexpr std::size_t width = 70;
    std::istringstream words(text);
    std::string result;
    std::string line;
    for (std::string word; words >> word;) {
        if (!line.empty() && line.size() + 1 + word.size() > width) {
            result += escaped(line) + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    return result + escaped(line) + "\n";
}

std::string bold(std::string_view text) {
    return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text) {
    return "\\fI" + escaped(text) + "\\fR";
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    return text;
}

std::string section(std::string_view title) {
    return ".SH " + std::string(title) + "\n";
}

std::string verbatim(std::string_view lines) {
    return ".RS 4\n.nf\n" + escaped(lines) + ".fi\n.RE\n";
}

std::string named(const Option& option) {
    if (option.positional()) {
        return italic(option.names.front()) + (option.repeated ? " ..." : "");
    }
    std::string text;
    for (const std::string& name : option.names) {
        text += (text.empty() ? "" : ", ") + bold(name);
    }
    return text + (option.value.empty() ? "" : " " + italic(option.value));
}

/// Whether a program does something without a command, too: it has more options than help and version.
bool works_alone(const Command& program) {
    constexpr std::size_t always = 2;
    return program.options.size() > always;
}

std::string synopsis(const ProgramOutline& outline, const Command& command) {
    std::string text = bold(outline.name);
    if (command.name.empty()) {
        return (works_alone(command) ? text + " [" + italic("OPTION") + " ...]\n.br\n" : "") + text + " " +
               italic("COMMAND") + " [" + italic("OPTION") + " ...]\n";
    }
    text += " " + bold(command.name) + " [" + italic("OPTION") + " ...]";
    for (const Option& option : command.options) {
        if (option.required && !option.positional()) {
            text += " " + bold(option.names.front()) + " " + italic(option.value);
        }
    }
    for (const Option& option : command.options) {
        if (option.positional()) {
            text += " " + named(option);
        }
    }
    return text + "\n";
}

std::string sentence(const std::string& text) {
    return text + (text.ends_with('.') ? "" : ".");
}

std::string entry(const Option& option) {
    std::string text = ".TP\n" + named(option) + "\n" + prose(sentence(option.description));
    if (option.required && !option.positional()) {
        text += "Must be given.\n";
    } else if (!option.initial.empty()) {
        text += prose("Default: " + option.initial + ".");
    }
    return text;
}

} // namespace

std::string page_name(const ProgramOutline& outline, const Command& command) {
    return command.name.empty() ? outline.name : outline.name + "-" + command.name;
}

std::string manual_page(const ProgramOutline& outline, const Command& command, const Edition& edition) {
    const bool whole = command.name.empty();
    const std::string name = page_name(outline, command);
    // The page's name and its purpose: one line, without a full stop.
    std::string purpose = command.description;
    purpose.resize(purpose.find_last_not_of('.') + 1);

    std::string page = ".\\\" Made by the build from what --help is made from: see tools/manual/.\n.TH " +
                       upper(name) + " 1 " + edition.date + " \"keytone " + edition.version + "\"\n";
    page += section("NAME") + escaped(name) + " \\- " + escaped(purpose) + "\n";
    page += section("SYNOPSIS") + synopsis(outline, command);
    page += section("DESCRIPTION") + prose(sentence(command.description));
    for (const Paragraph& paragraph : command.details) {
        page += paragraph.verbatim ? verbatim(paragraph.text) : ".PP\n" + prose(paragraph.text);
    }
    if (whole) {
        page += section("COMMANDS");
        for (const Command& each : outline.commands) {
            page += ".TP\n" + bold(each.name) + "\n" + prose(sentence(each.description)) + "See \\fB" +
                    escaped(page_name(outline, each)) + "\\fR(1).\n";
        }
    }
    page += section("OPTIONS");
    for (const Option& option : command.options) {
        page += entry(option);
    }
    if (whole) {
        page +=
            section("ENVIRONMENT") + ".TP\n" + bold("KEYTONE_SIMD") + "\n" +
            prose("The instructions to use: baseline, avx2 or avx512. Default: the best that the processor "
                  "has. The result is the same.");
    }
    page += section("EXIT STATUS") + prose(sentence(outline.exit_codes));
    if (!command.examples.empty()) {
        std::string lines;
        for (const std::string& line : command.examples) {
            lines += line + "\n";
        }
        page += section("EXAMPLES") + verbatim(lines);
    }
    page += section("SEE ALSO");
    std::string others;
    const auto add = [&](const Command& other) {
        if (&other != &command) {
            others += (others.empty() ? "\\fB" : ",\n\\fB") + escaped(page_name(outline, other)) + "\\fR(1)";
        }
    };
    add(outline.program);
    std::ranges::for_each(outline.commands, add);
    return page + others + "\n";
}

} // namespace keytone::tools::manual
