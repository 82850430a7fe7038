// SPDX-License-Identifier: MIT
#include "dsp/dtmf_generator.hpp"
#include "dsp/progress/country_tones.hpp"
#include "dsp/progress/progress_generator.hpp"
#include "engine/io/audio_reader.hpp"
#include "tests/support/keytone_program.hpp"
#include "tests/support/pseudo_terminal.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace keytone {
namespace {

using test::FailedWith;
using test::keytone_program;
using test::Succeeded;
using test::TemporaryFolder;

std::vector<std::int16_t> read_samples(const std::string& path) {
    auto reader = io::AudioReader::open(path);
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().message);
    std::vector<std::int16_t> samples;
    std::array<std::int16_t, 1000> block{};
    while (reader) {
        const auto frames = reader->read(block);
        EXPECT_TRUE(frames);
        if (!frames || *frames == 0) {
            break;
        }
        samples.insert(samples.end(), block.begin(), block.begin() + *frames);
    }
    return samples;
}

/// What the generator makes of these digits at 8 kHz.
std::vector<std::int16_t> generated(std::string_view digits, const DtmfTone& tone = {}) {
    auto generator = *DtmfGenerator::create(*DigitString::parse(digits), tone, SampleRate::narrowband());
    std::vector<std::int16_t> samples(static_cast<std::size_t>(generator.length()));
    generator.generate(std::span<std::int16_t>(samples));
    return samples;
}

TEST(Render, WritesANetworksTone) {
    const TemporaryFolder folder;
    const auto result = keytone_program(
        {"render", "--tone", "busy", "--country", "de", "--duration", "1500ms", "-o", folder.file("x.wav")});
    EXPECT_THAT(result, Succeeded());
    auto generator = *ProgressGenerator::create(country_tones()[Country::from_code("de")->place()].busy, {},
                                                SampleRate::narrowband());
    std::vector<std::int16_t> samples(12000);
    generator.generate(std::span<std::int16_t>(samples));
    EXPECT_EQ(read_samples(folder.file("x.wav")), samples);
    EXPECT_THAT(keytone_program({"render", "--tone", "sit_intercept", "-o", folder.file("y.wav")}),
                Succeeded());
    EXPECT_EQ(read_samples(folder.file("y.wav")).size(), 40000U);
}

TEST(Render, WritesWhatTheGeneratorMakes) {
    const TemporaryFolder folder;
    const auto result = keytone_program({"render", "12w*#AD", "-o", folder.file("x.wav")});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(result.output, "");
    EXPECT_EQ(read_samples(folder.file("x.wav")), generated("12w*#AD"));
    EXPECT_EQ(folder.entries(), 1);
}

TEST(Render, TakesLengthsAndLevels) {
    const TemporaryFolder folder;
    EXPECT_THAT(keytone_program({"render", "123", "--tone-ms=62.5", "--gap-ms", "40", "--low-dbm0", "-20.5",
                                 "--high-dbm0", "-15", "--output", folder.file("x.wav")}),
                Succeeded());
    EXPECT_EQ(read_samples(folder.file("x.wav")), generated("123", {.tone = {62.5},
                                                                    .gap = {40},
                                                                    .edge = DtmfTone{}.edge,
                                                                    .low_level = {-20.5},
                                                                    .high_level = {-15}}));
}

TEST(Render, PutsSilenceBeforeAndBehind) {
    const TemporaryFolder folder;
    EXPECT_THAT(
        keytone_program({"render", "1", "-o", folder.file("x.wav"), "--lead-ms", "1000", "--tail-ms", "500"}),
        Succeeded());
    std::vector<std::int16_t> expected(8000, 0);
    const auto tone = generated("1");
    expected.insert(expected.end(), tone.begin(), tone.end());
    expected.resize(expected.size() + 4000, 0);
    EXPECT_EQ(read_samples(folder.file("x.wav")), expected);
}

TEST(Render, TakesDigitsThatBeginWithAnySymbol) {
    const TemporaryFolder folder;
    for (const std::string digits : {"*70", "#31#", "w1", "D", "00"}) {
        EXPECT_THAT(keytone_program({"render", digits, "-o", folder.file("x.wav")}), Succeeded()) << digits;
        EXPECT_EQ(read_samples(folder.file("x.wav")), generated(digits)) << digits;
    }
}

TEST(Render, TakesAHundredThousandDigits) {
    const TemporaryFolder folder;
    const std::string digits(100'000, '5');
    EXPECT_THAT(keytone_program({"render", digits, "-o", folder.file("x.wav"), "--tone-ms", "5", "--gap-ms",
                                 "5", "--encoding", "ulaw"}),
                Succeeded());
    auto reader = io::AudioReader::open(folder.file("x.wav"));
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->frames(), 40 * 199'999);
    EXPECT_THAT(keytone_program({"render", digits + "5", "-o", folder.file("y.wav")}),
                FailedWith(2, "DIGITS has 100001 characters, more than the 100000 of one recording"));
    EXPECT_EQ(folder.entries(), 1);
}

TEST(Render, StoresEveryEncodingAtEveryRate) {
    const TemporaryFolder folder;
    struct Stored {
        const char* encoding;
        char format; ///< The WAV format's number: 1 integers, 3 floating point, 6 A-law, 7 µ-law.
        char bits;
    };
    for (const Stored stored : {Stored{"pcm16", 1, 16}, {"float", 3, 32}, {"alaw", 6, 8}, {"ulaw", 7, 8}}) {
        for (const int rate : SampleRate::offered_hz) {
            EXPECT_THAT(keytone_program({"render", "1", "-o", folder.file("x.wav"), "--rate",
                                         std::to_string(rate), "--encoding", stored.encoding}),
                        Succeeded());
            const std::string bytes = folder.read("x.wav");
            const std::size_t chunk = bytes.find("fmt ");
            ASSERT_NE(chunk, std::string::npos);
            EXPECT_EQ(bytes.at(chunk + 8), stored.format) << stored.encoding;
            EXPECT_EQ(bytes.at(chunk + 22), stored.bits) << stored.encoding;
            auto reader = io::AudioReader::open(folder.file("x.wav"));
            ASSERT_TRUE(reader);
            EXPECT_EQ(reader->rate_hz(), rate);
            EXPECT_EQ(reader->channels(), 1);
            EXPECT_EQ(reader->frames(), (rate + 5) / 10); // 1102.5 is rounded to 1103
        }
    }
}

TEST(Render, WritesToStandardOutput) {
    const TemporaryFolder folder;
    const auto result = keytone_program({"render", "12", "-o", "-"});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(read_samples(folder.write("x.wav", result.output)), generated("12"));
}

TEST(Render, WritesNoAudioToATerminal) {
    const test::PseudoTerminal terminal;
    EXPECT_THAT(keytone_program({"render", "1", "-o", "-"}, {.output = terminal.descriptor()}),
                FailedWith(2, "use -o FILE"));
}

/// Arguments that are refused, and what the error must name.
struct BadUsage {
    std::vector<std::string> arguments; ///< Arguments after `render -o FILE`.
    const char* names;
};

std::ostream& operator<<(std::ostream& stream, const BadUsage& bad) {
    return stream << bad.names;
}

class RenderBadUsage : public testing::TestWithParam<BadUsage> {};

TEST_P(RenderBadUsage, IsRefusedAndWritesNothing) {
    const TemporaryFolder folder;
    std::vector<std::string> arguments{"render", "-o", folder.file("x.wav")};
    arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
    const auto result = keytone_program(arguments);
    EXPECT_THAT(result, FailedWith(2, GetParam().names));
    EXPECT_EQ(result.output, "");
    EXPECT_EQ(folder.entries(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Render, RenderBadUsage,
    testing::Values(
        BadUsage{{""}, "DIGITS: no digits given"}, BadUsage{{"wW"}, "DIGITS: a pause alone"},
        BadUsage{{"12x4"}, "'x' at position 3 of DIGITS: not a digit"},
        BadUsage{{"12 4"}, "a space at position 3 of DIGITS"}, BadUsage{{"a"}, "'a' at position 1 of DIGITS"},
        BadUsage{{"1\n2"}, "the byte 0x0A at position 2 of DIGITS"},
        BadUsage{{"1\xC3\xA9"}, "the byte 0xC3 at position 2 of DIGITS"},
        BadUsage{{}, "DIGITS is required: see keytone render --help"},
        BadUsage{{"1", "--tone", "busy"}, "DIGITS and --tone: give one of them"},
        BadUsage{{"--tone", "ring"}, "--tone"}, BadUsage{{"--tone", "busy", "--country", "xx"}, "--country"},
        BadUsage{{"1", "--country", "de"}, "--country"},
        BadUsage{
            {"--tone", "number_unobtainable", "--country", "de"},
            "--tone number_unobtainable: Germany has none that is known: use dial, second_dial, ringback"},
        BadUsage{{"--tone", "busy", "--duration", "soon"}, "--duration soon: use seconds or milliseconds"},
        BadUsage{{"--tone", "busy", "--duration", "0s"}, "--duration 0s: use seconds or milliseconds"},
        BadUsage{{"--tone", "dial", "--level-dbm0", "3"}, "--level-dbm0: the tone would exceed full scale"},
        BadUsage{{"-5"}, "'-' at position 1 of DIGITS"}, BadUsage{{"-A"}, "keytone render has no option -A"},
        BadUsage{{"--", "-5"}, "'-' at position 1 of DIGITS"},
        BadUsage{{"1", "--speed", "2"}, "keytone render has no option --speed"},
        BadUsage{{"1", "2"}, "not expected: 2: see keytone render --help"},
        BadUsage{{"1", "--tone-ms", "4.9"}, "--tone-ms 4.9: the tone must last 5 to 6000 ms"},
        BadUsage{{"1", "--tone-ms", "6001"}, "--tone-ms 6001: the tone must last"},
        BadUsage{{"1", "--tone-ms", "-100"}, "--tone-ms -100: the tone must last"},
        BadUsage{{"1", "--tone-ms", "nan"}, "--tone-ms: 'nan' is not a number"},
        BadUsage{{"1", "--tone-ms", "inf"}, "--tone-ms: 'inf' is not a number"},
        BadUsage{{"1", "--tone-ms", "1e999"}, "--tone-ms: '1e999' is not a number"},
        BadUsage{{"1", "--tone-ms", "long"}, "--tone-ms: 'long' is not a number"},
        BadUsage{{"1", "--tone-ms", ""}, "--tone-ms: '' is not a number"},
        BadUsage{{"1", "--tone-ms"}, "--tone-ms"},
        BadUsage{{"1", "--gap-ms", "4"}, "--gap-ms 4: the gap must last 5 to 6000 ms"},
        BadUsage{{"1", "--gap-ms", "1e6"}, "--gap-ms 1e+06: the gap must last"},
        BadUsage{{"1", "--low-dbm0", "3", "--high-dbm0", "3"},
                 "--low-dbm0 3 --high-dbm0 3: the two tones together"},
        BadUsage{{"1", "--low-dbm0", "-61"}, "--low-dbm0 -61 --high-dbm0 -8: a tone's level must be"},
        BadUsage{{"1", "--high-dbm0", "nan"}, "--high-dbm0: 'nan' is not a number"},
        BadUsage{{"1", "--rate", "11000"}, "--rate: '11000' is not offered: use 8000"},
        BadUsage{{"1", "--rate", "08000"}, "--rate: '08000' is not offered"},
        BadUsage{{"1", "--rate", "8000", "--rate", "16000"}, "--rate"},
        BadUsage{{"1", "--lead-ms", "-1"}, "--lead-ms: '-1' is out of range: give 0 to 600000 ms"},
        BadUsage{{"1", "--tail-ms", "600001"}, "--tail-ms: '600001' is out of range: give 0 to 600000 ms"},
        BadUsage{{"1", "--encoding", "mp3"},
                 "--encoding: 'mp3' is not offered: use pcm16, ulaw, alaw or float"},
        BadUsage{{std::string(50'000, '1'), "--tone-ms", "6000"},
                 "that a WAV file holds at this rate and encoding: give fewer digits"}));

TEST(RenderOutput, IsRequired) {
    EXPECT_THAT(keytone_program({"render", "1"}), FailedWith(2, "--output is required"));
}

TEST(RenderOutput, ThatIsAFolderIsReported) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() / "x.wav");
    EXPECT_THAT(keytone_program({"render", "1", "-o", folder.file("x.wav")}),
                FailedWith(1, folder.file("x.wav")));
    EXPECT_EQ(folder.entries(), 1);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "x.wav"));
}

TEST(RenderOutput, InNoFolderIsReported) {
    const TemporaryFolder folder;
    const std::string path = folder.file("missing/x.wav");
    EXPECT_THAT(keytone_program({"render", "1", "-o", path}), FailedWith(1, path));
    EXPECT_EQ(folder.entries(), 0);
}

TEST(RenderOutput, WithoutANameIsReported) {
    const TemporaryFolder folder;
    const auto result = keytone_program({"render", "1", "-o", ""}, {.folder = folder.path()});
    EXPECT_GT(result.exit_code, 0);
    EXPECT_THAT(result, FailedWith(result.exit_code, ""));
    EXPECT_EQ(folder.entries(), 0);
}

TEST(RenderOutput, ThatIsFullIsReported) {
    EXPECT_THAT(keytone_program({"render", "1", "-o", "/dev/full"}), FailedWith(1, "/dev/full"));
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    EXPECT_THAT(keytone_program({"render", "1", "-o", "-"}, {.output = full}),
                FailedWith(1, "standard output"));
    close(full);
}

TEST(RenderOutput, IsWhatItsEndingSays) {
    const TemporaryFolder folder;
    for (const auto& [name, magic] : {std::pair{"x.flac", "fLaC"}, std::pair{"x.ogg", "OggS"},
                                      std::pair{"x.AU", ".snd"}, std::pair{"x.wav", "RIFF"}}) {
        EXPECT_THAT(keytone_program({"render", "1", "-o", folder.file(name)}), Succeeded());
        EXPECT_EQ(folder.read(name).substr(0, 4), magic);
    }
    EXPECT_THAT(keytone_program({"render", "1", "-o", folder.file("x.ul")}), Succeeded());
    EXPECT_EQ(folder.read("x.ul").size(), 800U);
}

TEST(RenderOutput, OfAnotherEndingIsRefusedWithTheList) {
    const TemporaryFolder folder;
    for (const char* const name : {"x.ulaw2", "x.m4a", "x.txt", "x", "x.gsm"}) {
        EXPECT_THAT(keytone_program({"render", "1", "-o", folder.file(name)}),
                    FailedWith(2, ".wav .flac .ogg .opus .mp3 .au .ul .al .sln .sln16"));
    }
    EXPECT_THAT(keytone_program({"render", "1", "-o", folder.file("x.mp3"), "--encoding", "ulaw"}),
                FailedWith(2, "--encoding ulaw is for WAV and AU"));
    EXPECT_THAT(keytone_program({"render", "1", "-o", folder.file("x.sln"), "--rate", "16000"}),
                FailedWith(1, "a .sln file has 8000 Hz"));
    EXPECT_EQ(folder.entries(), 0);
}

TEST(RenderOutput, OnAClosedStandardOutputIsReported) {
    EXPECT_THAT(keytone_program({"render", "1", "-o", "-"}, {.close_output = true}),
                FailedWith(1, "standard output"));
}

TEST(RenderOutput, IsWrittenThoughStandardOutputIsClosed) {
    const TemporaryFolder folder;
    EXPECT_THAT(keytone_program({"render", "12", "-o", folder.file("x.wav")}, {.close_output = true}),
                Succeeded());
    EXPECT_EQ(read_samples(folder.file("x.wav")), generated("12"));
}

TEST(RenderOutput, LeavesNothingWhenASignalEndsIt) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        const TemporaryFolder folder;
        const auto result = keytone_program(
            {"render", std::string(100'000, '1'), "-o", folder.file("x.wav"), "--rate", "48000"},
            {.meanwhile = [&](int process) {
                while (folder.entries() == 0) { // Waits until it has begun to write.
                    std::this_thread::yield();
                }
                kill(process, signal);
            }});
        EXPECT_EQ(result.exit_code, -signal);
        EXPECT_EQ(folder.entries(), 0);
    }
}

TEST(RenderOutput, LeavesTheOldFileWhenItFails) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", "old");
    EXPECT_THAT(keytone_program({"render", "1x", "-o", path}), FailedWith(2, "'x'"));
    EXPECT_EQ(folder.read("x.wav"), "old");
    EXPECT_THAT(keytone_program({"render", "1", "-o", path}), Succeeded());
    EXPECT_EQ(read_samples(path), generated("1"));
}

} // namespace
} // namespace keytone
