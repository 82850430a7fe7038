// SPDX-License-Identifier: MIT
#include "tests/support/tshark.hpp"

#include "tests/support/child_process.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace keytone::test {

std::vector<std::vector<std::string>> tshark_rows(const std::string& capture, const std::string& filter,
                                                  const std::vector<std::string>& fields,
                                                  const std::vector<std::string>& options) {
    std::vector<std::string> command{"tshark", "-n"};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"-r", capture, "-Y", filter, "-T", "fields"});
    for (const std::string& field : fields) {
        command.insert(command.end(), {"-e", field});
    }
    const ChildResult result = run_child("/usr/bin/env", command);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    std::vector<std::vector<std::string>> rows;
    std::istringstream lines(result.output);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream cells(line);
        rows.emplace_back();
        for (std::string cell; std::getline(cells, cell, '\t');) {
            rows.back().push_back(cell);
        }
        rows.back().resize(fields.size()); // trailing empty cells
    }
    return rows;
}

} // namespace keytone::test
