// SPDX-License-Identifier: MIT
#include "engine/io/audio_reader.hpp"
#include "engine/io/audio_writer.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace keytone::io {
namespace {

using keytone::test::TemporaryFolder;
using testing::HasSubstr;

using Samples = std::vector<std::int16_t>;

/// Half a second of 700 Hz.
Samples tone(int rate_hz) {
    Samples samples(static_cast<std::size_t>(rate_hz / 2));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] = static_cast<std::int16_t>(
            std::lrint(8000.0 * std::sin(2.0 * 3.14159265358979 * 700.0 * static_cast<double>(i) / rate_hz)));
    }
    return samples;
}

std::string write(const std::string& path, int rate_hz, const Samples& samples,
                  WavEncoding encoding = WavEncoding::pcm16) {
    auto writer = AudioWriter::create(path, *audio_format_of(path), rate_hz, encoding);
    if (!writer) {
        return writer.error().message;
    }
    // In blocks of an arbitrary size.
    for (std::size_t at = 0; at < samples.size(); at += 777) {
        const auto block = std::span(samples).subspan(at, std::min<std::size_t>(777, samples.size() - at));
        if (const auto written = writer->write(block); !written) {
            return written.error().message;
        }
    }
    const auto closed = writer->close();
    return closed ? "" : closed.error().message;
}

Samples read(const std::string& path, int& rate_hz) {
    auto reader = AudioReader::open(path);
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().message);
    Samples all;
    Samples block(512);
    rate_hz = reader ? reader->rate_hz() : 0;
    while (reader) {
        const auto frames = reader->read(block);
        EXPECT_TRUE(frames) << (frames ? "" : frames.error().message);
        if (!frames || *frames == 0) {
            break;
        }
        all.insert(all.end(), block.begin(), block.begin() + *frames);
    }
    return all;
}

double power(const Samples& samples) {
    double sum = 0.0;
    for (const std::int16_t sample : samples) {
        sum += static_cast<double>(sample) * sample;
    }
    return sum / static_cast<double>(samples.size());
}

TEST(AudioWriter, WritesWithoutLossWhatHasNone) {
    const TemporaryFolder folder;
    for (const auto& [name, rate_hz] : {std::pair{"a.flac", 44100}, std::pair{"a.au", 8000},
                                        std::pair{"a.sln", 8000}, std::pair{"a.sln16", 16000}}) {
        const Samples samples = tone(rate_hz);
        EXPECT_EQ(write(folder.file(name), rate_hz, samples), "") << name;
        int read_hz = 0;
        EXPECT_TRUE(read(folder.file(name), read_hz) == samples) << name;
        EXPECT_EQ(read_hz, rate_hz) << name;
    }
    EXPECT_EQ(folder.read("a.sln").size(), 8000U);
    EXPECT_EQ(folder.read("a.flac").substr(0, 4), "fLaC");
    EXPECT_EQ(folder.read("a.au").substr(0, 4), ".snd");
}

TEST(AudioWriter, WritesTheSameSoundWhereThereIsALoss) {
    const TemporaryFolder folder;
    for (const auto& [name, rate_hz] :
         {std::pair{"a.ogg", 8000}, std::pair{"a.opus", 48000}, std::pair{"a.mp3", 16000},
          std::pair{"a.ul", 8000}, std::pair{"a.al", 8000}}) {
        const Samples samples = tone(rate_hz);
        EXPECT_EQ(write(folder.file(name), rate_hz, samples), "") << name;
        int read_hz = 0;
        const Samples back = read(folder.file(name), read_hz);
        EXPECT_EQ(read_hz, rate_hz) << name;
        EXPECT_NEAR(10.0 * std::log10(power(back) / power(samples)), 0.0, 1.0) << name;
    }
    EXPECT_EQ(folder.read("a.opus").substr(28, 8), "OpusHead");
    EXPECT_EQ(folder.read("a.ul").size(), 4000U);
}

TEST(AudioWriter, RefusesARateThatTheFormatDoesNotHave) {
    const TemporaryFolder folder;
    EXPECT_THAT(write(folder.file("a.opus"), 44100, tone(44100)),
                HasSubstr("a.opus: a .opus file has no rate"));
    EXPECT_THAT(write(folder.file("a.sln"), 16000, tone(16000)),
                HasSubstr("a .sln file has 8000 Hz, not 16000: choose that rate"));
    EXPECT_EQ(folder.entries(), 0);
}

TEST(AudioWriter, LeavesNothingBehindUntilItIsClosed) {
    const TemporaryFolder folder;
    {
        auto writer = AudioWriter::create(folder.file("a.flac"), AudioFormat::flac, 8000, WavEncoding::pcm16);
        ASSERT_TRUE(writer);
        EXPECT_TRUE(writer->write(std::span<const std::int16_t>(tone(8000))));
    }
    EXPECT_EQ(folder.entries(), 0);
    EXPECT_THAT(write(folder.file("none/a.flac"), 8000, tone(8000)), HasSubstr("no such folder"));
}

} // namespace
} // namespace keytone::io
