// SPDX-License-Identifier: MIT
//
// keytone_speed_report DOCUMENT [stages=FILE] SET=FILE[,FILE…]…: writes the tables of those runs, each of one
// or more passes, into DOCUMENT, after its marker, and the last run's pictures into the folder of the same
// name, with that of a loaded call's stages.
#include "bench/speed/speed_picture.hpp"
#include "bench/speed/speed_run.hpp"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr std::string_view marker = "<!-- bench/report writes what follows -->\n";

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error(path.string() + ": cannot be read");
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

void report(const std::filesystem::path& document, const std::vector<std::string>& arguments) {
    std::vector<keytone::bench::SpeedRun> runs;
    std::vector<keytone::bench::Stage> stages;
    for (const std::string& argument : arguments) {
        const auto equals = argument.find('=');
        if (equals == std::string::npos) {
            throw std::runtime_error(argument + ": not SET=FILE[,FILE...]");
        }
        const std::string name = argument.substr(0, equals);
        if (name == "stages") {
            stages = keytone::bench::read_stages(read_file(argument.substr(equals + 1)));
            continue;
        }
        std::vector<std::string> passes;
        std::istringstream files(argument.substr(equals + 1));
        for (std::string file; std::getline(files, file, ',');) {
            passes.push_back(read_file(file));
        }
        runs.push_back(keytone::bench::read_speed_run(passes, name));
    }
    if (runs.empty()) {
        throw std::runtime_error("no SET=FILE: nothing was measured");
    }
    std::string text = read_file(document);
    const auto at = text.find(marker);
    if (at == std::string::npos) {
        throw std::runtime_error(document.string() + ": has no line " + std::string(marker));
    }
    text.resize(at + marker.size());
    text += keytone::bench::speed_tables(runs);
    std::filesystem::path pictures = document;
    pictures.replace_extension();
    std::filesystem::create_directories(pictures);
    if (const auto error = keytone::bench::draw_speed(runs.back(), pictures)) {
        throw std::runtime_error(error->message);
    }
    if (const auto error = stages.empty() ? std::nullopt : keytone::bench::draw_stages(stages, pictures)) {
        throw std::runtime_error(error->message);
    }
    std::ofstream file(document, std::ios::binary | std::ios::trunc);
    file << text << std::flush;
    if (!file) {
        throw std::runtime_error(document.string() + ": cannot be written");
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() < 2) {
        static_cast<void>(std::fputs(
            "usage: keytone_speed_report DOCUMENT [stages=FILE] SET=FILE[,FILE…]…; bench/report calls it\n",
            stderr));
        return 2;
    }
    try {
        report(arguments.front(), {arguments.begin() + 1, arguments.end()});
    } catch (const std::exception& error) {
        static_cast<void>(std::fprintf(stderr, "keytone_speed_report: %s\n", error.what()));
        return 1;
    }
}
