// SPDX-License-Identifier: MIT
//
// bench/compare, with programs that print figures instead of measuring them.
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace keytone {
namespace {

using testing::HasSubstr;
using testing::Not;

class Compare : public testing::Test {
  protected:
    /// A program whose two rows have these figures.
    std::string program(const std::string& name, double channels, double microseconds) const {
        return script(name, R"(echo '{"benchmarks": [{"name": "leg/keytone", "channels": )" +
                                std::to_string(channels) + R"(}, {"name": "load/1000", "us_per_call": )" +
                                std::to_string(microseconds) + "}]}'");
    }
    std::string script(const std::string& name, const std::string& line) const {
        std::string path = folder_.write(name, "#!/bin/sh\n" + line + "\n");
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        return path;
    }
    static test::ChildResult run(const std::string& before, const std::string& now) {
        return test::run_child(KEYTONE_ROOT "/bench/compare", {before, now, "--turns", "2"});
    }

    test::TemporaryFolder folder_;
};

TEST_F(Compare, SaysTheNewFiguresOverTheOldOnes) {
    const auto done = run(program("old", 100.0, 2.0), program("new", 250.0, 1.0));
    EXPECT_EQ(done.exit_code, 0) << done.errors;
    EXPECT_THAT(done.output, HasSubstr(" 2.500 ")) << "channels: more is better";
    EXPECT_THAT(done.output, HasSubstr(" 2.000 ")) << "times: less is better";
    EXPECT_THAT(done.output, Not(HasSubstr("slower")));
}

TEST_F(Compare, ARowThatIsSlowerIsNamedAndFails) {
    const auto done = run(program("old", 100.0, 2.0), program("new", 101.0, 2.2));
    EXPECT_EQ(done.exit_code, 3);
    EXPECT_THAT(done.output, HasSubstr("slower\n1 of 2 rows"));
    EXPECT_EQ(run(program("old", 100.0, 2.0), program("new", 96.0, 2.0)).exit_code, 0) << "4 % is noise";
}

TEST_F(Compare, APeersOwnRowIsNotJudged) {
    const auto with_peer = [this](const std::string& name, const std::string& channels) {
        return script(name, R"(echo '{"benchmarks": [{"name": "leg/keytone", "channels": 100}, )"
                            R"({"name": "leg/spandsp", "channels": )" +
                                channels + "}]}'");
    };
    const auto done = run(with_peer("old", "100"), with_peer("new", "50"));
    EXPECT_EQ(done.exit_code, 0) << "what changed is the machine, not the peer";
    EXPECT_THAT(done.output, Not(HasSubstr("spandsp")));
}

TEST_F(Compare, AProgramThatFailsIsNoResult) {
    const auto done = run(program("old", 1.0, 1.0), script("new", "echo broken >&2; exit 1"));
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_THAT(done.errors, HasSubstr("broken"));
    const auto wrong = run(
        program("old", 1.0, 1.0),
        script("new",
               R"(echo '{"benchmarks": [{"name": "x", "error_occurred": true, "error_message": "deaf"}]}')"));
    EXPECT_EQ(wrong.exit_code, 1);
    EXPECT_THAT(wrong.errors, HasSubstr("deaf"));
}

} // namespace
} // namespace keytone
