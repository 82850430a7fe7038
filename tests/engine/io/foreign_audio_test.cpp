// SPDX-License-Identifier: MIT
#include "engine/io/audio_reader.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace keytone::io {
namespace {

using keytone::test::TemporaryFolder;
using testing::EndsWith;
using namespace std::string_view_literals;

struct Foreign {
    std::string_view name;
    std::string_view bytes;
    std::string_view command; ///< The command from ffmpeg's options on, without the folder.
};

class ForeignAudio : public testing::TestWithParam<Foreign> {};

TEST_P(ForeignAudio, IsRefusedWithTheCommandThatConvertsIt) {
    const TemporaryFolder folder;
    const auto& [name, bytes, command] = GetParam();
    const std::string path = folder.write(name, std::string(bytes) + std::string(400, '\x55'));
    const auto refused = AudioReader::open(path);
    ASSERT_FALSE(refused);
    std::string expected(command);
    for (std::size_t at = 0; (at = expected.find('%', at)) != std::string::npos;
         at += folder.path().string().size()) {
        expected.replace(at, 1, folder.path().string() + "/");
    }
    EXPECT_THAT(refused.error().message, EndsWith(": ffmpeg " + expected));
}

INSTANTIATE_TEST_SUITE_P(
    , ForeignAudio,
    testing::Values(Foreign{"a.m4a",
                            "\0\0\0\x20"
                            "ftypM4A "sv,
                            "-i %a.m4a %a.wav"},
                    Foreign{"a",
                            "\0\0\0\x20"
                            "ftypisom"sv,
                            "-i %a %a.wav"},
                    Foreign{"b.webm", "\x1A\x45\xDF\xA3\x9F"sv, "-i %b.webm %b.wav"},
                    Foreign{"c.amr", "#!AMR\n"sv, "-i %c.amr %c.wav"},
                    Foreign{"d.avi", "RIFF\x10\x10\0\0AVI LIST"sv, "-i %d.avi %d.wav"},
                    Foreign{"e.wma", "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv, "-i %e.wma %e.wav"},
                    Foreign{"f.aac", "\xFF\xF1\x50\x80"sv, "-i %f.aac %f.wav"},
                    Foreign{"g.g726", "UUUU"sv, "-f g726le -code_size 4 -sample_rate 8000 -i %g.g726 %g.wav"},
                    Foreign{"h.g726-16", "UUUU"sv,
                            "-f g726le -code_size 2 -sample_rate 8000 -i %h.g726-16 %h.wav"},
                    Foreign{"i.g729", "UUUU"sv, "-f g729 -i %i.g729 %i.wav"}),
    [](const auto& tested) { return std::string(1, static_cast<char>('A' + tested.index)); });

TEST(ForeignAudioCommand, CanBePastedWhateverTheName) {
    const TemporaryFolder folder;
    const std::string path = folder.write("it's mine: 1.m4a", "\0\0\0\x20"
                                                              "ftypM4A "sv);
    const std::string message = AudioReader::open(path).error().message;
    const auto command = message.find("ffmpeg ");
    ASSERT_NE(command, std::string::npos) << message;
    // A shell prints each word of the command on a line.
    const auto words = keytone::test::run_child(
        "/bin/sh", {"-c", "ffmpeg() { printf '%s\\n' \"$@\"; }\n" + message.substr(command)});
    EXPECT_EQ(words.output, "-i\nfile:" + path + "\nfile:" + folder.file("it's mine: 1.wav") + "\n");
}

} // namespace
} // namespace keytone::io
