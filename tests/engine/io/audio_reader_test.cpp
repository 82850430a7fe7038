// SPDX-License-Identifier: MIT
#include "engine/io/audio_reader.hpp"
#include "tests/engine/io/wav_fixture.hpp"

// libsndfile 1.2.0 leaks its Vorbis decoder when it refuses a damaged Ogg file; LeakSanitizer would report
// that as our leak.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:vorbis_info_init\n";
}
namespace keytone::io {
namespace {

using namespace test;

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
    // Halves are rounded to the even neighbour: 0x123480 is one.
    EXPECT_EQ(content.samples, expected);
    EXPECT_EQ(read_file(store("32.wav", wav({.bits = 32}, data32))).samples, expected);
}

TEST_F(WavFileTest, ReadsHeaderlessCompandingByName) {
    // ITU-T G.711: the ends of the scale and the zeros.
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
    // A header takes precedence over a name.
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
    // What follows the samples is neither waited for nor read.
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
    put(note, 0, 1); // padding to an even length
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
    // These are read from the end as well, and therefore read into memory as a whole.
    const auto vorbis = encode(path("a.ogg"), SF_FORMAT_OGG | SF_FORMAT_VORBIS, samples);
    const auto ogg = read_piped(load(vorbis));
    EXPECT_EQ(ogg.error, "");
    EXPECT_TRUE(ogg.samples == read_file(vorbis).samples);
    const auto caf = read_piped(load(encode(path("a.caf"), SF_FORMAT_CAF | SF_FORMAT_PCM_16, samples)));
    EXPECT_THAT(caf.error, names_and_says("standard input", "save it to a file"));
}

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
    // bind() takes any address family by a pointer of this type.
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

    // FLAC cannot be cut between frames: a part of the sound is there.
    const Bytes flac = load(encode(path("a.flac"), SF_FORMAT_FLAC | SF_FORMAT_PCM_16, ramp(80000)));
    for (const auto& cut : {read_file(store("cut.flac", head_of(flac, flac.size() / 2))),
                            read_piped(head_of(flac, flac.size() / 2))}) {
        EXPECT_GT(cut.samples.size(), 10000U);
        EXPECT_LT(cut.samples.size(), 80000U);
        EXPECT_THAT(cut.error, HasSubstr("it was cut off"));
    }
}

// Their headers show the length less plainly than WAV's: as the size of the whole file, or by a last page.
TEST_F(WavFileTest, NoticesACutInOtherContainers) {
    for (const int format : {SF_FORMAT_AIFF | SF_FORMAT_PCM_16, SF_FORMAT_W64 | SF_FORMAT_PCM_16,
                             SF_FORMAT_OGG | SF_FORMAT_VORBIS}) {
        const std::string path_of_whole = encode(path("whole"), format, ramp(40000));
        EXPECT_EQ(read_file(path_of_whole).error, "") << std::hex << format;
        const Bytes whole = load(path_of_whole);
        const auto content = read_file(store("cut", head_of(whole, whole.size() * 2 / 3)));
        EXPECT_THAT(content.error, HasSubstr("cut off")) << std::hex << format;
    }
}

TEST_F(WavFileTest, RefusesBlockCodecsOfUnknownLengthFromAPipe) {
    const std::string whole = encode(path("a.wav"), SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, ramp(8000));
    Bytes bytes = load(whole);
    const std::string data = "data";
    const auto size = std::search(bytes.begin(), bytes.end(), data.begin(), data.end()) + 4;
    std::fill(size, size + 4, std::uint8_t{0xFF});
    EXPECT_THAT(read_piped(bytes).error, HasSubstr("save it to a file"));
    EXPECT_EQ(read_file(store("b.wav", bytes)).samples.size(), read_file(whole).samples.size());
}

TEST_F(WavFileTest, RefusesAFileThatEndsInsideItsHeader) {
    const Bytes whole = wav({}, as_bytes(ramp(10)));
    for (std::size_t count = 12; count < 44; ++count) {
        EXPECT_THAT(open_error(store("a.wav", head_of(whole, count))), HasSubstr("inside its header"))
            << count;
        EXPECT_THAT(read_piped(head_of(whole, count)).error, HasSubstr("inside its header")) << count;
    }
    EXPECT_THAT(open_error(store("a.au", head_of(au(20, ramp(10)), 20))), HasSubstr("inside its header"));
    // Nothing but a header is a recording of length 0.
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

    // Reading an Ogg file needs seeking, which a redirected file allows.
    EXPECT_EQ(from(encode(path("a.ogg"), SF_FORMAT_OGG | SF_FORMAT_VORBIS, samples)).error, "");
}

// Damaged files: any result is right except a crash, endless reading or an error of more than one line. Most
// useful under the address and undefined-behaviour sanitizers.
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
            // Damage matters most in headers.
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
            } else if (bytes.size() < 4096) { // fits into the smallest pipe buffer
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

} // namespace
} // namespace keytone::io
