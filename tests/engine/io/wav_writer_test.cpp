// SPDX-License-Identifier: MIT
#include "engine/io/wav_writer.hpp"
#include "tests/engine/io/wav_fixture.hpp"

namespace keytone::io {
namespace {

using namespace test;

std::string create_error(const std::string& path, int rate_hz = 8000, int channels = 1,
                         std::optional<SampleCount> frames = std::nullopt) {
    const auto writer = WavWriter::create(path, rate_hz, channels, WavEncoding::pcm16, frames);
    return writer ? "" : writer.error().message;
}

/// Writes in blocks of `block` frames, closes, and returns the error, if there was one.
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

/// The bytes written to standard output, as a pipe gets them.
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
        // What was companded once passes unchanged, at 1 byte a sample.
        ASSERT_EQ(write_file(path("b.wav"), content.samples, encoding), "");
        EXPECT_EQ(read_file(path("b.wav")).samples, content.samples);
        EXPECT_LT(fs::file_size(path("b.wav")), samples.size() + 100);
    }
}

TEST_F(WavFileTest, WritesFloatsAtTheScaleOfIntegers) {
    const std::vector<float> values{0.0F, 0.5F, -1.0F, 1.0F, 4.0F, -4.0F, 1.5F / 32768};
    ASSERT_EQ(write_file(path("a.wav"), values), "");
    EXPECT_EQ(read_file(path("a.wav")).samples, (Samples{0, 16384, -32768, 32767, 32767, -32768, 2}));
    // A float file keeps the values unchanged.
    ASSERT_EQ(write_file(path("f.wav"), values, WavEncoding::float32), "");
    const Bytes stored = load(path("f.wav"));
    const Bytes expected = as_raw(values);
    ASSERT_GT(stored.size(), expected.size());
    EXPECT_TRUE(std::equal(expected.rbegin(), expected.rend(), stored.rbegin()));
    // Many channels, which do not divide the block size of the conversion.
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
        Bytes stored = load(file); // nothing before it is changed
        ASSERT_TRUE(std::equal(old.begin(), old.end(), stored.begin()));
        stored.erase(stored.begin(), stored.begin() + static_cast<std::ptrdiff_t>(old.size()));
        if (flags == 0) {
            EXPECT_EQ(stored, load(path("b.wav")));
        } else { // in an appended file, the header cannot be rewritten
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
    // By a link in a folder that the test may write to.
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
    // The limit is reached once in write() and once in close().
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
    // The library did not change it.
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
