// SPDX-License-Identifier: MIT
//
// What all commands share: help, version, invalid arguments, and a standard output that cannot be written.
#include "tests/support/keytone_program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

namespace keytone {
namespace {

using test::FailedWith;
using test::keytone_program;
using test::Succeeded;
using testing::HasSubstr;

TEST(Main, PrintsItsVersion) {
    const auto result = keytone_program({"--version"});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(result.output, "keytone " KEYTONE_VERSION "\n");
}

TEST(Main, PrintsItsVersionByEachOfItsNames) {
    for (const char* const name : {"version", "-V"}) {
        const auto result = keytone_program({name});
        EXPECT_THAT(result, Succeeded()) << name;
        EXPECT_EQ(result.output, "keytone " KEYTONE_VERSION "\n") << name;
    }
}

TEST(Main, HelpIsACommandToo) {
    EXPECT_EQ(keytone_program({"help"}).output, keytone_program({"--help"}).output);
    for (const char* const command : {"render", "detect", "simulate", "help"}) {
        const auto result = keytone_program({"help", command});
        EXPECT_THAT(result, Succeeded());
        EXPECT_EQ(result.output, keytone_program({command, "--help"}).output);
        EXPECT_THAT(result.output, HasSubstr(std::string("Usage: keytone ") + command));
    }
    EXPECT_THAT(keytone_program({"help", "rendr"}),
                FailedWith(2, "'rendr' is no command: did you mean render?"));
}

TEST(Main, HelpNamesWhereDocumentsAndScenariosAre) {
    const auto result = keytone_program({"--help"});
    EXPECT_THAT(result.output, HasSubstr("share/doc/keytone"));
    EXPECT_THAT(result.output, HasSubstr("share/keytone/scenarios"));
}

TEST(Main, OffersWhatWasMeant) {
    EXPECT_THAT(keytone_program({"detct", "x.wav"}),
                FailedWith(2, "'detct' is no command: did you mean detect?"));
    EXPECT_THAT(keytone_program({"detect", "--jsno", "x.wav"}),
                FailedWith(2, "keytone detect has no option --jsno: did you mean --json?"));
    EXPECT_THAT(keytone_program({"render", "1", "-o", "x.wav", "--rates=16000"}),
                FailedWith(2, "keytone render has no option --rates=16000: did you mean --rate?"));
    EXPECT_THAT(keytone_program({"--versoin"}), FailedWith(2, "did you mean --version?"));
}

TEST(Main, EndsWithoutAWordWhenNobodyReadsOn) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    close(ends[0]);
    for (const auto& arguments :
         std::vector<std::vector<std::string>>{{"--help"}, {"explain", "123"}, {"render", "1", "-o", "-"}}) {
        const auto result = keytone_program(arguments, {.output = ends[1]});
        EXPECT_EQ(result.exit_code, -SIGPIPE) << arguments.front();
        EXPECT_EQ(result.errors, "") << arguments.front();
    }
    close(ends[1]);
}

TEST(Main, HelpNamesTheCommands) {
    const auto result = keytone_program({"--help"});
    EXPECT_THAT(result, Succeeded());
    EXPECT_THAT(result.output, HasSubstr("render"));
    EXPECT_THAT(result.output, HasSubstr("detect"));
    EXPECT_THAT(result.output, HasSubstr("play"));
    EXPECT_THAT(result.output, HasSubstr("monitor"));
    EXPECT_THAT(result.output, HasSubstr("devices"));
    EXPECT_THAT(result.output, HasSubstr("explain"));
    EXPECT_THAT(result.output, HasSubstr("simulate"));
    EXPECT_THAT(result.output, HasSubstr("tools"));
}

TEST(Main, HelpOfACommandHasDefaultsAndExamples) {
    const auto render = keytone_program({"render", "--help"});
    EXPECT_THAT(render, Succeeded());
    for (const char* words : {"keytone render 5551234 -o number.wav", "--rate HZ=8000", "--tone-ms MS=100",
                              "--gap-ms MS=100", "--low-dbm0 DBM0=-10", "--high-dbm0 DBM0=-8",
                              "--lead-ms MS=0", "--tail-ms MS=0", "--encoding NAME=pcm16"}) {
        EXPECT_THAT(render.output, HasSubstr(words));
    }
    const auto detect = keytone_program({"detect", "--help"});
    EXPECT_THAT(detect, Succeeded());
    for (const char* words : {"keytone detect call.wav", "--profile NAME=q24", "--sensitivity NAME=normal",
                              "--channel all|N=all", "its number, from 1", "brazilian", "--jobs N"}) {
        EXPECT_THAT(detect.output, HasSubstr(words));
    }
}

TEST(Main, WantsACommandItKnows) {
    const std::string commands =
        "use render, detect, listen, redact, play, monitor, devices, explain, simulate or tools";
    EXPECT_THAT(keytone_program({}), FailedWith(2, "no command is given: " + commands));
    EXPECT_THAT(keytone_program({"sing"}), FailedWith(2, "'sing' is no command: " + commands));
    EXPECT_THAT(keytone_program({"--loud"}), FailedWith(2, "keytone has no option --loud"));
}

TEST(Main, ReportsAStandardOutputThatIsFull) {
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    EXPECT_THAT(keytone_program({"--help"}, {.output = full}),
                FailedWith(1, "cannot write standard output (No space left on device)"));
    close(full);
}

TEST(Main, ReportsAStandardOutputThatIsClosed) {
    EXPECT_THAT(keytone_program({"--version"}, {.close_output = true}),
                FailedWith(1, "cannot write standard output"));
}

} // namespace
} // namespace keytone
