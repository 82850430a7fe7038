// SPDX-License-Identifier: MIT
//
// What `keytone devices`, `keytone play` and `keytone monitor` print where they do not reach a device;
// tests/interop/devices_test.cpp has devices for them.
#include "tests/support/keytone_program.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace keytone {
namespace {

using test::FailedWith;
using test::keytone_program;
using test::Succeeded;
using testing::HasSubstr;

struct BadUsage {
    std::vector<std::string> arguments;
    const char* words;
};

std::ostream& operator<<(std::ostream& stream, const BadUsage& bad) {
    return stream << bad.words;
}

class DevicesBadUsage : public testing::TestWithParam<BadUsage> {};

TEST_P(DevicesBadUsage, IsRefused) {
    const auto result = keytone_program(GetParam().arguments);
    EXPECT_THAT(result, FailedWith(2, GetParam().words));
    EXPECT_EQ(result.output, "");
}

INSTANTIATE_TEST_SUITE_P(
    Devices, DevicesBadUsage,
    testing::Values(
        BadUsage{{"play"}, "DIGITS is required: see keytone play --help"},
        BadUsage{{"play", "12x"}, "'x' at position 3 of DIGITS: not a digit"},
        BadUsage{{"play", "1", "--tone-ms", "4.9"}, "--tone-ms 4.9: the tone must last 5 to 6000 ms"},
        BadUsage{{"play", "1", "--rate", "11000"}, "--rate: '11000' is not offered: use 8000"},
        BadUsage{{"play", "1", "--encoding", "ulaw"}, "keytone play has no option --encoding"},
        BadUsage{{"monitor", "1"}, "not expected: 1: see keytone monitor --help"},
        BadUsage{{"monitor", "--profile", "x"}, "--profile: 'x' is not offered: use q24"},
        BadUsage{{"monitor", "--sensitivity", "x"}, "--sensitivity: 'x' is not offered: use strict"},
        BadUsage{{"monitor", "--channel", "0"}, "--channel: '0' is not offered: give a whole number"},
        BadUsage{{"monitor", "--seconds", "0"}, "--seconds: '0' is out of range: give 0.1 to"},
        BadUsage{{"devices", "1"}, "not expected: 1: see keytone devices --help"}));

TEST(Devices, HelpHasExamples) {
    for (const auto& [command, words] :
         std::vector<std::pair<const char*, const char*>>{{"play", "keytone play 5551234"},
                                                          {"play", "--tone-ms MS=100"},
                                                          {"monitor", "--profile NAME=q24"},
                                                          {"monitor", "--sensitivity NAME=normal"},
                                                          {"monitor", "ev=summary digits seconds"},
                                                          {"devices", "keytone devices --json"}}) {
        const auto result = keytone_program({command, "--help"});
        EXPECT_THAT(result, Succeeded());
        EXPECT_THAT(result.output, HasSubstr(words));
    }
}

TEST(Devices, ADeviceThatIsNotThereIsAnError) {
    const std::string name = "a device that no machine has";
    EXPECT_THAT(keytone_program({"play", "1", "--device", name}),
                FailedWith(1, "no audio device with an output: "));
    EXPECT_THAT(keytone_program({"monitor", "--device", name}),
                FailedWith(1, "no audio device with an input: "));
}

} // namespace
} // namespace keytone
