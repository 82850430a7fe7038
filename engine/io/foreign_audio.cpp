// SPDX-License-Identifier: MIT
#include "engine/io/foreign_audio.hpp"

#include "engine/io/name_ending.hpp"
#include "engine/io/shell_word.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace keytone::io {
namespace {

using namespace std::string_view_literals;

/// A format that is recognised by its first bytes.
struct Magic {
    std::size_t offset;
    std::string_view bytes;
    std::string_view name;
};
constexpr std::array magics{
    Magic{4, "ftyp"sv, "MP4"},
    Magic{0, "\x1A\x45\xDF\xA3"sv, "WebM or Matroska"},
    Magic{0, "#!AMR"sv, "AMR"},
    Magic{8, "AVI "sv, "AVI"},
    Magic{0, "\x30\x26\xB2\x75"sv, "Windows Media"},
    Magic{0, "FLV\x01"sv, "Flash video"},
    Magic{0, "OggS"sv, "Ogg with another codec than Vorbis, Opus or FLAC"},
    Magic{0, "\xFF\xF1"sv, "AAC"},
    Magic{0, "\xFF\xF9"sv, "AAC"},
    Magic{0, ".ra\xFD"sv, "RealAudio"},
    Magic{0, ".RMF"sv, "RealAudio"},
};

/// A format without a header, recognised by the ending of the name; ffmpeg has to be told what it is. Files
/// of G.726 are packed as in RFC 3551: the first code in the lowest bits.
struct Headerless {
    std::string_view ending;
    std::string_view name;
    std::string_view options;
};
constexpr std::array headerless{
    Headerless{"g726", "G.726", "-f g726le -code_size 4 -sample_rate 8000 "},
    Headerless{"g726-16", "G.726", "-f g726le -code_size 2 -sample_rate 8000 "},
    Headerless{"g726-24", "G.726", "-f g726le -code_size 3 -sample_rate 8000 "},
    Headerless{"g726-32", "G.726", "-f g726le -code_size 4 -sample_rate 8000 "},
    Headerless{"g726-40", "G.726", "-f g726le -code_size 5 -sample_rate 8000 "},
    Headerless{"g722", "G.722", "-f g722 "},
    Headerless{"g723", "G.723.1", "-f g723_1 "},
    Headerless{"g729", "G.729", "-f g729 "},
};

/// A file's name that ffmpeg takes neither for an option nor for a protocol.
std::string argument(const std::string& path) {
    const bool is_safe = !path.starts_with('-') && path.find(':') == std::string::npos;
    return shell_word(is_safe ? path : "file:" + path);
}

std::string command(const std::string& path, std::string_view options) {
    if (path == "-") {
        return "ffmpeg " + std::string(options) + "-i FILE FILE.wav";
    }
    const std::string ending = name_ending(path);
    const std::string stem = path.substr(0, path.size() - (ending.empty() ? 0 : ending.size() + 1));
    return "ffmpeg " + std::string(options) + "-i " + argument(path) + " " +
           argument(stem + (ending == "wav" ? "-pcm.wav" : ".wav"));
}

} // namespace

std::string ffmpeg_command(const std::string& path) {
    return command(path, "");
}

std::optional<std::string> foreign_audio(const std::string& path, ByteInput& input) {
    std::array<std::uint8_t, 16> bytes{};
    input.seek(0);
    const std::size_t size = input.read(bytes);
    const std::string_view head(reinterpret_cast<const char*>(bytes.data()), size);
    const auto says = [&path](std::string_view name, std::string_view options) {
        return "is " + std::string(name) + ", which is not read here: " + command(path, options);
    };
    for (const Magic& each : magics) {
        if (head.size() > each.offset && head.substr(each.offset).starts_with(each.bytes)) {
            return says(each.name, "");
        }
    }
    const auto* const named = std::ranges::find(headerless, name_ending(path), &Headerless::ending);
    return named == headerless.end() ? std::nullopt : std::optional(says(named->name, named->options));
}

} // namespace keytone::io
