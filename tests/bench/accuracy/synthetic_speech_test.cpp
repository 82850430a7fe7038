// SPDX-License-Identifier: MIT
#include "bench/accuracy/synthetic_speech.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace keytone::accuracy {
namespace {

constexpr double hours = 0.01;

struct Spoken {
    double seconds = 0.0;
    std::set<std::string> voices;
};

/// By program.
std::map<std::string, Spoken> spoken(const std::vector<Recording>& recordings) {
    std::map<std::string, Spoken> found;
    for (const Recording& recording : recordings) {
        Spoken& program = found[recording.name.starts_with("flite") ? "flite" : "espeak-ng"];
        program.seconds += static_cast<double>(recording.samples.size()) / recording_rate_hz;
        program.voices.insert(recording.name);
    }
    return found;
}

TEST(SyntheticSpeech, EveryVoiceReadsItsPartOnce) {
    const test::TemporaryFolder folder;
    tools::Console console;
    Work work(2, console);
    const auto recordings = synthetic_speech(folder.path(), hours, work);
    if (recordings.empty()) {
        GTEST_SKIP() << "neither flite nor espeak-ng is installed";
    }
    for (const auto& [program, found] : spoken(recordings)) {
        EXPECT_GT(found.seconds, 0.5 * hours * 3600.0) << program;
        EXPECT_LT(found.seconds, 3.0 * hours * 3600.0) << program;
        EXPECT_GE(found.voices.size(), 5U) << program;
    }
    for (const Recording& recording : recordings) {
        EXPECT_NEAR(dbm0_of(active_mean_square(recording.samples, recording_rate_hz)), -15.0, 1.0)
            << recording.name;
    }
    // Kept: nothing is left over, and the same is there at once.
    const auto files = folder.entries();
    const auto again = synthetic_speech(folder.path(), hours, work);
    EXPECT_EQ(folder.entries(), files);
    ASSERT_EQ(again.size(), recordings.size());
    for (std::size_t i = 0; i < again.size(); ++i) {
        EXPECT_EQ(again[i].name, recordings[i].name);
        EXPECT_EQ(again[i].samples.size(), recordings[i].samples.size());
    }
}

} // namespace
} // namespace keytone::accuracy
