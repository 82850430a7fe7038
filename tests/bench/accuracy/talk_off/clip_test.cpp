// SPDX-License-Identifier: MIT
#include "bench/accuracy/recordings.hpp"
#include "bench/accuracy/sound.hpp"
#include "bench/accuracy/talk_off/clip.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace keytone::accuracy {
namespace {

std::vector<float> tone(double hz, std::size_t samples) {
    std::vector<float> made(samples);
    for (std::size_t i = 0; i < samples; ++i) {
        made[i] =
            static_cast<float>(0.25 * std::sin(6.283185307179586 * hz * static_cast<double>(i) / 8000.0));
    }
    return made;
}

Clip clip_at(const std::filesystem::path& path) {
    return {.kind = "kind", .name = "package/" + path.filename().string(), .source = "source", .path = path};
}

TEST(Clip, IsKeptFromTheFirstTimeOn) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "tone.wav";
    write_audio(path, tone(500.0, 8000));
    const auto cache = folder.path() / "cache";
    const std::vector<float> first = clip_samples(clip_at(path), cache, 8000);
    ASSERT_EQ(first.size(), 8000U);
    EXPECT_NEAR(dbm0_of(mean_square(first)), dbm0_of(0.25 * 0.25 / 2.0), 0.01);
    // The kept samples are used: another sound in a file of the same size is not noticed.
    write_audio(path, tone(900.0, 8000));
    EXPECT_EQ(clip_samples(clip_at(path), cache, 8000), first);
    // A file of another size counts as another file.
    write_audio(path, tone(900.0, 7000));
    EXPECT_EQ(clip_samples(clip_at(path), cache, 8000).size(), 7000U);
}

TEST(Clip, OtherRatesAreReadFromTheFile) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "tone.wav";
    write_audio(path, tone(500.0, 8000));
    const std::vector<float> wide = clip_samples(clip_at(path), folder.path() / "cache", 48000);
    EXPECT_NEAR(static_cast<double>(wide.size()), 48000.0, 200.0);
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "cache"));
}

TEST(Clip, NamesAFileThatCannotBeRead) {
    const test::TemporaryFolder folder;
    const std::string path = folder.write("noise.wav", "this is no audio");
    try {
        clip_samples(clip_at(path), folder.path() / "cache", 8000);
        FAIL() << "it was read";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string(error.what()).find("noise.wav"), std::string::npos);
    }
}

TEST(Clip, NamesAProgramThatFails) {
    const test::TemporaryFolder folder;
    Clip clip = clip_at("spoken");
    clip.command = {"false", "{}"};
    EXPECT_THROW(clip_samples(clip, folder.path(), 8000), std::runtime_error);
}

TEST(Clip, APartIsEverySoManieth) {
    std::vector<Clip> clips;
    for (const char* name : {"a", "b", "c", "d", "e"}) {
        clips.push_back(clip_at(name));
    }
    const std::vector<Clip> part = a_part_of(clips, 2);
    ASSERT_EQ(part.size(), 3U);
    EXPECT_EQ(part[1].path, "c");
}

} // namespace
} // namespace keytone::accuracy
