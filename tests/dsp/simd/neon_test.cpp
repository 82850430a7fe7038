// SPDX-License-Identifier: MIT
//
// The detector built for 64-bit ARM, with NEON's inner loops, and run under emulation. Skipped where the
// cross compiler or qemu's user emulation is not installed.
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace keytone {
namespace {

constexpr const char* compiler = "/usr/bin/aarch64-linux-gnu-g++";
constexpr const char* emulator = "/usr/bin/qemu-aarch64";

TEST(Neon, ReportsWhatThisMachineReports) {
    for (const char* const program : {compiler, emulator}) {
        if (!std::filesystem::exists(program)) {
            GTEST_SKIP() << program << " is not there: packages g++-aarch64-linux-gnu and qemu-user";
        }
    }
    const test::TemporaryFolder folder;
    const std::string program = folder.file("reports");
    std::vector<std::string> arguments{"-std=c++20",
                                       "-O0",
                                       "-Wall",
                                       "-Wextra",
                                       "-Werror",
                                       "-static",
                                       "-ffp-contract=off",
                                       "-fno-math-errno",
                                       "-DEIGEN_DONT_VECTORIZE",
                                       "-I",
                                       KEYTONE_ROOT,
                                       "-isystem",
                                       KEYTONE_EIGEN,
                                       "-DKEYTONE_SIMD_SET=kernels_baseline",
                                       "-DKEYTONE_LISTENER_SET=listener_kernels_baseline",
                                       "-DKEYTONE_STREAM_SET=stream_kernels_baseline",
                                       "-o",
                                       program};
    for (const char* const source : {"dsp/detector/decimator.cpp",
                                     "dsp/detector/dial_tone_canceller.cpp",
                                     "dsp/detector/dial_tone_fit.cpp",
                                     "dsp/dtmf_detector.cpp",
                                     "dsp/dtmf_generator.cpp",
                                     "dsp/dtmf_limits.cpp",
                                     "dsp/generator/envelope.cpp",
                                     "dsp/g711.cpp",
                                     "dsp/detector/key_follower.cpp",
                                     "dsp/detector/key_shares.cpp",
                                     "dsp/detector/key_tones.cpp",
                                     "dsp/generator/key_sines.cpp",
                                     "dsp/levels.cpp",
                                     "dsp/simd/instruction_set.cpp",
                                     "dsp/simd/detector_kernels.cpp",
                                     "dsp/simd/listener_kernels.cpp",
                                     "dsp/simd/stream_kernels.cpp",
                                     "dsp/detector/tone_fit.cpp",
                                     "dsp/detector/tone_pair.cpp",
                                     "dsp/detector/tone_recurrence.cpp",
                                     "dsp/detector/tone_tracker.cpp",
                                     "dsp/detector/tone_verifier.cpp",
                                     "dsp/detector/voice_cues.cpp",
                                     "tests/dsp/simd/reports_program.cpp"}) {
        arguments.push_back(std::string(KEYTONE_ROOT "/") + source);
    }
    const auto built = test::run_child(compiler, arguments);
    ASSERT_EQ(built.exit_code, 0) << built.errors;
    const auto emulated = test::run_child(emulator, {program});
    ASSERT_EQ(emulated.exit_code, 0) << emulated.errors;
    const auto here = test::run_child(KEYTONE_REPORTS_PROGRAM, {});
    ASSERT_EQ(here.exit_code, 0) << here.errors;
    EXPECT_EQ(emulated.output, here.output);
    // Sixteen keys at two rates; three reports each: hint, begin and end.
    EXPECT_EQ(std::ranges::count(here.output, '\n'), 16 * 2 * 3);
}

} // namespace
} // namespace keytone
