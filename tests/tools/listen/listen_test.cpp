// SPDX-License-Identifier: MIT
#include "dsp/dtmf_generator.hpp"
#include "tests/support/keytone_program.hpp"
#include "tests/support/picture_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wav_bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace keytone {
namespace {

using nlohmann::json;
using test::FailedWith;
using test::keytone_program;
using test::PictureFile;
using test::Succeeded;
using test::TemporaryFolder;
using testing::ElementsAre;

/// Half a second of silence, the keys, and a second of silence, on every channel.
std::string recording(const std::vector<std::string>& channels) {
    std::vector<std::vector<std::int16_t>> sounds;
    for (const std::string& digits : channels) {
        auto generator = *DtmfGenerator::create(*DigitString::parse(digits), {}, SampleRate::narrowband());
        std::vector<std::int16_t> samples(4000 + static_cast<std::size_t>(generator.length()) + 8000, 0);
        generator.generate(
            std::span<std::int16_t>(samples).subspan(4000, static_cast<std::size_t>(generator.length())));
        sounds.push_back(std::move(samples));
    }
    std::vector<std::int16_t> interleaved;
    for (std::size_t i = 0; i < sounds[0].size(); ++i) {
        for (const auto& samples : sounds) {
            interleaved.push_back(samples[i]);
        }
    }
    return test::wav_bytes(8000, static_cast<int>(channels.size()), interleaved);
}

std::vector<std::string> fields(const std::string& output, std::size_t field) {
    std::vector<std::string> all;
    std::istringstream stream(output);
    for (std::string line; std::getline(stream, line);) {
        std::istringstream parts(line);
        std::string part;
        for (std::size_t i = 0; i <= field; ++i) {
            std::getline(parts, part, '\t');
        }
        all.push_back(part);
    }
    return all;
}

TEST(Listen, TellsKeysAndSilence) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording({"5"}));
    const auto result = keytone_program({"listen", path});
    EXPECT_THAT(result, Succeeded());
    EXPECT_THAT(fields(result.output, 0), ElementsAre(path, path, path));
    EXPECT_THAT(fields(result.output, 1), ElementsAre("1", "1", "1"));
    EXPECT_THAT(fields(result.output, 4), ElementsAre("silence", "key 5", "silence"));
    EXPECT_EQ(fields(result.output, 2)[0], "0.000");
}

TEST(Listen, TellsEachChannelByItself) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording({"1", "9"}));
    const auto result = keytone_program({"listen", path, "--json"});
    EXPECT_THAT(result, Succeeded());
    std::vector<std::string> heard;
    std::istringstream stream(result.output);
    for (std::string line; std::getline(stream, line);) {
        const json parsed = json::parse(line);
        if (parsed.contains("digit")) {
            heard.push_back(std::to_string(parsed["channel"].get<int>()) +
                            parsed["digit"].get<std::string>());
            EXPECT_EQ(parsed["what"], "key");
            EXPECT_NEAR(parsed["start_s"], 0.5, 0.005);
        } else if (parsed.contains("digits")) {
            heard.push_back("all " + parsed["digits"].get<std::string>());
            EXPECT_EQ(parsed["answered_by"], "unknown");
        }
    }
    EXPECT_THAT(heard, ElementsAre("11", "29", "all 1", "all 9"));
    EXPECT_THAT(fields(keytone_program({"listen", path, "--channel", "2"}).output, 1), testing::Each("2"));
}

TEST(Listen, KeepsTheOrderOfTheFiles) {
    const TemporaryFolder folder;
    std::vector<std::string> arguments{"listen", "--jobs", "4"};
    std::vector<std::string> expected;
    for (int i = 0; i < 8; ++i) {
        const std::string digit = std::to_string(i);
        arguments.push_back(folder.write(digit + ".wav", recording({digit})));
        expected.push_back("key " + digit);
    }
    const auto result = keytone_program(arguments);
    EXPECT_THAT(result, Succeeded());
    auto words = fields(result.output, 4);
    std::erase(words, "silence");
    EXPECT_EQ(words, expected);
}

TEST(Listen, ReadsAPipe) {
    const auto result = keytone_program({"listen", "-"}, {.input = recording({"7"})});
    EXPECT_THAT(result, Succeeded());
    EXPECT_THAT(fields(result.output, 4), testing::Contains("key 7"));
}

TEST(Listen, DrawsWhatIsHeard) {
    const TemporaryFolder folder;
    const std::string path = folder.write("x.wav", recording({"5"}));
    const std::string picture = folder.file("x.png");
    EXPECT_THAT(keytone_program({"listen", path, "--picture", picture}), Succeeded());
    EXPECT_EQ(PictureFile(picture).width(), 1200);
    EXPECT_THAT(keytone_program({"listen", path, path, "--picture", picture}),
                FailedWith(2, "--picture draws one file, and 2 are given: run keytone listen for each"));
}

TEST(Listen, ReportsWhatIsWrong) {
    const TemporaryFolder folder;
    const std::string good = folder.write("x.wav", recording({"5"}));
    const auto mixed = keytone_program({"listen", folder.file("none.wav"), good});
    EXPECT_THAT(mixed, FailedWith(1, "none.wav: no such file"));
    EXPECT_THAT(fields(mixed.output, 4), testing::Contains("key 5")) << "the others still are";
    EXPECT_THAT(keytone_program({"listen"}), FailedWith(2, "FILE is required"));
    EXPECT_THAT(keytone_program({"listen", "-", "-"}), FailedWith(2, "- is given twice"));
    EXPECT_THAT(keytone_program({"listen", good, "--channel", "2"}),
                FailedWith(1, "has no channel 2: it has one channel, use --channel all"));
}

} // namespace
} // namespace keytone
