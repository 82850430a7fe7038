// SPDX-License-Identifier: MIT
//
// docs/seeds.md: every statement has a test, and that test is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The cells of each row of the document's tables, but for their heads.
std::vector<std::vector<std::string>> rows_of(const std::string& text) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| ") || line.starts_with("| statement ")) {
            continue;
        }
        std::vector<std::string> cells;
        std::istringstream stream(line.substr(1));
        for (std::string cell; std::getline(stream, cell, '|');) {
            cells.push_back(cell);
        }
        rows.push_back(cells);
    }
    return rows;
}

/// `Suite.Name` of every test of calls and of the API.
std::set<std::string> tests_of(const fs::path& root) {
    std::set<std::string> names;
    const std::regex test(R"(TEST(?:_F|_P)?\((\w+),\s*(\w+)\))");
    for (const char* const folder : {"tests/interop", "tests/server/api", "tests/server/program"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (!entry.path().string().ends_with("_test.cpp")) {
                continue;
            }
            const std::string text = read_file(entry.path());
            for (std::sregex_iterator found(text.begin(), text.end(), test), end; found != end; ++found) {
                names.insert((*found)[1].str() + "." + (*found)[2].str());
            }
        }
    }
    return names;
}

TEST(SeedsDocument, HasATestForEachStatement) {
    const fs::path root = KEYTONE_ROOT;
    const auto tests = tests_of(root);
    ASSERT_GT(tests.size(), 100U);
    const auto rows = rows_of(read_file(root / "docs/seeds.md"));
    ASSERT_GT(rows.size(), 50U);
    std::set<std::string> statements;
    for (const auto& row : rows) {
        ASSERT_EQ(row.size(), 3U) << row.at(0);
        EXPECT_TRUE(statements.insert(row[0] + row[1]).second) << "twice: " << row[0];
        EXPECT_TRUE(row[1] == " functions " || row[1] == " transfer ") << row[0] << row[1];
        const std::regex name(R"(`(\w+\.\w+)`)");
        int named = 0;
        for (std::sregex_iterator found(row[2].begin(), row[2].end(), name), end; found != end; ++found) {
            ++named;
            EXPECT_TRUE(tests.contains((*found)[1].str())) << (*found)[1] << ": there is no such test";
        }
        EXPECT_GE(named, 1) << "no test:" << row[0];
    }
}

} // namespace
