// SPDX-License-Identifier: MIT
#include "engine/io/audio_head.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace keytone::io {
namespace {

using namespace std::string_view_literals;

/// Reads numbers and four-letter names from the front of an input.
class HeadReader {
  public:
    explicit HeadReader(ByteInput& input) : input_(input) { input_.seek(0); }

    void set_big_endian(bool big) { big_endian_ = big; }
    /// Whether fewer bytes were there than asked for.
    [[nodiscard]] bool ended() const { return ended_; }

    std::array<char, 4> name() {
        std::array<char, 4> text{};
        const auto bytes = take<4>();
        std::memcpy(text.data(), bytes.data(), text.size());
        return text;
    }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(take<2>())); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(take<4>())); }
    std::uint64_t u64() { return number(take<8>()); }

  private:
    template <std::size_t n>
    std::array<std::uint8_t, n> take() {
        std::array<std::uint8_t, n> bytes{};
        ended_ = input_.read(bytes) < n || ended_;
        return bytes;
    }
    template <std::size_t n>
    [[nodiscard]] std::uint64_t number(std::array<std::uint8_t, n> bytes) const {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < n; ++i) {
            value = value << 8 | bytes[big_endian_ ? i : n - 1 - i];
        }
        return value;
    }

    ByteInput& input_;
    bool big_endian_ = false;
    bool ended_ = false;
};

bool is(std::array<char, 4> name, std::string_view text) {
    return std::string_view(name.data(), name.size()) == text;
}

// An ID3 tag, or the eleven 1 bits that a frame of MPEG audio begins with: ISO 11172-3.
bool is_mpeg(std::array<char, 4> magic) {
    const auto second = static_cast<unsigned char>(magic[1]);
    return std::string_view(magic.data(), 3) == "ID3" || (magic[0] == '\xFF' && (second & 0xE0U) == 0xE0U);
}

// Sizes that mean "until the end": 0 (GStreamer), all ones (FFmpeg), and the largest signed number, or either
// of these less the length of a header (SoX, arecord).
bool is_made_up(std::uint32_t size) {
    return size == 0 || (size >= 0x7FFF0000U && size <= 0x80000000U) || size >= 0xFFFF0000U;
}

// RIFF chunks up to the samples: Multimedia Programming Interface and Data Specifications 1.0 (1991); the
// `ds64` chunk of RF64: EBU Tech 3306.
void scan_wav(ByteInput& input, HeadReader& reader, bool is_rf64, AudioHead& head) {
    head.container = Container::wav;
    std::optional<std::uint64_t> long_size;
    std::int64_t next = 12;
    // A real file has at most a few dozen chunks before its samples; a hostile one could hold millions of
    // empty ones.
    for (int chunk = 0; chunk < 1000; ++chunk) {
        input.seek(next);
        const auto id = reader.name();
        const std::uint32_t size = reader.u32();
        if (reader.ended()) {
            head.cut_off = true;
            return;
        }
        if (is(id, "data"sv)) {
            head.data_offset = next + 8;
            if (is_rf64 && size == 0xFFFFFFFFU && long_size) {
                if (*long_size > 0 && *long_size < std::uint64_t{ByteInput::endless}) {
                    head.data_size = static_cast<std::int64_t>(*long_size);
                } else {
                    head.sizes_mislead = true;
                }
            } else if (is_made_up(size)) {
                head.sizes_mislead = true;
            } else {
                head.data_size = size;
            }
            return;
        }
        if (is(id, "ds64"sv)) {
            reader.u64(); // the whole file's size
            long_size = reader.u64();
        } else if (is(id, "fmt "sv)) {
            reader.u16(); // the encoding
            head.channels = reader.u16();
            head.rate_hz = reader.u32();
        }
        next += 8 + std::int64_t{size} + (size & 1);
        if (input.is_pipe() && next > static_cast<std::int64_t>(ByteInput::max_kept)) {
            break;
        }
    }
    head.no_data = true;
}

// The header of Sun's and NeXT's audio files: magic, offset, size, encoding, rate, channels.
void scan_au(HeadReader& reader, AudioHead& head) {
    head.container = Container::au;
    head.data_offset = reader.u32();
    const std::uint32_t size = reader.u32();
    reader.u32(); // the encoding
    head.rate_hz = reader.u32();
    head.channels = reader.u32();
    head.cut_off = reader.ended();
    if (is_made_up(size)) {
        head.sizes_mislead = true;
    } else {
        head.data_size = size;
    }
}

} // namespace

AudioHead scan_audio_head(ByteInput& input) {
    AudioHead head;
    HeadReader reader(input);
    const auto magic = reader.name();
    head.is_read_from_both_ends = is(magic, "OggS"sv) || is_mpeg(magic);
    head.is_empty = input.position() == 0;
    if (is(magic, "RIFF"sv) || is(magic, "RIFX"sv) || is(magic, "RF64"sv)) {
        reader.set_big_endian(is(magic, "RIFX"sv));
        reader.u32();
        if (is(reader.name(), "WAVE"sv)) {
            scan_wav(input, reader, is(magic, "RF64"sv), head);
        }
    } else if (is(magic, ".snd"sv)) {
        reader.set_big_endian(true);
        scan_au(reader, head);
    } else if (is(magic, "fLaC"sv)) {
        head.container = Container::flac;
    } else if (is(magic, "FORM"sv)) {
        reader.set_big_endian(true);
        if (const std::uint32_t size = reader.u32(); !is_made_up(size)) {
            head.file_size = std::int64_t{size} + 8;
        }
    } else if (is(magic, "riff"sv)) {
        // Sony's Wave64: the rest of a 16-byte name, then the size of the whole file.
        reader.u64();
        reader.u32();
        if (const std::uint64_t size = reader.u64(); size < std::uint64_t{ByteInput::endless}) {
            head.file_size = static_cast<std::int64_t>(size);
        }
    }
    input.seek(0);
    return head;
}

void show_promised_data(ByteInput& input, const AudioHead& head) {
    if (head.data_offset == 0) {
        return;
    }
    if (head.data_size) {
        // What follows the samples (tags, padding) is hidden: nothing here needs it, and a pipe cannot seek
        // there.
        input.set_length(head.data_offset + *head.data_size);
        return;
    }
    if (head.sizes_mislead && head.container == Container::wav) {
        // The sizes of a WAV file that was never closed: with these, libsndfile reads everything that is
        // there.
        input.patch(0, {'R', 'I', 'F', 'F'});
        input.patch(4, {8, 0, 0, 0});
        input.patch(head.data_offset - 4, {0, 0, 0, 0});
    } else if (head.sizes_mislead && head.container == Container::au) {
        input.patch(8, {0xFF, 0xFF, 0xFF, 0xFF});
    }
}

} // namespace keytone::io
