// SPDX-License-Identifier: MIT
//
// docs/map.md names every source.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// The names between backticks, without folders and endings.
std::set<std::string> named_in(const std::string& text) {
    std::set<std::string> names;
    for (auto begin = text.find('`'); begin != std::string::npos; begin = text.find('`', begin + 1)) {
        const auto end = text.find('`', begin + 1);
        if (end == std::string::npos) {
            break;
        }
        names.insert(fs::path(text.substr(begin + 1, end - begin - 1)).stem().string());
        begin = end;
    }
    return names;
}

TEST(Map, NamesEverySource) {
    const fs::path root = KEYTONE_ROOT;
    const auto names = named_in(read_file(root / "docs/map.md"));
    ASSERT_GT(names.size(), 100U);
    for (const char* const folder : {"dsp", "engine", "server", "tools", "bench", "examples"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const std::string ending = entry.path().extension().string();
            const std::string stem = entry.path().stem().string();
            const bool is_source = ending == ".cpp" || ending == ".hpp" || ending == ".c" || ending == ".h";
            // The rows of the accuracy table share one name.
            if (is_source && !stem.starts_with("row_")) {
                EXPECT_TRUE(names.contains(stem)) << entry.path();
            }
        }
    }
}

} // namespace
