// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/call_auditor.hpp"
#include "tests/support/call_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace keytone::test {

/// A call that was answered at sample 0, and everything that is reported after that. Prompts last one second
/// unless `lengths` sets another length.
struct CallRow {
    std::string name;
    std::vector<Entry> entries;
    std::vector<std::string> told;
    CallRules rules = {};
    std::map<std::string, SampleCount> lengths = {};
};

/// Runs each row, and also checks what holds for every call.
inline void check_calls(const std::vector<CallRow>& rows) {
    for (const CallRow& row : rows) {
        CallScript call(row.rules);
        for (const auto& [words, length] : row.lengths) {
            call.let_last(words, length);
        }
        call.run(at(0, answered(Leg::a)));
        call.run(row.entries);
        const std::vector<std::string> told(call.told().begin() + 1, call.told().end());
        EXPECT_EQ(told, row.told) << row.name;
        EXPECT_EQ(first_breach(call), "") << row.name;
    }
}

} // namespace keytone::test
