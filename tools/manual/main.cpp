// SPDX-License-Identifier: MIT
//
// keytone_manual FOLDER VERSION DATE: writes keytone's manual pages and the shells' completions into a
// folder. The build runs it; it is not installed.
#include "tools/manual/completions.hpp"
#include "tools/manual/manual_page.hpp"
#include "tools/manual/program_outline.hpp"
#include "tools/program.hpp"

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace keytone::tools;

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) {
        throw std::runtime_error(path.string() + ": cannot be written");
    }
}

void write_all(const std::filesystem::path& folder, const manual::Edition& edition) {
    CLI::App program("", "keytone");
    ProgramOptions options;
    Console console;
    const std::vector<Command> commands = describe_program(program, options, console);
    const manual::ProgramOutline outline = manual::outline(program);

    std::filesystem::create_directories(folder);
    write(folder / "keytone.1", manual::manual_page(outline, outline.program, edition));
    for (const manual::Command& command : outline.commands) {
        write(folder / (manual::page_name(command) + ".1"), manual::manual_page(outline, command, edition));
    }
    write(folder / "keytone.bash", manual::bash_completion(outline));
    write(folder / "_keytone", manual::zsh_completion(outline));
    write(folder / "keytone.fish", manual::fish_completion(outline));
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv, argv + argc);
    if (arguments.size() != 4) {
        std::cerr << "usage: keytone_manual FOLDER VERSION DATE\n";
        return 2;
    }
    try {
        write_all(arguments[1], {.version = arguments[2], .date = arguments[3]});
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "keytone_manual: " << error.what() << '\n';
        return 1;
    }
}
