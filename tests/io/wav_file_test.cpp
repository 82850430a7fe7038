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
#include <array>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// libsndfile 1.2.0 loses its Vorbis decoder when it refuses a damaged Ogg file; LeakSanitizer reports it as
// ours.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:vorbis_info_init\n";
}

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
    [[nodiscard]] std::string store(const std::string& name, const Bytes& bytes) const {
        fs::remove(
            path(name)); // some file systems write to the disk at once when a file is cut and filled again
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

/// The first part of the bytes.
Bytes head_of(Bytes bytes, std::size_t count) {
    bytes.resize(count);
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

/// Reads until the end or a million frames: damaged headers promise anything.
Content read_bounded(const std::string& path) {
    auto reader = WavReader::open(path);
    if (!reader) {
        return {0, 0, 0, {}, reader.error().message};
    }
    Content content{reader->rate_hz(), reader->channels(), reader->frames(), {}, {}};
    Samples block(4096 * static_cast<std::size_t>(content.channels));
    for (SampleCount total = 0; total < 1000000;) {
        const auto got = reader->read(block);
        if (!got) {
            content.error = got.error().message;
            break;
        }
        if (*got == 0) {
            break;
        }
        total += *got;
    }
    return content;
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

TEST_F(WavFileTest, PassesOverOtherChunksAndTheirPadding) {
    const Samples samples = ramp(100);
    Bytes bytes = wav({}, as_bytes(samples));
    Bytes note;
    put(note, "note");
    put(note, 3, 4);
    put(note, "odd");
    put(note, 0, 1); // pads it to an even length
    bytes.insert(bytes.begin() + 36, note.begin(), note.end());
    EXPECT_EQ(read_file(store("a.wav", bytes)).samples, samples);
    EXPECT_EQ(read_piped(bytes).samples, samples);
    const auto cut = read_piped(head_of(bytes, bytes.size() - 100));
    EXPECT_EQ(cut.samples, Samples(samples.begin(), samples.begin() + 50));
    EXPECT_THAT(cut.error, HasSubstr("cut off"));
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

// ---- bad input ----

/// Acts as a user without root's rights, where the tests run as root.
class Unprivileged {
  public:
    Unprivileged() : was_root_(::geteuid() == 0) {
        if (was_root_) {
            is_effective_ = ::seteuid(65534) == 0;
        }
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
    ~Unprivileged() {
        if (was_root_ && is_effective_ && ::seteuid(0) != 0) {
            std::abort();
        }
    }
    [[nodiscard]] bool is_effective() const { return !was_root_ || is_effective_; }

  private:
    bool was_root_;
    bool is_effective_ = true;
};

TEST_F(WavFileTest, SaysWhyAFileCannotBeOpened) {
    const auto missing = path("missing.wav");
    EXPECT_THAT(open_error(missing), names_and_says(missing, "no such file"));
    EXPECT_THAT(open_error(path("a.wav/b.wav")), HasSubstr("no such file"));
    EXPECT_THAT(open_error(folder_.string()), names_and_says(folder_.string(), "is a directory"));
    const auto empty = store("empty.wav", {});
    EXPECT_THAT(open_error(empty), names_and_says(empty, "is empty"));
    EXPECT_THAT(open_error(store("empty.ulaw", {})), HasSubstr("is empty"));
    Bytes prose;
    put(prose, "Dear Sir or Madam, the number you have dialled is not in service.\n");
    const auto letter = store("letter.wav", prose);
    EXPECT_THAT(open_error(letter), names_and_says(letter, "not audio"));
    EXPECT_THAT(open_error(store("one.wav", {'R'})), HasSubstr("not audio"));
    EXPECT_THAT(open_error("/dev/zero"), names_and_says("/dev/zero", "is a device"));
    EXPECT_THAT(open_error("/dev/null"), HasSubstr("is a device"));
    EXPECT_THAT(open_error(""), HasSubstr("no such file"));
}

TEST_F(WavFileTest, DoesNotWaitForPipesAndSockets) {
    const auto pipe = path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0666), 0);
    EXPECT_THAT(open_error(pipe), names_and_says(pipe, "standard input"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto socket_path = path("socket");
    ASSERT_LT(socket_path.size(), sizeof address.sun_path);
    socket_path.copy(address.sun_path, socket_path.size());
    const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
    // bind() takes any address family behind this type.
    ASSERT_EQ(::bind(server, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_THAT(open_error(socket_path), names_and_says(socket_path, "is a socket"));
    ::close(server);
}

TEST_F(WavFileTest, NamesStayOnOneLine) {
    EXPECT_THAT(open_error(path("two\nlines\x1B[2J.wav")), HasSubstr("two?lines?[2J.wav: no such file"));
}

TEST_F(WavFileTest, SaysWhenReadingIsForbidden) {
    const auto file = store("secret.wav", wav({}, as_bytes(ramp(10))));
    fs::permissions(folder_, fs::perms::all);
    fs::permissions(file, fs::perms::none);
    const Unprivileged user;
    if (!user.is_effective()) {
        GTEST_SKIP() << "runs as root and cannot become another user";
    }
    EXPECT_THAT(open_error(file), names_and_says(file, "no permission"));
}

TEST_F(WavFileTest, RefusesChannelsAndRatesOutOfBounds) {
    const auto refused = [&](const Header& header) {
        return open_error(store("a.wav", wav(header, as_bytes(ramp(1300)))));
    };
    EXPECT_THAT(refused({.channels = 0}), names_and_says(path("a.wav"), "no channels"));
    EXPECT_EQ(refused({.channels = 64}), "");
    EXPECT_THAT(refused({.channels = 65}), HasSubstr("65 channels"));
    EXPECT_THAT(refused({.channels = 65535}), HasSubstr("65535 channels"));
    EXPECT_THAT(refused({.rate = 0}), HasSubstr("rate of 0 Hz"));
    EXPECT_THAT(refused({.rate = 999}), HasSubstr("rate of 999 Hz"));
    EXPECT_EQ(refused({.rate = 1000}), "");
    EXPECT_EQ(refused({.rate = 768000}), "");
    EXPECT_THAT(refused({.rate = 768001}), HasSubstr("rate of 768001 Hz"));
    EXPECT_THAT(refused({.rate = 0xFFFFFFFF}), HasSubstr("rate of 4294967295 Hz"));
    EXPECT_THAT(refused({.tag = 0x1234}), HasSubstr("encoding unknown"));
}

TEST_F(WavFileTest, DeliversTheStartOfACutOffFileAndSaysSo) {
    const Samples samples = ramp(8000);
    const Samples half(samples.begin(), samples.begin() + 4000);
    const Bytes whole = wav({}, as_bytes(samples));
    const auto file = store("cut.wav", head_of(whole, 44 + 8000));
    for (const std::size_t block : {1U, 333U, 4000U, 9999U}) {
        const auto content = read_file(file, block);
        EXPECT_TRUE(content.samples == half);
        EXPECT_EQ(content.frames, 8000);
        EXPECT_THAT(content.error, names_and_says(file, "ends after 0.500 s of 1.000 s"));
    }
    auto content = read_piped(load(file));
    EXPECT_TRUE(content.samples == half);
    EXPECT_THAT(content.error, names_and_says("standard input", "ends after 0.500 s of 1.000 s"));

    content = read_file(store("cut.au", head_of(au(16000, samples), 24 + 8000)));
    EXPECT_TRUE(content.samples == half);
    EXPECT_THAT(content.error, HasSubstr("ends after 0.500 s of 1.000 s"));

    // FLAC cannot be cut between frames: some of it is there.
    const Bytes flac = load(encode(path("a.flac"), SF_FORMAT_FLAC | SF_FORMAT_PCM_16, ramp(80000)));
    for (const auto& cut : {read_file(store("cut.flac", head_of(flac, flac.size() / 2))),
                            read_piped(head_of(flac, flac.size() / 2))}) {
        EXPECT_GT(cut.samples.size(), 10000U);
        EXPECT_LT(cut.samples.size(), 80000U);
        EXPECT_THAT(cut.error, HasSubstr("it was cut off"));
    }
}

TEST_F(WavFileTest, RefusesAFileThatEndsInsideItsHeader) {
    const Bytes whole = wav({}, as_bytes(ramp(10)));
    for (std::size_t count = 12; count < 44; ++count) {
        EXPECT_THAT(open_error(store("a.wav", head_of(whole, count))), HasSubstr("inside its header"))
            << count;
        EXPECT_THAT(read_piped(head_of(whole, count)).error, HasSubstr("inside its header")) << count;
    }
    EXPECT_THAT(open_error(store("a.au", head_of(au(20, ramp(10)), 20))), HasSubstr("inside its header"));
    // Nothing but a header is a recording of no length.
    const auto content = read_file(store("a.wav", wav({}, {})));
    EXPECT_EQ(content.error, "");
    EXPECT_EQ(content.rate_hz, 8000);
    EXPECT_THAT(content.samples, IsEmpty());
    EXPECT_THAT(read_piped(wav({}, {})).error, "");
}

TEST_F(WavFileTest, SaysWhereASampleIsNoNumber) {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()}) {
        std::vector<float> values(2 * 16000, 0.25F);
        values[2 * 12000 + 1] = bad;
        const auto file = store("f.wav", wav({.tag = 3, .channels = 2, .bits = 32}, as_raw(values)));
        for (const std::size_t block : {1U, 5000U, 20000U}) {
            const auto content = read_file(file, block);
            EXPECT_THAT(content.samples, testing::SizeIs(2 * 12000));
            EXPECT_THAT(content.samples, testing::Each(8192));
            EXPECT_THAT(content.error, names_and_says(file, "at 1.500 s"));
        }
    }
    const std::vector<double> wide{0.0, std::numeric_limits<double>::quiet_NaN()};
    EXPECT_THAT(read_file(store("d.wav", wav({.tag = 3, .bits = 64}, as_raw(wide)))).error,
                HasSubstr("at 0.000 s"));
}

TEST_F(WavFileTest, ReadsARedirectedFileAndRefusesWhatIsNone) {
    const Samples samples = ramp(5000);
    const auto file = store("a.wav", wav({}, as_bytes(samples)));
    const auto from = [](const std::string& name) {
        const Redirect input(STDIN_FILENO, ::open(name.c_str(), O_RDONLY));
        return read_file("-");
    };
    const auto content = from(file);
    EXPECT_EQ(content.error, "");
    EXPECT_EQ(content.frames, 5000);
    EXPECT_EQ(content.samples, samples);
    EXPECT_THAT(from(folder_.string()).error, names_and_says("standard input", "is a directory"));
    EXPECT_THAT(from(store("empty", {})).error, names_and_says("standard input", "is empty"));
    EXPECT_THAT(from("/dev/null").error, names_and_says("standard input", "is empty"));
    EXPECT_THAT(read_piped({}).error, names_and_says("standard input", "is empty"));
    Bytes prose;
    put(prose, "not audio at all");
    EXPECT_THAT(read_piped(prose).error, names_and_says("standard input", "WAV, AU or FLAC"));

    // An Ogg file is sought through, which a redirected file allows.
    EXPECT_EQ(from(encode(path("a.ogg"), SF_FORMAT_OGG | SF_FORMAT_VORBIS, samples)).error, "");
}

// Damaged files: any answer is right but a crash, an endless read or an error of more than a line. Worth most
// under the address and undefined-behaviour sanitizers.
TEST_F(WavFileTest, SurvivesDamagedFiles) {
    const Samples samples = ramp(600);
    std::vector<Bytes> seeds{
        wav({}, as_bytes(samples)),
        wav({.data_size = 0, .riff_size = 0}, as_bytes(samples)),
        wav({.tag = 3, .bits = 32}, as_raw(std::vector<float>(300, 0.5F))),
        wav({.tag = 7, .bits = 8}, Bytes(500, 0x12)),
        au(1200, samples),
    };
    for (const int format : {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_RF64 | SF_FORMAT_PCM_16,
                             SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, SF_FORMAT_AIFF | SF_FORMAT_PCM_16,
                             SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, SF_FORMAT_WAV | SF_FORMAT_GSM610,
                             SF_FORMAT_W64 | SF_FORMAT_ALAW, SF_FORMAT_OGG | SF_FORMAT_VORBIS}) {
        seeds.push_back(load(encode(path("seed"), format, samples)));
    }
    std::mt19937 random(20240229);
    const auto below = [&random](std::size_t n) { return random() % n; };
    int opened = 0;
    int refused = 0;
    for (int round = 0; round < 1500; ++round) {
        Bytes bytes = seeds[static_cast<std::size_t>(round) % seeds.size()];
        const std::size_t flips = below(6);
        for (std::size_t i = 0; i < flips; ++i) {
            // Headers are where damage is interesting.
            const std::size_t reach = below(4) == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 64);
            constexpr std::array<std::uint8_t, 6> edges{0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF};
            bytes[below(reach)] = below(2) == 0 ? edges[below(6)] : static_cast<std::uint8_t>(random());
        }
        if (below(3) == 0) {
            bytes.resize(below(bytes.size()) + 1);
        }
        for (const bool is_piped : {false, true}) {
            Content content;
            if (!is_piped) {
                content = read_bounded(store("a.bin", bytes));
            } else if (bytes.size() < 4096) { // fits into the smallest pipe
                int ends[2];
                ASSERT_EQ(::pipe(ends), 0);
                ASSERT_EQ(::write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
                ::close(ends[1]);
                const Redirect input(STDIN_FILENO, ends[0]);
                content = read_bounded("-");
            } else {
                continue;
            }
            EXPECT_THAT(content.error, Not(HasSubstr("\n")));
            (content.rate_hz > 0 ? opened : refused)++;
        }
    }
    EXPECT_GT(opened, 300);
    EXPECT_GT(refused, 300);
}

// ---- writing ----

std::string create_error(const std::string& path, int rate_hz = 8000, int channels = 1,
                         std::optional<SampleCount> frames = std::nullopt) {
    const auto writer = WavWriter::create(path, rate_hz, channels, WavEncoding::pcm16, frames);
    return writer ? "" : writer.error().message;
}

/// Writes in blocks of `block` frames, closes, and tells the error, if there was one.
template <class Sample>
std::string write_file(const std::string& path, const std::vector<Sample>& samples,
                       WavEncoding encoding = WavEncoding::pcm16, int channels = 1,
                       std::optional<SampleCount> frames = std::nullopt, std::size_t block = 777) {
    auto writer = WavWriter::create(path, 8000, channels, encoding, frames);
    if (!writer) {
        return writer.error().message;
    }
    const std::size_t step = block * static_cast<std::size_t>(channels);
    for (std::span<const Sample> rest = samples; !rest.empty();) {
        const auto part = rest.first(std::min(step, rest.size()));
        const auto written = writer->write(part);
        if (!written) {
            return written.error().message;
        }
        EXPECT_EQ(*written, static_cast<SampleCount>(part.size()) / channels);
        rest = rest.subspan(part.size());
    }
    const auto closed = writer->close();
    if (!closed) {
        return closed.error().message;
    }
    EXPECT_EQ(*closed, static_cast<SampleCount>(samples.size()) / channels);
    return "";
}

/// What comes out of standard output, as a pipe gets it.
template <class Sample>
Bytes write_piped(const std::vector<Sample>& samples, WavEncoding encoding, int channels,
                  std::optional<SampleCount> frames) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    Bytes received;
    std::thread reader([&received, in = ends[0]] {
        Bytes block(4096);
        for (ssize_t n = 0; (n = ::read(in, block.data(), block.size())) > 0;) {
            received.insert(received.end(), block.begin(), block.begin() + n);
        }
        ::close(in);
    });
    std::string error;
    {
        const Redirect output(STDOUT_FILENO, ends[1]);
        error = write_file("-", samples, encoding, channels, frames);
    }
    reader.join();
    EXPECT_EQ(error, "");
    return received;
}

constexpr std::array all_encodings{WavEncoding::pcm16, WavEncoding::ulaw, WavEncoding::alaw,
                                   WavEncoding::float32};

TEST_F(WavFileTest, WritesThePlainHeaderOfWav) {
    const Samples samples = ramp(3000);
    ASSERT_EQ(write_file(path("a.wav"), samples, WavEncoding::pcm16, 2), "");
    EXPECT_EQ(load(path("a.wav")), wav({.channels = 2}, as_bytes(samples)));
    ASSERT_EQ(write_file(path("empty.wav"), Samples{}), "");
    EXPECT_EQ(load(path("empty.wav")), wav({}, {}));
}

TEST_F(WavFileTest, ReadsBackWhatItWrote) {
    const Samples samples = ramp(3 * 7001);
    for (const int channels : {1, 3}) {
        for (const std::size_t block : {1U, 777U, 7001U}) {
            ASSERT_EQ(write_file(path("a.wav"), samples, WavEncoding::pcm16, channels, {}, block), "");
            const auto content = read_file(path("a.wav"));
            EXPECT_EQ(content.samples, samples);
            EXPECT_EQ(content.channels, channels);
            ASSERT_EQ(write_file(path("f.wav"), samples, WavEncoding::float32, channels, {}, block), "");
            EXPECT_EQ(read_file(path("f.wav")).samples, samples);
        }
    }
    for (const auto encoding : {WavEncoding::ulaw, WavEncoding::alaw}) {
        ASSERT_EQ(write_file(path("a.wav"), samples, encoding), "");
        const auto content = read_file(path("a.wav"));
        EXPECT_EQ(content.error, "");
        ASSERT_EQ(content.samples.size(), samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i) {
            // ITU-T G.711: 16 steps an octave, and the smallest step; clipped at the top.
            EXPECT_NEAR(content.samples[i], samples[i], std::abs(samples[i]) / 16.0 + 16.0) << samples[i];
        }
        // What was companded once comes through unchanged, as 1 byte a sample.
        ASSERT_EQ(write_file(path("b.wav"), content.samples, encoding), "");
        EXPECT_EQ(read_file(path("b.wav")).samples, content.samples);
        EXPECT_LT(fs::file_size(path("b.wav")), samples.size() + 100);
    }
}

TEST_F(WavFileTest, WritesFloatsAtTheScaleOfIntegers) {
    const std::vector<float> values{0.0F, 0.5F, -1.0F, 1.0F, 4.0F, -4.0F, 1.5F / 32768};
    ASSERT_EQ(write_file(path("a.wav"), values), "");
    EXPECT_EQ(read_file(path("a.wav")).samples, (Samples{0, 16384, -32768, 32767, 32767, -32768, 2}));
    // A float file keeps them as they are.
    ASSERT_EQ(write_file(path("f.wav"), values, WavEncoding::float32), "");
    const Bytes stored = load(path("f.wav"));
    const Bytes expected = as_raw(values);
    ASSERT_GT(stored.size(), expected.size());
    EXPECT_TRUE(std::equal(expected.rbegin(), expected.rend(), stored.rbegin()));
    // Many channels, none of which divides the blocks that the conversion goes by.
    const std::vector<float> wide(63 * 500, 0.25F);
    ASSERT_EQ(write_file(path("w.wav"), wide, WavEncoding::pcm16, 63), "");
    EXPECT_EQ(read_file(path("w.wav")).samples, Samples(wide.size(), 8192));
    ASSERT_EQ(write_file(path("w.wav"), Samples(wide.size(), 8192), WavEncoding::float32, 63), "");
    EXPECT_EQ(read_file(path("w.wav")).samples, Samples(wide.size(), 8192));

    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        EXPECT_THAT(write_file(path("bad.wav"), std::vector<float>{0.0F, bad}),
                    HasSubstr("not a finite number"));
    }
    EXPECT_FALSE(fs::exists(path("bad.wav")));
}

TEST_F(WavFileTest, PutsTheRightHeaderIntoAPipeWhenTheLengthIsKnown) {
    for (const auto encoding : all_encodings) {
        for (const std::size_t frames : {0U, 1U, 4001U, 90000U}) {
            for (const int channels : {1, 3}) {
                const Samples samples = ramp(frames * static_cast<std::size_t>(channels));
                ASSERT_EQ(write_file(path("a.wav"), samples, encoding, channels), "");
                const Bytes piped =
                    write_piped(samples, encoding, channels, static_cast<SampleCount>(frames));
                EXPECT_TRUE(piped == load(path("a.wav"))) << frames << " " << channels;
            }
        }
    }
}

TEST_F(WavFileTest, PipesWithoutALengthReadToTheirEnd) {
    for (const auto encoding : all_encodings) {
        for (const int channels : {1, 3}) {
            const Samples samples = ramp(4001 * static_cast<std::size_t>(channels));
            ASSERT_EQ(write_file(path("a.wav"), samples, encoding, channels), "");
            const Bytes piped = write_piped(samples, encoding, channels, std::nullopt);
            const auto content = read_piped(piped);
            EXPECT_EQ(content.error, "");
            EXPECT_EQ(content.frames, 0);
            EXPECT_TRUE(content.samples == read_file(path("a.wav")).samples);
            EXPECT_TRUE(read_file(store("b.wav", piped)).samples == content.samples);
        }
    }
}

TEST_F(WavFileTest, ARedirectedOutputGetsTheRightHeader) {
    const Samples samples = ramp(4001);
    Bytes old;
    put(old, "before");
    ASSERT_EQ(write_file(path("b.wav"), samples, WavEncoding::ulaw), "");
    for (const int flags : {0, O_APPEND}) {
        const auto file = store("a", old);
        {
            const int out = ::open(file.c_str(), O_WRONLY | flags);
            ::lseek(out, 0, SEEK_END);
            const Redirect output(STDOUT_FILENO, out);
            ASSERT_EQ(write_file("-", samples, WavEncoding::ulaw), "");
        }
        Bytes stored = load(file); // nothing in front is touched
        ASSERT_TRUE(std::equal(old.begin(), old.end(), stored.begin()));
        stored.erase(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(old.size()));
        if (flags == 0) {
            EXPECT_EQ(stored, load(path("b.wav")));
        } else { // an appended file has no way back to the header
            EXPECT_EQ(read_piped(stored).samples, read_file(path("b.wav")).samples);
        }
        const int in = ::open(file.c_str(), O_RDONLY);
        ::lseek(in, static_cast<off_t>(old.size()), SEEK_SET);
        const Redirect input(STDIN_FILENO, in);
        EXPECT_EQ(read_file("-").samples, read_file(path("b.wav")).samples);
    }
}

TEST_F(WavFileTest, AFileAppearsWholeOrNotAtAll) {
    const Bytes old{'o', 'l', 'd'};
    const auto file = store("a.wav", old);
    {
        auto writer = WavWriter::create(file, 8000, 1, WavEncoding::pcm16);
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->write(std::span<const std::int16_t>(ramp(100000))));
        EXPECT_EQ(load(file), old);
        EXPECT_THAT(names(), testing::SizeIs(2));
        WavWriter moved = std::move(*writer);
        EXPECT_THAT(names(), testing::SizeIs(2));
    }
    EXPECT_THAT(names(), ElementsAre("a.wav"));
    EXPECT_EQ(load(file), old);
    {
        auto first = WavWriter::create(file, 8000, 1, WavEncoding::pcm16);
        auto second = WavWriter::create(file, 8000, 1, WavEncoding::pcm16);
        ASSERT_TRUE(first && second);
        ASSERT_TRUE(first->write(std::span<const std::int16_t>(ramp(10))));
        ASSERT_TRUE(first->close());
        EXPECT_EQ(read_file(file).samples, ramp(10));
        EXPECT_EQ(first->close().value(), 10);
        EXPECT_FALSE(first->write(std::span<const std::int16_t>(ramp(10))));
    }
    EXPECT_THAT(names(), ElementsAre("a.wav"));
    EXPECT_EQ(read_file(file).samples, ramp(10));
}

TEST_F(WavFileTest, FollowsSymbolicLinks) {
    fs::create_directory(path("real"));
    fs::create_symlink("real/new.wav", path("dangling.wav"));
    fs::create_symlink("dangling.wav", path("twice.wav"));
    ASSERT_EQ(write_file(path("twice.wav"), ramp(10)), "");
    EXPECT_TRUE(fs::is_symlink(path("twice.wav")));
    EXPECT_TRUE(fs::is_symlink(path("dangling.wav")));
    EXPECT_FALSE(fs::is_symlink(path("real/new.wav")));
    EXPECT_EQ(read_file(path("real/new.wav")).samples, ramp(10));
    ASSERT_EQ(write_file(path("twice.wav"), ramp(20)), "");
    EXPECT_EQ(read_file(path("real/new.wav")).samples, ramp(20));
    EXPECT_TRUE(fs::is_symlink(path("twice.wav")));

    fs::create_symlink("round.wav", path("round.wav"));
    EXPECT_THAT(create_error(path("round.wav")), names_and_says(path("round.wav"), "symbolic link"));
    fs::create_symlink("nowhere/a.wav", path("lost.wav"));
    EXPECT_THAT(create_error(path("lost.wav")), HasSubstr("no such folder"));
}

TEST_F(WavFileTest, NewFilesFollowTheMask) {
    for (const mode_t mask : {mode_t{0022}, mode_t{0077}, mode_t{0002}}) {
        const mode_t old = ::umask(mask);
        const auto error = write_file(path("a.wav"), ramp(10));
        ::umask(old);
        ASSERT_EQ(error, "");
        EXPECT_EQ(static_cast<mode_t>(fs::status(path("a.wav")).permissions()), 0666U & ~mask);
        fs::remove(path("a.wav"));
    }
}

TEST_F(WavFileTest, SaysWhyAFileCannotBeCreated) {
    EXPECT_THAT(create_error(folder_.string()), names_and_says(folder_.string(), "is a directory"));
    EXPECT_THAT(create_error(path("a.wav/")), HasSubstr("is a directory"));
    EXPECT_THAT(create_error(path("none/a.wav")), names_and_says(path("none/a.wav"), "no such folder"));
    EXPECT_THAT(create_error(""), HasSubstr("no name"));
    EXPECT_THAT(create_error(path(std::string(300, 'x'))), HasSubstr("cannot be written"));
    EXPECT_EQ(create_error(path(std::string(255, 'x'))), "");
    EXPECT_THAT(create_error(path("a.wav"), 0), HasSubstr("rate of 0 Hz"));
    EXPECT_THAT(create_error(path("a.wav"), 8000, 0), HasSubstr("0 channels"));
    EXPECT_THAT(create_error(path("a.wav"), 8000, 65), HasSubstr("65 channels"));
    EXPECT_THAT(create_error(path("a.wav"), 8000, 1, -1), HasSubstr("-1 frames"));
    EXPECT_EQ(create_error(path("a.wav"), 8000, 1, SampleCount{0x7FFFF000}), "");
    EXPECT_THAT(create_error(path("a.wav"), 8000, 1, SampleCount{0x80000000}), HasSubstr("4 GiB"));
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(WavFileTest, SaysWhenWritingIsForbidden) {
    const auto file = store("mine.wav", {'x'});
    fs::permissions(file, fs::perms::owner_read);
    fs::create_directory(path("locked"));
    fs::permissions(path("locked"), fs::perms::owner_read | fs::perms::owner_exec);
    fs::permissions(folder_, fs::perms::all);
    const Unprivileged user;
    if (!user.is_effective()) {
        GTEST_SKIP() << "runs as root and cannot become another user";
    }
    EXPECT_THAT(create_error(path("locked/a.wav")), names_and_says(path("locked/a.wav"), "no permission"));
    EXPECT_THAT(create_error(file), names_and_says(file, "no permission"));
    EXPECT_EQ(write_file(path("new.wav"), ramp(10)), "");
}

TEST_F(WavFileTest, DevicesStayDevices) {
    EXPECT_EQ(write_file("/dev/null", ramp(100000)), "");
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    // By a link in a folder that we may write to.
    fs::create_symlink("/dev/full", path("full"));
    for (const std::size_t count : {10U, 100000U}) {
        EXPECT_THAT(write_file(path("full"), ramp(count)), names_and_says(path("full"), "disk is full"));
    }
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
    EXPECT_THAT(names(), ElementsAre("full"));
    {
        const Redirect output(STDOUT_FILENO, ::open("/dev/full", O_WRONLY));
        EXPECT_THAT(write_file("-", ramp(10)), names_and_says("standard output", "disk is full"));
    }
}

TEST_F(WavFileTest, AFullDiskLeavesNothing) {
    const Bytes old{'o', 'l', 'd'};
    const auto file = store("a.wav", old);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    // The limit hits once in a write() and once in close().
    for (const std::size_t count : {300000U, 15000U}) {
        rlimit limit = before;
        limit.rlim_cur = 20000;
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
        auto writer = WavWriter::create(file, 8000, 1, WavEncoding::pcm16);
        ASSERT_TRUE(writer);
        const auto written = writer->write(std::span<const std::int16_t>(ramp(count)));
        const auto closed = writer->close();
        const auto left = names();
        ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
        EXPECT_EQ(written.has_value(), count == 15000);
        ASSERT_FALSE(closed);
        EXPECT_THAT(closed.error().message, names_and_says(file, "larger than"));
        EXPECT_THAT(left, ElementsAre("a.wav")) << "the space is to be free at once";
    }
    std::signal(SIGXFSZ, old_handler);
    EXPECT_EQ(load(file), old);
}

TEST_F(WavFileTest, SaysWhenThePipeIsClosed) {
    const auto old = std::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ::close(ends[0]);
    {
        const Redirect output(STDOUT_FILENO, ends[1]);
        for (const std::size_t count : {10U, 100000U}) {
            EXPECT_THAT(write_file("-", ramp(count)), names_and_says("standard output", "pipe was closed"));
        }
    }
    // The library left it as it was.
    EXPECT_EQ(std::signal(SIGPIPE, old), SIG_IGN);
}

TEST_F(WavFileTest, KeepsToTheLengthAnnounced) {
    const auto written = [&](std::size_t count) {
        return write_file(path("a.wav"), ramp(count), WavEncoding::pcm16, 1, 1000);
    };
    EXPECT_THAT(written(999), names_and_says(path("a.wav"), "999 of 1000 frames"));
    EXPECT_THAT(written(1001), HasSubstr("more than the 1000 frames"));
    EXPECT_THAT(names(), IsEmpty());
    EXPECT_EQ(written(1000), "");
    auto writer = WavWriter::create(path("b.wav"), 8000, 2, WavEncoding::pcm16);
    ASSERT_TRUE(writer);
    EXPECT_THAT(writer->write(std::span<const std::int16_t>(ramp(3))).error().message,
                HasSubstr("part of a frame"));
}

TEST_F(WavFileTest, WritesThroughANamedPipe) {
    const auto pipe = path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0666), 0);
    const int in = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    ASSERT_GE(in, 0);
    EXPECT_EQ(write_file(pipe, ramp(100), WavEncoding::pcm16, 1, 100), "");
    Bytes received(4096);
    received.resize(
        static_cast<std::size_t>(std::max<ssize_t>(0, ::read(in, received.data(), received.size()))));
    ::close(in);
    EXPECT_EQ(received, wav({}, as_bytes(ramp(100))));
    EXPECT_TRUE(fs::is_fifo(pipe));
}

} // namespace
} // namespace keytone::io
