// SPDX-License-Identifier: MIT
#include "tests/support/key_press.hpp"
#include "tests/support/keytone_program.hpp"
#include "tests/support/signal.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wav_bytes.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace keytone {
namespace {

using test::FailedWith;
using test::keytone_program;
using test::Succeeded;
using test::TemporaryFolder;

constexpr std::size_t first_key = 4000;
constexpr std::size_t apart = 2000;
constexpr std::size_t key_length = 480; // 60 ms at 8 kHz

/// Noise as loud as quiet speech; over it, from first_key on, a key of 60 ms every `apart` samples.
test::Signal line(std::string_view keys, int hz = 8000) {
    const auto at = [hz](std::size_t samples) { return samples * static_cast<std::size_t>(hz) / 8000; };
    test::Signal signal = test::white_noise(at(24'000), -36.0, 11);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        test::mix_into(signal, test::sound({.key = keys[i], .tone_ms = 60.0}, hz), at(first_key + apart * i));
    }
    return signal;
}

/// Whether a sample, counted from the beginning, is a key's.
bool is_key(std::size_t sample, std::size_t keys) {
    return sample >= first_key && (sample - first_key) / apart < keys &&
           (sample - first_key) % apart < key_length;
}

struct Format {
    const char* ending;
    int format;
};

std::ostream& operator<<(std::ostream& out, const Format& format) {
    return out << format.ending << " " << format.format;
}

/// Writes channels of the same length, with a title.
std::string write_file(const std::string& path, const Format& format,
                       const std::vector<test::Signal>& channels, int hz = 8000) {
    SF_INFO info{};
    info.samplerate = hz;
    info.channels = static_cast<int>(channels.size());
    info.format = format.format;
    SNDFILE* const file = sf_open(path.c_str(), SFM_WRITE, &info);
    EXPECT_NE(file, nullptr) << sf_strerror(nullptr);
    sf_set_string(file, SF_STR_TITLE, "A call of 4 March");
    std::vector<double> interleaved;
    for (std::size_t i = 0; i < channels[0].size(); ++i) {
        for (const test::Signal& channel : channels) {
            interleaved.push_back(channel[i]);
        }
    }
    sf_writef_double(file, interleaved.data(), static_cast<sf_count_t>(channels[0].size()));
    sf_close(file);
    return path;
}

/// All samples, with all their bits.
struct Content {
    SF_INFO info{};
    std::string title;
    std::vector<double> samples;
};

Content read_file(const std::string& path) {
    Content content;
    SNDFILE* const file = sf_open(path.c_str(), SFM_READ, &content.info);
    EXPECT_NE(file, nullptr) << path << ": " << sf_strerror(nullptr);
    if (file != nullptr) {
        const char* const title = sf_get_string(file, SF_STR_TITLE);
        content.title = title != nullptr ? title : "";
        content.samples.resize(static_cast<std::size_t>(content.info.frames * content.info.channels));
        sf_readf_double(file, content.samples.data(), content.info.frames);
        sf_close(file);
    }
    return content;
}

class Kept : public testing::TestWithParam<Format> {};

// Two channels: keys in the first only.
TEST_P(Kept, InFormatTagsAndEverySampleOutsideOfKeys) {
    const TemporaryFolder folder;
    const std::string ending = GetParam().ending;
    const std::string in =
        write_file(folder.file("in." + ending), GetParam(), {line("0123456789"), line("")});
    const std::string out = folder.file("out." + ending);
    const auto result = keytone_program({"redact", in, "-o", out});
    ASSERT_THAT(result, Succeeded());
    EXPECT_EQ(folder.entries(), 2);

    const Content before = read_file(in);
    const Content after = read_file(out);
    EXPECT_EQ(after.info.format, before.info.format);
    EXPECT_EQ(after.info.channels, 2);
    EXPECT_EQ(after.info.samplerate, 8000);
    EXPECT_EQ(after.title, before.title);
    ASSERT_EQ(after.samples.size(), before.samples.size());
    std::size_t audible = 0;
    for (std::size_t i = 0; i < after.samples.size(); ++i) {
        if (i % 2 == 1 || !is_key(i / 2, 10)) {
            ASSERT_EQ(after.samples[i], before.samples[i]) << "frame " << i / 2;
        } else {
            audible += std::abs(after.samples[i]) > 0.0003 ? 1U : 0U; // A-law has no zero
        }
    }
    EXPECT_LE(audible, 10U * 24U); // 3 ms of each
    EXPECT_EQ(keytone_program({"detect", "--sensitivity", "sensitive", out}).output,
              out + "\t\n" + out + "\t\n");
}

INSTANTIATE_TEST_SUITE_P(
    Formats, Kept,
    testing::Values(
        Format{"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16}, Format{"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8},
        Format{"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24}, Format{"wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_32},
        Format{"wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT}, Format{"wav", SF_FORMAT_WAV | SF_FORMAT_DOUBLE},
        Format{"wav", SF_FORMAT_WAV | SF_FORMAT_ULAW}, Format{"wav", SF_FORMAT_WAV | SF_FORMAT_ALAW},
        Format{"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG},
        Format{"w64", SF_FORMAT_W64 | SF_FORMAT_PCM_24}, Format{"rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16},
        Format{"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24},
        Format{"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE},
        Format{"au", SF_FORMAT_AU | SF_FORMAT_ULAW}, Format{"au", SF_FORMAT_AU | SF_FORMAT_FLOAT},
        Format{"caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16},
        Format{"caf", SF_FORMAT_CAF | SF_FORMAT_PCM_24 | SF_ENDIAN_LITTLE},
        Format{"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
        Format{"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24}));

// Not only the samples: header, chunks that nobody knows, what stands behind the samples.
TEST(Redact, KeepsEveryOtherByteOfAFile) {
    const TemporaryFolder folder;
    std::string bytes = test::wav_bytes(8000, 1, test::to_pcm16(line("42")));
    const std::size_t data = bytes.size() - 48'000;
    bytes += std::string("LIST\x0c\0\0\0INFOICMT\0\0\0\0", 20) + "and more";
    const auto result =
        keytone_program({"redact", folder.write("in.wav", bytes), "-o", folder.file("out.wav")});
    ASSERT_THAT(result, Succeeded());
    const std::string after = folder.read("out.wav");
    ASSERT_EQ(after.size(), bytes.size());
    EXPECT_NE(after, bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i < data || !is_key((i - data) / 2, 2)) {
            ASSERT_EQ(after[i], bytes[i]) << i;
        }
    }
}

TEST(Redact, KeepsWhatHasNoKeyAsItIs) {
    const TemporaryFolder folder;
    const std::string bytes = test::wav_bytes(8000, 1, test::to_pcm16(line("")));
    const auto result =
        keytone_program({"redact", folder.write("in.wav", bytes), "-o", folder.file("out.wav")});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(result.output, folder.file("out.wav") + "\t1\t0\t0.000\n");
    EXPECT_EQ(folder.read("out.wav"), bytes);
}

TEST(Redact, TakesFilesWithoutAHeader) {
    const TemporaryFolder folder;
    const auto samples = test::to_pcm16(line("159"));
    const std::string bytes(reinterpret_cast<const char*>(samples.data()), 2 * samples.size());
    const std::string in = folder.write("in.bin", bytes);
    ASSERT_THAT(keytone_program({"redact", "--raw", "s16le@8000", in, "-o", folder.file("out.bin")}),
                Succeeded());
    EXPECT_EQ(folder.read("out.bin").size(), bytes.size());
    EXPECT_EQ(keytone_program({"detect", "--raw", "s16le@8000", folder.file("out.bin")}).output,
              folder.file("out.bin") + "\t\n");
    ASSERT_THAT(keytone_program({"redact", folder.write("in.sln", bytes), "-o", folder.file("out.sln")}),
                Succeeded());
    EXPECT_EQ(folder.read("out.sln"), folder.read("out.bin"));
}

// The rates that keytone works at, and one that is brought to the next of them.
TEST(Redact, TakesEveryRate) {
    const TemporaryFolder folder;
    for (const int hz : {8000, 11000, 16000, 44100, 48000}) {
        const std::string in = write_file(folder.file("in.wav"), {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
                                          {line("0123456789", hz)}, hz);
        const std::string out = folder.file("out.wav");
        ASSERT_THAT(keytone_program({"redact", in, "-o", out}), Succeeded()) << hz;
        EXPECT_EQ(keytone_program({"detect", out}).output, out + "\t\n") << hz;
        const Content before = read_file(in);
        const Content after = read_file(out);
        for (std::size_t i = 0; i < after.samples.size(); ++i) {
            if (!is_key(i * 8000 / static_cast<std::size_t>(hz), 10)) {
                ASSERT_EQ(after.samples[i], before.samples[i]) << hz << ", frame " << i;
            }
        }
    }
}

TEST(Redact, WritesWhatIsCodedWithLossAsWav) {
    const TemporaryFolder folder;
    const std::string in =
        write_file(folder.file("in.ogg"), {"ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS}, {line("42")});
    EXPECT_THAT(keytone_program({"redact", in, "-o", folder.file("out.ogg")}), FailedWith(2, "in .wav"));
    EXPECT_EQ(folder.entries(), 1);
    ASSERT_THAT(keytone_program({"redact", in, "-o", folder.file("out.wav")}), Succeeded());
    EXPECT_EQ(read_file(folder.file("out.wav")).info.format, SF_FORMAT_WAV | SF_FORMAT_PCM_16);
    EXPECT_EQ(keytone_program({"detect", folder.file("out.wav")}).output, folder.file("out.wav") + "\t\n");
}

TEST(Redact, ReportsTimesAndNamesDigitsOnlyWhenAsked) {
    const TemporaryFolder folder;
    const std::string in =
        write_file(folder.file("in.wav"), {"wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16}, {line(""), line("42")});
    const std::string out = folder.file("out.wav");
    const auto plain = keytone_program({"redact", in, "-o", out, "--report", folder.file("keys.tsv")});
    ASSERT_THAT(plain, Succeeded());
    EXPECT_EQ(plain.output, out + "\t1\t0\t0.000\n" + out + "\t2\t2\t0.118\n");
    EXPECT_EQ(folder.read("keys.tsv"), "2\t0.500\t0.059\n2\t0.750\t0.059\n");
    ASSERT_THAT(keytone_program({"redact", in, "-o", out, "--report", folder.file("keys.tsv"), "--digits"}),
                Succeeded());
    EXPECT_EQ(folder.read("keys.tsv"), "2\t0.500\t0.059\t4\n2\t0.750\t0.059\t2\n");

    const auto json = keytone_program({"redact", in, "-o", out, "--report", "-", "--json", "--keep-length"});
    ASSERT_THAT(json, Succeeded());
    std::istringstream lines(json.output);
    std::vector<nlohmann::json> objects;
    for (std::string each; std::getline(lines, each);) {
        objects.push_back(nlohmann::json::parse(each));
    }
    ASSERT_EQ(objects.size(), 4U);
    EXPECT_EQ(objects[0]["channel"], 2);
    EXPECT_NEAR(objects[0]["start_s"].get<double>(), 0.5, 0.002);
    EXPECT_NEAR(objects[0]["duration_s"].get<double>(), 0.06, 0.003);
    EXPECT_FALSE(objects[0].contains("digit"));
    EXPECT_EQ(objects[3]["keys"], 2);
    EXPECT_EQ(objects[3]["seconds"], 3.0);
}

TEST(Redact, WritesToStandardOutput) {
    const TemporaryFolder folder;
    const std::string in = folder.write("in.wav", test::wav_bytes(8000, 1, test::to_pcm16(line("42"))));
    ASSERT_THAT(keytone_program({"redact", in, "-o", folder.file("out.wav")}), Succeeded());
    const auto piped = keytone_program({"redact", in, "-o", "-"});
    ASSERT_THAT(piped, Succeeded());
    EXPECT_EQ(piped.output, folder.read("out.wav"));
}

TEST(Redact, RefusesWhatCannotBeDone) {
    const TemporaryFolder folder;
    const std::string bytes = test::wav_bytes(8000, 1, test::to_pcm16(line("42")));
    const std::string in = folder.write("in.wav", bytes);
    const std::string out = folder.file("out.wav");
    const auto refused = [&](const std::vector<std::string>& arguments) {
        std::vector<std::string> all{"redact"};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return keytone_program(all);
    };
    EXPECT_THAT(refused({in, "-o", in}), FailedWith(2, "is the recording itself"));
    EXPECT_THAT(refused({in, "-o", folder.file("./in.wav")}), FailedWith(2, "is the recording itself"));
    EXPECT_THAT(refused({in, "-o", out, "--report", in}), FailedWith(2, "is the recording itself"));
    EXPECT_THAT(refused({in, "-o", out, "--report", out}), FailedWith(2, "given twice"));
    EXPECT_THAT(refused({in, "-o", "-", "--report", "-"}), FailedWith(2, "standard output"));
    EXPECT_THAT(refused({"-", "-o", out}), FailedWith(2, "pipe"));
    EXPECT_THAT(refused({in, "-o", folder.file("out.flac")}), FailedWith(2, "keeps its format"));
    EXPECT_THAT(refused({folder.file("no.wav"), "-o", out}), FailedWith(1, "no.wav"));
    const std::string torn = folder.write("torn.wav", bytes.substr(0, 20'000));
    EXPECT_THAT(refused({torn, "-o", out}), FailedWith(1, "it was cut off"));
    EXPECT_EQ(folder.read("in.wav"), bytes);
    EXPECT_EQ(folder.entries(), 2); // no output, nor a part of one
}

} // namespace
} // namespace keytone
