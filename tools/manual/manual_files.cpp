// SPDX-License-Identifier: MIT
#include "tools/manual/manual_files.hpp"

#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <vector>

namespace keytone::tools::manual {

void write_text(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) {
        throw std::runtime_error(path.string() + ": cannot be written");
    }
}

void write_pages(const std::filesystem::path& folder, const ProgramOutline& outline, const Edition& edition) {
    std::filesystem::create_directories(folder);
    const auto write = [&](const Command& command) {
        write_text(folder / (page_name(outline, command) + ".1"), manual_page(outline, command, edition));
    };
    write(outline.program);
    for (const Command& command : outline.commands) {
        write(command);
    }
}

int run_manual_program(int argc, char** argv, const std::string& name,
                       const std::function<void(const std::filesystem::path&, const Edition&)>& write) {
    const std::vector<std::string> arguments(argv, argv + argc);
    if (arguments.size() != 4) {
        std::cerr << "usage: " << name << " FOLDER VERSION DATE\n";
        return 2;
    }
    try {
        write(arguments[1], {.version = arguments[2], .date = arguments[3]});
        return 0;
    } catch (const std::exception& error) {
        std::cerr << name << ": " << error.what() << '\n';
        return 1;
    }
}

} // namespace keytone::tools::manual
