// SPDX-License-Identifier: MIT
//
// What the codec's tests share.
#pragma once

#include "engine/json/event_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <variant>

namespace keytone::test {

/// The event of a line that must be valid.
inline CallEvent event_of(const std::string& line) {
    auto parsed = json::parse_line(line);
    EXPECT_TRUE(parsed) << line << "\n" << (parsed ? "" : parsed.error().message);
    if (!parsed || !std::holds_alternative<CallEvent>(*parsed)) {
        ADD_FAILURE() << "no event: " << line;
        return {"", {}, Request(EndCall{})};
    }
    return std::get<CallEvent>(*parsed);
}

/// The request of a line that must be valid and request a `T`.
template <class T>
T request_of(const std::string& line) {
    const CallEvent event = event_of(line);
    const auto* const request = std::get_if<Request>(&event.what);
    const auto* const wanted = request == nullptr ? nullptr : std::get_if<T>(request);
    EXPECT_NE(wanted, nullptr) << line;
    return wanted == nullptr ? T{} : *wanted;
}

/// A line that is refused: the fault, its place, and words of the message.
struct BadLine {
    std::string line;
    json::LineFault fault;
    std::string key;
    std::string words;
};

inline std::ostream& operator<<(std::ostream& stream, const BadLine& bad) {
    return stream << bad.line.substr(0, 200);
}

/// Checks what holds for every error, and for this one.
inline void expect_error(const json::LineError& error, const BadLine& bad) {
    EXPECT_EQ(json::name(error.fault), json::name(bad.fault)) << bad << "\n" << error.message;
    EXPECT_EQ(error.key, bad.key) << bad << "\n" << error.message;
    EXPECT_THAT(error.message, testing::HasSubstr(bad.words)) << bad;
    EXPECT_THAT(error.message, testing::StartsWith(bad.key.empty() ? "the JSON text: " : bad.key + ": "));
    EXPECT_EQ(std::ranges::count(error.message, '\n'), 0);
}

inline void expect_refused(const BadLine& bad) {
    const auto parsed = json::parse_line(bad.line);
    ASSERT_FALSE(parsed) << bad;
    expect_error(parsed.error(), bad);
}

} // namespace keytone::test
