// SPDX-License-Identifier: MIT
#include "engine/io/raw_format.hpp"

#include "engine/io/name_ending.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace keytone::io {
namespace {

using Encoding = RawFormat::Encoding;

struct NamedEncoding {
    std::string_view name;
    Encoding encoding;
};
constexpr std::array encodings{
    NamedEncoding{"ulaw", Encoding::ulaw},   NamedEncoding{"alaw", Encoding::alaw},
    NamedEncoding{"s16le", Encoding::s16le}, NamedEncoding{"s16be", Encoding::s16be},
    NamedEncoding{"u8", Encoding::u8},       NamedEncoding{"gsm", Encoding::gsm},
    NamedEncoding{"vox", Encoding::vox},
};

struct Ending {
    std::string_view ending;
    RawFormat format;
};
// G.711 and GSM have one rate; Asterisk names files of linear samples by their rate.
constexpr std::array endings{
    Ending{"ul", {Encoding::ulaw, 8000}},        Ending{"ulaw", {Encoding::ulaw, 8000}},
    Ending{"mulaw", {Encoding::ulaw, 8000}},     Ending{"pcmu", {Encoding::ulaw, 8000}},
    Ending{"al", {Encoding::alaw, 8000}},        Ending{"alaw", {Encoding::alaw, 8000}},
    Ending{"pcma", {Encoding::alaw, 8000}},      Ending{"gsm", {Encoding::gsm, 8000}},
    Ending{"sln", {Encoding::s16le, 8000}},      Ending{"sln12", {Encoding::s16le, 12000}},
    Ending{"sln16", {Encoding::s16le, 16000}},   Ending{"sln24", {Encoding::s16le, 24000}},
    Ending{"sln32", {Encoding::s16le, 32000}},   Ending{"sln44", {Encoding::s16le, 44100}},
    Ending{"sln48", {Encoding::s16le, 48000}},   Ending{"sln96", {Encoding::s16le, 96000}},
    Ending{"sln192", {Encoding::s16le, 192000}},
};

} // namespace

std::optional<RawFormat> raw_format_of_name(const std::string& path) {
    const std::string ending = name_ending(path);
    const auto* const found = std::ranges::find(endings, ending, &Ending::ending);
    return found == endings.end() ? std::nullopt : std::optional(found->format);
}

std::optional<RawFormat> parse_raw_format(std::string_view text) {
    const auto at = text.find('@');
    const auto* const found = std::ranges::find(encodings, text.substr(0, at), &NamedEncoding::name);
    if (at == std::string_view::npos || found == encodings.end()) {
        return std::nullopt;
    }
    const std::string_view rate = text.substr(at + 1);
    int rate_hz = 0;
    const auto [end, error] = std::from_chars(rate.data(), rate.data() + rate.size(), rate_hz);
    if (error != std::errc{} || end != rate.data() + rate.size() || rate_hz <= 0) {
        return std::nullopt;
    }
    return RawFormat{found->encoding, rate_hz};
}

std::vector<std::string> raw_encoding_names() {
    std::vector<std::string> names;
    for (const NamedEncoding& each : encodings) {
        names.emplace_back(each.name);
    }
    return names;
}

} // namespace keytone::io
