// SPDX-License-Identifier: MIT
#include "bench/accuracy/talk_off/speech_folder.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace keytone::accuracy {

namespace {

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, '\t');) {
        cells.push_back(cell);
    }
    return cells;
}

} // namespace

Corpus speech_folder(const std::filesystem::path& folder) {
    if (folder.empty()) {
        return {{}, {"give a folder of recorded speech by --speech"}};
    }
    const std::filesystem::path index = folder / "index.tsv";
    std::ifstream file(index);
    if (!file) {
        return {{}, {"there is no " + index.string()}};
    }
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> head = cells_of(line);
    const auto column = [&](std::string_view name) {
        const auto found = std::ranges::find(head, name);
        if (found == head.end()) {
            throw std::runtime_error(index.string() + ": its first line names no column " +
                                     std::string(name));
        }
        return static_cast<std::size_t>(found - head.begin());
    };
    const std::size_t file_column = column("file");
    const std::size_t source_column = column("source");
    const std::size_t kind_column = column("kind");
    Corpus corpus;
    while (std::getline(file, line)) {
        const std::vector<std::string> cells = cells_of(line);
        if (cells.size() <= std::max({file_column, source_column, kind_column})) {
            throw std::runtime_error(index.string() + ": too few columns: " + line);
        }
        corpus.clips.push_back({.kind = cells[kind_column],
                                .name = cells[file_column],
                                .source = cells[source_column],
                                .path = folder / cells[file_column]});
    }
    std::ranges::stable_sort(corpus.clips, {}, &Clip::kind);
    return corpus;
}

} // namespace keytone::accuracy
