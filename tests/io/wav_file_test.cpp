// SPDX-License-Identifier: MIT
#include "engine/io/wav_file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace keytone::io {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Bytes = std::vector<std::uint8_t>;
using Samples = std::vector<std::int16_t>;

// ---- files ----

class WavFileTest : public testing::Test {
  protected:
    WavFileTest() {
        std::string pattern = (fs::temp_directory_path() / "keytone-wav-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        folder_ = pattern;
    }
    ~WavFileTest() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
    std::string store(const std::string& name, const Bytes& bytes) const {
        std::ofstream(path(name), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path(name);
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& entry : fs::directory_iterator(folder_)) {
            found.push_back(entry.path().filename().string());
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    fs::path folder_;
};

Bytes load(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// ---- bytes ----

void put(Bytes& bytes, const char* text) {
    bytes.insert(bytes.end(), text, text + std::strlen(text));
}
void put(Bytes& bytes, std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}
void put_big(Bytes& bytes, std::uint64_t value, int count) {
    for (int i = count - 1; i >= 0; --i) {
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}
Bytes as_bytes(const Samples& samples) {
    Bytes bytes;
    for (const std::int16_t s : samples) {
        put(bytes, static_cast<std::uint16_t>(s), 2);
    }
    return bytes;
}
template <class T>
Bytes as_raw(const std::vector<T>& values) {
    Bytes bytes(values.size() * sizeof(T));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

struct Header {
    unsigned tag = 1; // PCM
    unsigned channels = 1;
    unsigned rate = 8000;
    unsigned bits = 16;
    std::optional<std::uint32_t> data_size = std::nullopt;
    std::optional<std::uint32_t> riff_size = std::nullopt;
};

// A plain WAV file, sizes and all as told.
Bytes wav(const Header& header, const Bytes& data) {
    Bytes bytes;
    const auto size = static_cast<std::uint32_t>(data.size());
    put(bytes, "RIFF");
    put(bytes, header.riff_size.value_or(size + 36), 4);
    put(bytes, "WAVEfmt ");
    put(bytes, 16, 4);
    put(bytes, header.tag, 2);
    put(bytes, header.channels, 2);
    put(bytes, header.rate, 4);
    put(bytes, header.rate * header.channels * header.bits / 8, 4);
    put(bytes, header.channels * header.bits / 8, 2);
    put(bytes, header.bits, 2);
    put(bytes, "data");
    put(bytes, header.data_size.value_or(size), 4);
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

Bytes au(std::uint32_t data_size, const Samples& samples) {
    Bytes bytes;
    put(bytes, ".snd");
    put_big(bytes, 24, 4);
    put_big(bytes, data_size, 4);
    put_big(bytes, 3, 4); // 16-bit PCM
    put_big(bytes, 8000, 4);
    put_big(bytes, 1, 4);
    for (const std::int16_t s : samples) {
        put_big(bytes, static_cast<std::uint16_t>(s), 2);
    }
    return bytes;
}

Samples ramp(std::size_t count) {
    Samples samples(count);
    for (std::size_t i = 0; i < count; ++i) {
        samples[i] = static_cast<std::int16_t>(static_cast<int>(i * 7919 % 65536) - 32768);
    }
    return samples;
}

std::string encode(const std::string& path, int format, const Samples& samples, int channels = 1) {
    SF_INFO info{};
    info.samplerate = 8000;
    info.channels = channels;
    info.format = format;
    SNDFILE* sound = sf_open(path.c_str(), SFM_WRITE, &info);
    EXPECT_NE(sound, nullptr) << sf_strerror(nullptr);
    if (sound != nullptr) {
        sf_write_short(sound, samples.data(), static_cast<sf_count_t>(samples.size()));
        sf_close(sound);
    }
    return path;
}

// ---- reading ----

struct Content {
    int rate_hz = 0;
    int channels = 0;
    SampleCount frames = 0;
    Samples samples;
    std::string error;
};

Content read_all(WavReader& reader, std::size_t block_frames = 333) {
    Content content{reader.rate_hz(), reader.channels(), reader.frames(), {}, {}};
    Samples block(block_frames * static_cast<std::size_t>(content.channels));
    for (;;) {
        const auto got = reader.read(block);
        if (!got) {
            content.error = got.error().message;
            // A failed or finished reader stays as it is.
            const auto again = reader.read(block);
            EXPECT_TRUE(!again && again.error().message == content.error);
            return content;
        }
        if (*got == 0) {
            return content;
        }
        content.samples.insert(content.samples.end(), block.begin(), block.begin() + *got * content.channels);
    }
}

Content read_file(const std::string& path, std::size_t block_frames = 333) {
    auto reader = WavReader::open(path);
    if (!reader) {
        return {0, 0, 0, {}, reader.error().message};
    }
    return read_all(*reader, block_frames);
}

std::string open_error(const std::string& path) {
    const auto reader = WavReader::open(path);
    return reader ? "" : reader.error().message;
}

// One line: the name in front, a remedy after the last colon.
testing::Matcher<std::string> names_and_says(const std::string& name, const std::string& what) {
    return AllOf(testing::StartsWith(name + ": "), HasSubstr(what), Not(HasSubstr("\n")));
}

// ---- standard input and output ----

/// Puts another file in the place of a descriptor as long as it lives.
class Redirect {
  public:
    Redirect(int number, int replacement) : number_(number), saved_(::dup(number)) {
        ::dup2(replacement, number);
        ::close(replacement);
    }
    Redirect(const Redirect&) = delete;
    Redirect& operator=(const Redirect&) = delete;
    ~Redirect() {
        ::dup2(saved_, number_);
        ::close(saved_);
    }

  private:
    int number_;
    int saved_;
};

/// Reads `bytes` as they come out of a pipe, in pieces of `piece` bytes.
Content read_piped(const Bytes& bytes, std::size_t piece = 4096) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const auto old = std::signal(SIGPIPE, SIG_IGN);
    Content content;
    {
        std::thread feeder([&bytes, piece, out = ends[1]] {
            for (std::size_t at = 0; at < bytes.size();) {
                const auto n = ::write(out, bytes.data() + at, std::min(piece, bytes.size() - at));
                if (n <= 0) {
                    break;
                }
                at += static_cast<std::size_t>(n);
            }
            ::close(out);
        });
        {
            const Redirect input(STDIN_FILENO, ends[0]);
            content = read_file("-");
        }
        feeder.join();
    }
    std::signal(SIGPIPE, old);
    return content;
}

TEST_F(WavFileTest, ReadsWhatWavHolds) {
    const Samples samples = ramp(10001);
    const auto content = read_file(store("a.wav", wav({}, as_bytes(samples))));
    EXPECT_EQ(content.error, "");
    EXPECT_EQ(content.rate_hz, 8000);
    EXPECT_EQ(content.channels, 1);
    EXPECT_EQ(content.frames, 10001);
    EXPECT_EQ(content.samples, samples);
}

TEST_F(WavFileTest, ReadsInterleavedChannelsInAnyBlockSize) {
    const Samples samples = ramp(3 * 1000);
    const auto file = store("a.wav", wav({.channels = 3, .rate = 48000}, as_bytes(samples)));
    for (const std::size_t block : {1U, 7U, 1000U, 4096U}) {
        const auto content = read_file(file, block);
        EXPECT_EQ(content.samples, samples) << block;
        EXPECT_EQ(content.channels, 3);
        EXPECT_EQ(content.rate_hz, 48000);
        EXPECT_EQ(content.frames, 1000);
    }
}

TEST_F(WavFileTest, ReadsOtherContainers) {
    const Samples samples = ramp(5000);
    for (const int format : {SF_FORMAT_FLAC, SF_FORMAT_AU, SF_FORMAT_AIFF, SF_FORMAT_W64, SF_FORMAT_CAF,
                             SF_FORMAT_RF64, SF_FORMAT_WAVEX}) {
        const auto content = read_file(encode(path("a.bin"), format | SF_FORMAT_PCM_16, samples));
        EXPECT_EQ(content.error, "") << format;
        EXPECT_EQ(content.samples, samples) << format;
    }
}

TEST_F(WavFileTest, ReadsOggWithinItsLoss) {
    Samples samples(8000);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        samples[i] = static_cast<std::int16_t>(i / 4 % 2 == 0 ? 8000 : -8000); // 1 kHz
    }
    const auto content = read_file(encode(path("a.ogg"), SF_FORMAT_OGG | SF_FORMAT_VORBIS, samples));
    EXPECT_EQ(content.error, "");
    ASSERT_EQ(content.samples.size(), samples.size());
    double product = 0;
    double energy = 0;
    double energy_read = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        product += double{1} * samples[i] * content.samples[i];
        energy += double{1} * samples[i] * samples[i];
        energy_read += double{1} * content.samples[i] * content.samples[i];
    }
    EXPECT_GT(product / std::sqrt(energy * energy_read), 0.9);
    EXPECT_NEAR(energy_read / energy, 1.0, 0.2);
}

TEST_F(WavFileTest, ScalesAndClampsFloats) {
    const std::vector<float> values{0.0F, 1.0F,    -1.0F,        0.5F,  -0.5F,
                                    3.7F, -100.0F, 1.5F / 32768, 1e30F, 0.49F / 32768};
    const Samples expected{0, 32767, -32768, 16384, -16384, 32767, -32768, 2, 32767, 0};
    EXPECT_EQ(read_file(store("f.wav", wav({.tag = 3, .bits = 32}, as_raw(values)))).samples, expected);
    std::vector<double> wide(values.begin(), values.end());
    wide.push_back(-1e300);
    Samples expected_wide = expected;
    expected_wide.push_back(-32768);
    const auto content = read_file(store("d.wav", wav({.tag = 3, .bits = 64}, as_raw(wide))));
    EXPECT_EQ(content.error, "");
    EXPECT_EQ(content.samples, expected_wide);
}

TEST_F(WavFileTest, RoundsWideIntegers) {
    Bytes data24;
    Bytes data32;
    for (const int value : {0x123456, 0x12347F, 0x123480, 0x7FFFFF, -0x800000, -0x81, -0x80}) {
        put(data24, static_cast<std::uint32_t>(value), 3);
        put(data32, static_cast<std::uint32_t>(value * 256), 4);
    }
    const Samples expected{0x1234, 0x1234, 0x1235 - 1, 32767, -32768, -1, 0};
    auto content = read_file(store("24.wav", wav({.bits = 24}, data24)));
    ASSERT_EQ(content.samples.size(), expected.size());
    // Halves go to the even neighbour: 0x123480 is one.
    EXPECT_EQ(content.samples, expected);
    EXPECT_EQ(read_file(store("32.wav", wav({.bits = 32}, data32))).samples, expected);
}

TEST_F(WavFileTest, ReadsHeaderlessCompandingByName) {
    // ITU-T G.711: the ends of the scale and its zeros.
    for (const auto* name : {"a.ul", "a.ulaw", "a.MULAW", "b.pcmu"}) {
        const auto content = read_file(store(name, {0x80, 0x00, 0xFF, 0x7F}));
        EXPECT_THAT(content.samples, ElementsAre(32124, -32124, 0, 0)) << name << content.error;
        EXPECT_EQ(content.rate_hz, 8000);
        EXPECT_EQ(content.channels, 1);
        EXPECT_EQ(content.frames, 4);
    }
    for (const auto* name : {"a.al", "a.alaw", "b.PCMA"}) {
        EXPECT_THAT(read_file(store(name, {0xAA, 0x2A, 0xD5, 0x55})).samples,
                    ElementsAre(32256, -32256, 8, -8))
            << name;
    }
    EXPECT_THAT(open_error(store("ul", {0x80, 0x00, 0xFF, 0x7F})), HasSubstr("not audio"));
    // A header says more than a name.
    EXPECT_EQ(read_file(store("c.ul", wav({}, as_bytes(ramp(10))))).samples, ramp(10));
}

TEST_F(WavFileTest, ReadsPipes) {
    const Samples samples = ramp(200000);
    const Bytes whole = wav({}, as_bytes(samples));
    for (const std::size_t piece : {7777U, 65536U}) {
        const auto content = read_piped(whole, piece);
        EXPECT_EQ(content.error, "");
        EXPECT_EQ(content.frames, 200000);
        EXPECT_TRUE(content.samples == samples);
    }
    const Samples few = ramp(100);
    EXPECT_EQ(read_piped(wav({}, as_bytes(few)), 1).samples, few);
    EXPECT_EQ(read_piped(wav({.tag = 3, .bits = 32}, as_raw(std::vector<float>{0.5F, -0.5F}))).samples,
              (Samples{16384, -16384}));
    // What comes after the samples is not waited for, nor read.
    Bytes tagged = wav({.riff_size = 999}, as_bytes(few));
    put(tagged, "LIST");
    put(tagged, 4, 4);
    put(tagged, "INFO");
    EXPECT_EQ(read_piped(tagged).samples, few);
    EXPECT_EQ(read_file(store("tagged.wav", tagged)).samples, few);
}

TEST_F(WavFileTest, ReadsSizesThatPipeWritersMakeUp) {
    const Samples samples = ramp(50000);
    const auto half = [](std::uint32_t size) { return size < 100 ? size : size - 36; };
    for (const std::uint32_t size :
         {0U, 0xFFFFFFFFU, 0x7FFFFFFFU, 0x7FFFF000U, 0x80000000U, 0x7FFFFFFFU - 36, 0xFFFFFFFFU - 44}) {
        const Bytes bytes = wav({.data_size = half(size), .riff_size = size}, as_bytes(samples));
        auto content = read_piped(bytes);
        EXPECT_EQ(content.error, "") << size;
        EXPECT_EQ(content.frames, 0) << size;
        EXPECT_TRUE(content.samples == samples) << size << " " << content.samples.size();
        content = read_file(store("a.wav", bytes));
        EXPECT_EQ(content.error, "") << size;
        EXPECT_EQ(content.frames, 50000) << size;
        EXPECT_TRUE(content.samples == samples) << size << " " << content.samples.size();
    }
}

TEST_F(WavFileTest, ReadsOtherContainersFromPipes) {
    const Samples samples = ramp(50000);
    EXPECT_TRUE(read_piped(au(100000, samples)).samples == samples);
    EXPECT_TRUE(read_piped(au(0xFFFFFFFF, samples)).samples == samples);
    EXPECT_TRUE(read_file(store("a.au", au(0xFFFFFFFF, samples))).samples == samples);
    const auto flac = read_piped(load(encode(path("a.flac"), SF_FORMAT_FLAC | SF_FORMAT_PCM_16, samples)));
    EXPECT_EQ(flac.error, "");
    EXPECT_EQ(flac.frames, 50000);
    EXPECT_TRUE(flac.samples == samples);
    const auto rf64 = read_piped(load(encode(path("a.rf64"), SF_FORMAT_RF64 | SF_FORMAT_PCM_16, samples)));
    EXPECT_EQ(rf64.error, "");
    EXPECT_TRUE(rf64.samples == samples);
    const auto ogg = read_piped(load(encode(path("a.ogg"), SF_FORMAT_OGG | SF_FORMAT_VORBIS, samples)));
    EXPECT_THAT(ogg.error, names_and_says("standard input", "save it to a file"));
}

} // namespace
} // namespace keytone::io
