// SPDX-License-Identifier: MIT
#include "dsp/dtmf_generator.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/keytone_program.hpp"
#include "tests/support/picture_file.hpp"
#include "tests/support/signal.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wav_bytes.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace keytone {
namespace {

using nlohmann::json;
using test::FailedWith;
using test::keytone_program;
using test::PictureFile;
using test::Succeeded;
using test::TemporaryFolder;
using test::wav_bytes;

constexpr std::string_view every_key = "0123456789*#ABCD";

/// A tenth of a second of silence, the digits, and silence again, at 8 kHz.
std::vector<std::int16_t> sound(std::string_view digits) {
    std::vector<std::int16_t> samples(800, 0);
    if (!digits.empty()) {
        auto generator = *DtmfGenerator::create(*DigitString::parse(digits), {}, SampleRate::narrowband());
        samples.resize(800 + static_cast<std::size_t>(generator.length()));
        generator.generate(std::span<std::int16_t>(samples).subspan(800));
    }
    samples.resize(samples.size() + 800, 0);
    return samples;
}

std::string recording(std::string_view digits) {
    return wav_bytes(8000, 1, sound(digits));
}

/// One recording of several channels, each with its own digits.
std::string recording_of_channels(const std::vector<std::string>& channels) {
    std::vector<std::vector<std::int16_t>> sounds;
    std::size_t frames = 0;
    for (const std::string& digits : channels) {
        sounds.push_back(sound(digits));
        frames = std::max(frames, sounds.back().size());
    }
    std::vector<std::int16_t> interleaved;
    for (std::size_t i = 0; i < frames; ++i) {
        for (const auto& samples : sounds) {
            interleaved.push_back(i < samples.size() ? samples[i] : std::int16_t{0});
        }
    }
    return wav_bytes(8000, static_cast<int>(channels.size()), interleaved);
}

std::vector<json> parsed_lines(const std::string& output) {
    std::vector<json> lines;
    std::istringstream stream(output);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(json::parse(line));
    }
    return lines;
}

TEST(Detect, ReadsBackEveryKeyAtEveryRateAndEncoding) {
    const TemporaryFolder folder;
    for (const int rate : SampleRate::offered_hz) {
        for (const std::string encoding : {"pcm16", "ulaw", "alaw", "float"}) {
            const std::string path = folder.file(encoding + std::to_string(rate) + ".wav");
            ASSERT_THAT(keytone_program({"render", std::string(every_key), "-o", path, "--rate",
                                         std::to_string(rate), "--encoding", encoding}),
                        Succeeded());
            const auto result = keytone_program({"detect", path});
            EXPECT_THAT(result, Succeeded());
            EXPECT_EQ(result.output, path + "\t" + std::string(every_key) + "\n");
        }
    }
}

TEST(Detect, ReadsStandardInput) {
    for (const std::string encoding : {"pcm16", "ulaw", "alaw", "float"}) {
        const auto rendered = keytone_program({"render", "12w3*", "-o", "-", "--encoding", encoding});
        ASSERT_THAT(rendered, Succeeded());
        const auto result = keytone_program({"detect", "-"}, {.input = rendered.output});
        EXPECT_THAT(result, Succeeded());
        EXPECT_EQ(result.output, "-\t123*\n") << encoding;
    }
}

TEST(Detect, PrintsALineForAFileWithoutDigits) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording(""));
    const auto result = keytone_program({"detect", path});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(result.output, path + "\t\n");
}

TEST(Detect, ListensToEachChannelByItself) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording_of_channels({"123", "789#", ""}));
    const auto all = keytone_program({"detect", path});
    EXPECT_THAT(all, Succeeded());
    EXPECT_EQ(all.output, path + "\t123\n" + path + "\t789#\n" + path + "\t\n");
    EXPECT_EQ(keytone_program({"detect", path, "--channel", "all"}).output, all.output);
    EXPECT_EQ(keytone_program({"detect", path, "--channel", "1"}).output, path + "\t123\n");
    EXPECT_EQ(keytone_program({"detect", path, "--channel", "2"}).output, path + "\t789#\n");
    const auto fourth = keytone_program({"detect", path, "--channel", "4"});
    EXPECT_THAT(fourth, FailedWith(1, path + ": has no channel 4: use --channel 1 to 3, or all"));
    EXPECT_EQ(fourth.output, "");
}

TEST(DetectJson, TellsEachDigitAndEachChannel) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording("5D"));
    const auto result = keytone_program({"detect", "--json", path});
    EXPECT_THAT(result, Succeeded());
    const auto lines = parsed_lines(result.output);
    ASSERT_EQ(lines.size(), 3U);
    for (const std::size_t i : {0U, 1U}) {
        const json& digit = lines[i];
        EXPECT_EQ(digit.size(), 10U);
        EXPECT_EQ(digit["file"], path);
        EXPECT_EQ(digit["channel"], 1);
        EXPECT_EQ(digit["digit"], i == 0 ? "5" : "D");
        EXPECT_NEAR(digit["start_s"], i == 0 ? 0.1 : 0.3, 0.005);
        EXPECT_NEAR(digit["duration_s"], 0.1, 0.01);
        EXPECT_NEAR(digit["low_dbm0"], -10, 1);
        EXPECT_NEAR(digit["high_dbm0"], -8, 1);
        EXPECT_NEAR(digit["low_hz"], i == 0 ? 770 : 941, 3);
        EXPECT_NEAR(digit["high_hz"], i == 0 ? 1336 : 1633, 3);
        EXPECT_GT(digit["snr_db"], 15);
    }
    EXPECT_EQ(lines[2], (json{{"file", path}, {"channel", 1}, {"digits", "5D"}, {"seconds", 0.5}}));
}

TEST(DetectJson, OrdersDigitsByTheirEndAndChannelsBehindThem) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording_of_channels({"w1", "2"}));
    const auto result = keytone_program({"detect", "--json", path});
    EXPECT_THAT(result, Succeeded());
    const auto lines = parsed_lines(result.output);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0]["digit"], "2");
    EXPECT_EQ(lines[0]["channel"], 2);
    EXPECT_EQ(lines[1]["digit"], "1");
    EXPECT_EQ(lines[1]["channel"], 1);
    EXPECT_EQ(lines[2]["digits"], "1");
    EXPECT_EQ(lines[2]["channel"], 1);
    EXPECT_EQ(lines[3]["digits"], "2");
    EXPECT_EQ(lines[3]["channel"], 2);
}

TEST(DetectJson, TakesNamesThatAreNoUtf8) {
    const TemporaryFolder folder;
    const std::string path = folder.write("caf\xE9.wav", recording("1"));
    const auto result = keytone_program({"detect", "--json", path});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(parsed_lines(result.output).back()["file"], folder.file("caf\xEF\xBF\xBD.wav"));
}

TEST(DetectManyFiles, PrintsInTheOrderOfTheArguments) {
    const TemporaryFolder folder;
    std::vector<std::string> arguments{"detect"};
    std::string expected;
    for (std::size_t i = 0; i < 40; ++i) {
        // Long files first, so that later ones are done before them.
        const std::string digits((40 - i) / 3 + 1, every_key[i % every_key.size()]);
        const std::string path = folder.write(std::to_string(i) + ".wav", recording(digits));
        arguments.push_back(path);
        expected += path + "\t" + digits + "\n";
    }
    for (const std::string jobs : {"1", "2", "7", "256"}) {
        auto with_jobs = arguments;
        with_jobs.insert(with_jobs.end(), {"--jobs", jobs});
        const auto result = keytone_program(with_jobs);
        EXPECT_THAT(result, Succeeded());
        EXPECT_EQ(result.output, expected) << jobs << " jobs";
    }
    EXPECT_EQ(keytone_program(arguments).output, expected);
}

TEST(DetectManyFiles, GoesOnBehindOnesThatFail) {
    const TemporaryFolder folder;
    const std::string first = folder.write("1.wav", recording("1"));
    const std::string bad = folder.write("bad.wav", "no audio at all");
    const std::string last = folder.write("2.wav", recording("2"));
    const auto result = keytone_program({"detect", first, folder.path(), bad, last});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.output, first + "\t1\n" + last + "\t2\n");
    std::istringstream errors(result.errors);
    std::string line;
    ASSERT_TRUE(std::getline(errors, line));
    EXPECT_THAT(line, testing::StartsWith("keytone: "));
    EXPECT_THAT(line, testing::HasSubstr(folder.path().string()));
    ASSERT_TRUE(std::getline(errors, line));
    EXPECT_THAT(line, testing::HasSubstr(bad));
    EXPECT_FALSE(std::getline(errors, line));
}

/// A file that cannot be processed.
struct BadFile {
    const char* what;
    std::string bytes;
};

std::ostream& operator<<(std::ostream& stream, const BadFile& bad) {
    return stream << bad.what;
}

class DetectBadFile : public testing::TestWithParam<BadFile> {};

TEST_P(DetectBadFile, IsReportedInOneLine) {
    const TemporaryFolder folder;
    const std::string path = folder.write("bad.wav", GetParam().bytes);
    const auto result = keytone_program({"detect", path});
    EXPECT_THAT(result, FailedWith(1, path));
    EXPECT_EQ(result.output, "");
    EXPECT_EQ(folder.entries(), 1);
    EXPECT_EQ(keytone_program({"detect", "-"}, {.input = GetParam().bytes}).exit_code, 1);
}

std::string without_channels() {
    std::string bytes = recording("1");
    bytes[22] = 0;
    return bytes;
}

INSTANTIATE_TEST_SUITE_P(Detect, DetectBadFile,
                         testing::Values(BadFile{"empty", ""},
                                         BadFile{"text", "These are words, no samples.\n"},
                                         BadFile{"zeroes", std::string(1000, '\0')},
                                         BadFile{"header alone", recording("1").substr(0, 20)},
                                         BadFile{"no channels", without_channels()},
                                         BadFile{"low rate", wav_bytes(3999, 1, sound("1"))},
                                         BadFile{"high rate", wav_bytes(3072001, 1, sound("1"))}));

TEST(DetectBadInput, NamesTheRatesOffered) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", wav_bytes(2000, 1, sound("1")));
    EXPECT_THAT(keytone_program({"detect", path}),
                FailedWith(1, path + ": its rate is 2000 Hz, and keys are heard from 4000 Hz to 3072000 Hz: "
                                     "record it at one of 8000, 11025, 12000, 16000,"));
    EXPECT_THAT(keytone_program({"detect", "--help"}).output,
                testing::HasSubstr("8000, 11025, 12000, 16000, 22050"));
}

// Rates other than keytone's own, two channels, and keys right at the end: nothing is lost, and times are
// those of the file.
TEST(Detect, BringsOtherRatesToItsOwn) {
    const TemporaryFolder folder;
    for (const int rate : {4000, 8001, 22000, 37800, 64000, 352800}) {
        test::Signal left(static_cast<std::size_t>(rate) / 4, 0.0);
        for (const char key : std::string_view("17D0")) {
            test::append(left, test::sound({.key = key, .tone_ms = 60.0}, rate));
            test::append_silence(left, test::sample_count(60.0, rate));
        }
        const test::Signal right = test::sound({.key = '9', .tone_ms = 100.0}, rate);
        std::vector<std::int16_t> interleaved(2 * left.size());
        const auto of_left = test::to_pcm16(left);
        const auto of_right = test::to_pcm16(right);
        for (std::size_t i = 0; i < left.size(); ++i) {
            interleaved[2 * i] = of_left[i];
            interleaved[2 * i + 1] = i < of_right.size() ? of_right[i] : std::int16_t{0};
        }
        const std::string path = folder.write("x.wav", wav_bytes(rate, 2, interleaved));
        const auto result = keytone_program({"detect", "--json", path});
        EXPECT_THAT(result, Succeeded());
        std::istringstream lines(result.output);
        std::vector<std::string> digits(3);
        for (std::string line; std::getline(lines, line);) {
            const json each = json::parse(line);
            if (!each.contains("digit")) {
                EXPECT_NEAR(each["seconds"].get<double>(), static_cast<double>(left.size()) / rate, 1e-6);
                continue;
            }
            auto& of_channel = digits.at(each["channel"].get<std::size_t>());
            if (each["channel"] == 1) {
                const double onset = 0.25 + 0.12 * static_cast<double>(of_channel.size());
                EXPECT_NEAR(each["start_s"].get<double>(), onset, 0.002) << rate;
                EXPECT_NEAR(each["duration_s"].get<double>(), 0.06, 0.004) << rate;
            }
            of_channel += each["digit"].get<std::string>();
        }
        EXPECT_EQ(digits[1], "17D0") << rate;
        EXPECT_EQ(digits[2], "9") << rate;
    }
}

TEST(DetectBadInput, ThatIsMissingIsReported) {
    const TemporaryFolder folder;
    const auto result = keytone_program({"detect", folder.file("missing.wav")});
    EXPECT_THAT(result, FailedWith(1, folder.file("missing.wav")));
    EXPECT_EQ(result.output, "");
}

TEST(DetectBadInput, WithALineEndInItsNameIsReportedInOneLine) {
    const TemporaryFolder folder;
    EXPECT_THAT(keytone_program({"detect", folder.file("mis\nsing.wav")}), FailedWith(1, "mis?sing.wav"));
}

TEST(DetectBadInput, ThatIsAFolderIsReported) {
    const TemporaryFolder folder;
    EXPECT_THAT(keytone_program({"detect", folder.path()}), FailedWith(1, folder.path().string()));
}

TEST(DetectBadInput, ThatIsTruncatedIsReportedBehindWhatItHolds) {
    const TemporaryFolder folder;
    const std::string whole = recording("12345");
    const std::string path = folder.write("x.wav", whole.substr(0, whole.size() / 2));
    const auto text = keytone_program({"detect", path});
    EXPECT_THAT(text, FailedWith(1, path));
    EXPECT_THAT(text.output, testing::StartsWith(path + "\t12"));
    const auto lines = parsed_lines(keytone_program({"detect", "--json", path}).output);
    ASSERT_GE(lines.size(), 3U);
    EXPECT_EQ(lines[0]["digit"], "1");
    EXPECT_EQ(lines[1]["digit"], "2");
    EXPECT_NEAR(lines.back()["seconds"], 0.55, 0.01);
}

TEST(DetectBadInput, WithSamplesThatAreNoNumbersIsReported) {
    const TemporaryFolder folder;
    for (const float wrong :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        std::vector<float> samples;
        for (const std::int16_t sample : sound("123")) {
            samples.push_back(static_cast<float>(sample) / 32768.0F);
        }
        samples[samples.size() - 100] = wrong;
        const std::string path = folder.write("x.wav", wav_bytes(8000, 1, samples));
        EXPECT_THAT(keytone_program({"detect", path}), FailedWith(1, path)) << wrong;
    }
}

TEST(DetectOutput, ThatNobodyReadsEndsItWithoutAWord) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording("1"));
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    close(ends[0]);
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {"detect", path, path, path}, {"detect", "--json", path}, {"detect", path, folder.path()}}) {
        const auto result = keytone_program(arguments, {.output = ends[1]});
        EXPECT_EQ(result.exit_code, -SIGPIPE);
        EXPECT_EQ(result.errors, "");
    }
    close(ends[1]);
}

/// Writes `name` by `keytone render`.
std::string rendered(const TemporaryFolder& folder, const std::string& name,
                     const std::vector<std::string>& options = {}) {
    std::vector<std::string> arguments{"render", "159#", "-o", folder.file(name), "--lead-ms", "100"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    EXPECT_THAT(keytone_program(arguments), Succeeded()) << name;
    return folder.file(name);
}

TEST(DetectFormats, ReadsEveryFormatThatIsRenderedFromFilesAndPipes) {
    const TemporaryFolder folder;
    for (const char* const name : {"x.wav", "x.flac", "x.ogg", "x.opus", "x.mp3", "x.au"}) {
        const auto path = rendered(folder, name);
        EXPECT_EQ(keytone_program({"detect", path}).output, path + "\t159#\n");
        const auto piped = keytone_program({"detect", "-"}, {.input = folder.read(name)});
        EXPECT_THAT(piped, Succeeded()) << name;
        EXPECT_EQ(piped.output, "-\t159#\n") << name;
    }
    for (const auto& [name, raw] : {std::pair{"x.ul", "ulaw@8000"}, std::pair{"x.al", "alaw@8000"},
                                    std::pair{"x.sln", "s16le@8000"}, std::pair{"x.sln16", "s16le@16000"}}) {
        const bool wide = std::string_view(raw).ends_with("16000");
        const auto path = rendered(
            folder, name, wide ? std::vector<std::string>{"--rate", "16000"} : std::vector<std::string>{});
        EXPECT_EQ(keytone_program({"detect", path}).output, path + "\t159#\n");
        const auto piped = keytone_program({"detect", "--raw", raw, "-"}, {.input = folder.read(name)});
        EXPECT_THAT(piped, Succeeded()) << name;
        EXPECT_EQ(piped.output, "-\t159#\n") << name;
    }
}

TEST(DetectFormats, ReadsRawFilesWhateverTheirName) {
    const TemporaryFolder folder;
    rendered(folder, "x.ul");
    const auto path = folder.write("capture.wav", folder.read("x.ul"));
    EXPECT_EQ(keytone_program({"detect", "--raw", "ulaw@8000", path}).output, path + "\t159#\n");
    EXPECT_THAT(keytone_program({"detect", path}), FailedWith(1, "ffmpeg -i " + path));
    EXPECT_THAT(keytone_program({"detect", "--raw", "opus@8000", path}), FailedWith(2, "such as ulaw@8000"));
}

TEST(DetectFormats, ReadsGsmByItsName) {
    const TemporaryFolder folder;
    const auto wav = rendered(folder, "x.wav", {"--tone-ms", "120"});
    const auto path = folder.file("x.gsm");
    const auto coded = test::run_child("/usr/bin/env", {"sox", wav, path});
    if (coded.exit_code != 0) {
        GTEST_SKIP() << "sox is not installed";
    }
    EXPECT_EQ(keytone_program({"detect", path}).output, path + "\t159#\n");
    EXPECT_EQ(keytone_program({"detect", "--raw", "gsm@8000", "-"}, {.input = folder.read("x.gsm")}).output,
              "-\t159#\n");
}

TEST(DetectRecursive, WalksFolders) {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() / "deep");
    const auto b = rendered(folder, "b.wav");
    const auto a = rendered(folder, "deep/a.flac");
    static_cast<void>(folder.write("notes.txt", "no audio"));
    const auto result = keytone_program({"detect", "--recursive", folder.path()});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(result.output, b + "\t159#\n" + a + "\t159#\n");
    EXPECT_THAT(keytone_program({"detect", folder.path()}), FailedWith(1, "--recursive"));
}

TEST(DetectInterrupted, TellsWhatItHeardAndItsSummary) {
    const TemporaryFolder folder;
    rendered(folder, "x.sln", {"--tail-ms", "1000"});
    ASSERT_EQ(mkfifo(folder.file("pipe").c_str(), 0600), 0);
    int writer = -1;
    // A pipe that stays open: its writer waits, and writes no more.
    const auto result = test::run_child(
        "/bin/sh", {"-c", R"(exec "$0" detect --json --raw s16le@8000 - <pipe >out)", KEYTONE_PROGRAM},
        {.meanwhile =
             [&](int process) {
                 writer = open(folder.file("pipe").c_str(), O_WRONLY | O_CLOEXEC);
                 const std::string bytes = folder.read("x.sln");
                 EXPECT_EQ(write(writer, bytes.data(), bytes.size()), std::ssize(bytes));
                 while (folder.read("out").find(R"("digit":"#")") == std::string::npos) {
                     std::this_thread::yield();
                 }
                 kill(process, SIGINT);
             },
         .folder = folder.path()});
    close(writer);
    EXPECT_EQ(result.exit_code, -SIGINT);
    EXPECT_EQ(result.errors, "");
    const auto lines = parsed_lines(folder.read("out"));
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_EQ(lines.back()["digits"], "159#");
    EXPECT_GT(lines.back()["seconds"], 0.8);
}

TEST(DetectOutput, ThatIsFullOrClosedIsReported) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording("1"));
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    EXPECT_THAT(keytone_program({"detect", path}, {.output = full}),
                FailedWith(1, "cannot write standard output (No space left on device)"));
    close(full);
    EXPECT_THAT(keytone_program({"detect", path}, {.close_output = true}),
                FailedWith(1, "cannot write standard output"));
}

TEST(DetectPicture, ShowsTheTonesAndTheDigits) {
    const TemporaryFolder folder;
    // Tones from 0.1 to 0.2 s and from 0.3 to 0.4 s, of 0.5 s.
    const std::string path = folder.write("x.wav", recording("1D"));
    const auto result = keytone_program({"detect", "--picture", folder.file("x.png"), path});
    EXPECT_THAT(result, Succeeded());
    EXPECT_EQ(result.output, path + "\t1D\n");
    const PictureFile picture(folder.file("x.png"));
    ASSERT_EQ(picture.width(), 1200);
    ASSERT_EQ(picture.height(), 600);
    // The time axis is from x = 64 to 1124, and the frequencies from 4 kHz at y = 100 to 0 at y = 540.
    const auto x_of = [](double seconds) { return 64 + static_cast<int>(1060 * seconds / 0.5); };
    const auto y_of = [](double hz) { return 540 - static_cast<int>(440 * hz / 4000); };
    const int dark = picture.light(x_of(0.45), y_of(3500));
    const auto is_lit = [&](double seconds, double hz) {
        return picture.light(x_of(seconds), y_of(hz)) > dark + 300;
    };
    for (const double hz : {697.0, 1209.0}) {
        EXPECT_TRUE(is_lit(0.15, hz)) << hz;
        EXPECT_FALSE(is_lit(0.25, hz)) << hz;
        EXPECT_FALSE(is_lit(0.35, hz)) << hz;
    }
    for (const double hz : {941.0, 1633.0}) {
        EXPECT_TRUE(is_lit(0.35, hz)) << hz;
        EXPECT_FALSE(is_lit(0.25, hz)) << hz;
        EXPECT_FALSE(is_lit(0.15, hz)) << hz;
    }
    for (const double seconds : {0.15, 0.35}) { // the digits above
        EXPECT_GT(picture.colours(x_of(seconds) - 5, 80, x_of(seconds) + 5, 94), 3U) << seconds;
    }
    EXPECT_EQ(picture.colours(x_of(0.22), 80, x_of(0.28), 94), 1U);
}

TEST(DetectPicture, IsPngOrSvgByItsEnding) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording("159D"));
    for (const std::string name : {"a.svg", "a.SVG"}) {
        EXPECT_THAT(keytone_program({"detect", path, "--picture", folder.file(name)}), Succeeded());
        EXPECT_TRUE(test::is_svg(folder.read(name)));
    }
    EXPECT_THAT(
        keytone_program({"detect", "-", "--picture", folder.file("a.PNG")}, {.input = recording("1")}),
        Succeeded());
    EXPECT_EQ(PictureFile(folder.file("a.PNG")).width(), 1200);
    for (const std::string name : {"a.jpg", "a", "-", "", ".png"}) {
        EXPECT_THAT(
            keytone_program({"detect", path, "--picture", name}, {.folder = folder.path()}),
            FailedWith(2, "--picture: '" + name + "' does not tell the format: end it in .png or .svg"));
    }
    EXPECT_EQ(folder.entries(), 4);
}

TEST(DetectPicture, IsOfOneChannelOfOneFile) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording_of_channels({"123", "789#"}));
    const std::string picture = folder.file("x.png");
    const auto several = keytone_program({"detect", path, "--picture", picture});
    EXPECT_THAT(several,
                FailedWith(1, path + ": has 2 channels, of which a picture shows one: use --channel 1 to 2"));
    EXPECT_EQ(several.output, "");
    EXPECT_THAT(keytone_program({"detect", path, path, "--picture", picture}),
                FailedWith(2, "--picture draws one file, and 2 are given: run keytone detect for each"));
    EXPECT_EQ(folder.entries(), 1);
    std::vector<std::string> pictures;
    for (const std::string channel : {"1", "2"}) {
        const auto one = keytone_program({"detect", path, "--picture", picture, "--channel", channel});
        EXPECT_THAT(one, Succeeded());
        EXPECT_EQ(one.output, path + (channel == "1" ? "\t123\n" : "\t789#\n"));
        pictures.push_back(folder.read("x.png"));
    }
    EXPECT_NE(pictures[0], pictures[1]);
}

TEST(DetectPicture, ThatCannotBeWrittenIsReportedBehindTheDigits) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording("15"));
    const std::string picture = folder.file("missing/x.png");
    const auto result = keytone_program({"detect", path, "--picture", picture});
    EXPECT_THAT(result, FailedWith(1, picture + ": no such folder: make it first"));
    EXPECT_EQ(result.output, path + "\t15\n");
}

TEST(DetectPicture, ShowsWhatATruncatedFileHoldsAndNothingOfAFileThatIsNone) {
    const TemporaryFolder folder;
    const std::string whole = recording("12345");
    const std::string cut = folder.write("x.wav", whole.substr(0, whole.size() / 2));
    EXPECT_THAT(keytone_program({"detect", cut, "--picture", folder.file("x.png")}), FailedWith(1, cut));
    EXPECT_EQ(PictureFile(folder.file("x.png")).width(), 1200);
    const std::string bad = folder.write("bad.wav", "no audio");
    EXPECT_THAT(keytone_program({"detect", bad, "--picture", folder.file("bad.png")}), FailedWith(1, bad));
    EXPECT_EQ(folder.entries(), 3);
}

TEST(DetectUsage, IsChecked) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording("1"));
    EXPECT_THAT(keytone_program({"detect"}), FailedWith(2, "FILE is required"));
    EXPECT_THAT(keytone_program({"detect", path, "--profile", "q23"}),
                FailedWith(2, "--profile: 'q23' is not offered: use q24"));
    EXPECT_THAT(keytone_program({"detect", path, "--sensitivity", "high"}),
                FailedWith(2, "--sensitivity: 'high' is not offered: use strict, normal or sensitive"));
    for (const std::string channel : {"0", "-1", "none", "1.5", "", "ALL", "99999999999"}) {
        EXPECT_THAT(keytone_program({"detect", path, "--channel", channel}),
                    FailedWith(2, "--channel: '" + channel));
    }
    for (const std::string jobs : {"0", "-1", "many", "257", ""}) {
        EXPECT_THAT(keytone_program({"detect", path, "--jobs", jobs}), FailedWith(2, "--jobs: '" + jobs));
    }
    EXPECT_THAT(keytone_program({"detect", "-x", path}), FailedWith(2, "keytone detect has no option -x"));
    EXPECT_THAT(keytone_program({"detect", "-", "-"}, {.input = recording("1")}),
                FailedWith(2, "- is given twice"));
}

TEST(DetectUsage, TakesEveryProfile) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording("159D"));
    for (const std::string profile :
         {"q24", "att", "ntt", "danish", "australian", "brazilian", "etsi", "microphone"}) {
        const auto result = keytone_program({"detect", path, "--profile", profile});
        EXPECT_THAT(result, Succeeded());
        EXPECT_EQ(result.output, path + "\t159D\n") << profile;
    }
}

// Fifty keys; the noise rises by half a decibel from key to key.
TEST(DetectUsage, HearsMoreInNoiseTheMoreSensitive) {
    const TemporaryFolder folder;
    std::vector<std::int16_t> samples = sound(std::string(50, '5'));
    const std::vector<double> noise = test::white_noise(samples.size(), 0.0, 1);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double at_db = -18.0 + 0.5 * static_cast<double>(i / 1600);
        const double sum = samples[i] + std::pow(10.0, at_db / 20.0) * noise[i] * 32768.0;
        samples[i] = static_cast<std::int16_t>(std::clamp(std::lround(sum), -32768L, 32767L));
    }
    const std::string path = folder.write("x.wav", wav_bytes(8000, 1, samples));
    const auto heard = [&](const std::string& sensitivity) {
        const auto result = keytone_program({"detect", path, "--sensitivity", sensitivity});
        EXPECT_THAT(result, Succeeded());
        return std::ranges::count(result.output.substr(path.size()), '5');
    };
    EXPECT_LT(heard("strict"), heard("normal"));
    EXPECT_LT(heard("normal"), heard("sensitive"));
    EXPECT_EQ(keytone_program({"detect", path}).output,
              keytone_program({"detect", path, "--sensitivity", "normal"}).output);
}

TEST(DetectUsage, TakesFilesNamedLikeCommands) {
    const TemporaryFolder folder;
    for (const std::string name : {"detect", "render"}) {
        static_cast<void>(folder.write(name, recording("1")));
        const auto result = keytone_program({"detect", name}, {.folder = folder.path()});
        EXPECT_THAT(result, Succeeded());
        EXPECT_EQ(result.output, name + "\t1\n");
    }
}

} // namespace
} // namespace keytone
