// SPDX-License-Identifier: MIT
#include "engine/io/audio_reader.hpp"

#include "engine/io/audio_head.hpp"
#include "engine/io/byte_input.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/foreign_audio.hpp"
#include "engine/io/open_input.hpp"
#include "engine/io/sound_handle.hpp"

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

namespace keytone::io {
namespace {

constexpr int max_channels = 64;
constexpr int min_rate_hz = 1000;
constexpr int max_rate_hz = 768000;
// For a stream without a length libsndfile reports an enormous one; above this limit a length is ignored.
constexpr sf_count_t max_believable_frames = sf_count_t{1} << 50;

sf_count_t input_length(void* input) {
    return static_cast<ByteInput*>(input)->length();
}
sf_count_t input_seek(sf_count_t offset, int whence, void* user) {
    auto& input = *static_cast<ByteInput*>(user);
    const sf_count_t origin = whence == SEEK_CUR ? input.position() : whence == SEEK_END ? input.length() : 0;
    sf_count_t target = 0;
    if (__builtin_add_overflow(origin, offset, &target) || target < 0) {
        return -1;
    }
    input.seek(target);
    return target;
}
sf_count_t input_read(void* bytes, sf_count_t count, void* input) {
    if (count <= 0) {
        return 0;
    }
    return static_cast<sf_count_t>(static_cast<ByteInput*>(input)->read(
        {static_cast<std::uint8_t*>(bytes), static_cast<std::size_t>(count)}));
}
sf_count_t input_write(const void*, sf_count_t, void*) {
    return 0;
}
sf_count_t input_tell(void* input) {
    return static_cast<ByteInput*>(input)->position();
}

int sound_format(RawFormat::Encoding encoding) {
    switch (encoding) {
    case RawFormat::Encoding::ulaw:
        return SF_FORMAT_ULAW;
    case RawFormat::Encoding::alaw:
        return SF_FORMAT_ALAW;
    case RawFormat::Encoding::s16be:
        return SF_FORMAT_PCM_16 | SF_ENDIAN_BIG;
    case RawFormat::Encoding::u8:
        return SF_FORMAT_PCM_U8;
    case RawFormat::Encoding::gsm:
        return SF_FORMAT_GSM610;
    case RawFormat::Encoding::vox:
        return SF_FORMAT_VOX_ADPCM;
    case RawFormat::Encoding::s16le:
        break;
    }
    return SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE;
}

/// Formats whose samples can be read as 16-bit integers without loss; all others are read as doubles and
/// rounded.
bool fits_16_bits(int format) {
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_ULAW:
    case SF_FORMAT_ALAW:
    case SF_FORMAT_IMA_ADPCM:
    case SF_FORMAT_MS_ADPCM:
    case SF_FORMAT_GSM610:
    case SF_FORMAT_VOX_ADPCM:
    case SF_FORMAT_G721_32:
    case SF_FORMAT_G723_24:
    case SF_FORMAT_G723_40:
    case SF_FORMAT_ALAC_16:
        return true;
    default:
        return false;
    }
}

// Codecs that code several samples at a time: libsndfile counts their blocks before it decodes the first.
bool comes_in_blocks(int format) {
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_IMA_ADPCM:
    case SF_FORMAT_MS_ADPCM:
    case SF_FORMAT_GSM610:
    case SF_FORMAT_G721_32:
    case SF_FORMAT_G723_24:
    case SF_FORMAT_G723_40:
        return true;
    default:
        return false;
    }
}

// The encodings of which each sample has bytes of its own, in containers that hold samples in one piece.
std::optional<SampleLayout::Encoding> encoding_in(int format) {
    constexpr std::array containers{SF_FORMAT_WAV,  SF_FORMAT_WAVEX, SF_FORMAT_W64, SF_FORMAT_RF64,
                                    SF_FORMAT_AIFF, SF_FORMAT_AU,    SF_FORMAT_CAF, SF_FORMAT_RAW};
    using Encoding = SampleLayout::Encoding;
    if (std::ranges::find(containers, format & SF_FORMAT_TYPEMASK) == containers.end()) {
        return std::nullopt;
    }
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_U8:
        return Encoding::unsigned_8;
    case SF_FORMAT_PCM_S8:
        return Encoding::signed_8;
    case SF_FORMAT_PCM_16:
        return Encoding::signed_16;
    case SF_FORMAT_PCM_24:
        return Encoding::signed_24;
    case SF_FORMAT_PCM_32:
        return Encoding::signed_32;
    case SF_FORMAT_FLOAT:
        return Encoding::float_32;
    case SF_FORMAT_DOUBLE:
        return Encoding::float_64;
    case SF_FORMAT_ULAW:
        return Encoding::ulaw;
    case SF_FORMAT_ALAW:
        return Encoding::alaw;
    default:
        return std::nullopt;
    }
}

bool is_big_endian(int format) {
    switch (format & SF_FORMAT_ENDMASK) {
    case SF_ENDIAN_BIG:
        return true;
    case SF_ENDIAN_LITTLE:
        return false;
    default: { // as the container has it
        const int container = format & SF_FORMAT_TYPEMASK;
        return container == SF_FORMAT_AIFF || container == SF_FORMAT_AU || container == SF_FORMAT_CAF;
    }
    }
}

std::string seconds_text(sf_count_t frames, int rate_hz) {
    std::array<char, 48> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%.3f s", static_cast<double>(frames) / rate_hz);
    return length > 0 ? text.data() : "?";
}

std::optional<FileError> wrong_channels(std::string_view name, std::int64_t channels) {
    if (channels >= 1 && channels <= max_channels) {
        return std::nullopt;
    }
    if (channels == 0) {
        return file_error(name, "has no channels: its header is damaged, save it again");
    }
    return file_error(name, "has " + std::to_string(channels) + " channels, more than " +
                                std::to_string(max_channels) + ": split it into files of fewer");
}

std::optional<FileError> wrong_rate(std::string_view name, std::int64_t rate_hz) {
    if (rate_hz >= min_rate_hz && rate_hz <= max_rate_hz) {
        return std::nullopt;
    }
    return file_error(name, "has a rate of " + std::to_string(rate_hz) + " Hz, outside " +
                                std::to_string(min_rate_hz) + " to " + std::to_string(max_rate_hz) +
                                " Hz: its header is damaged, or it is to be resampled");
}

} // namespace

struct AudioReader::State {
    State(std::string file_name, ByteInput bytes) : name(std::move(file_name)), input(std::move(bytes)) {}

    // Reads as much as there is; an error that stops it is kept in `pending`.
    template <class Sample>
    Result<SampleCount, FileError> read(std::span<Sample> interleaved);
    template <class Sample>
    sf_count_t read_frames(std::span<Sample> interleaved);
    sf_count_t read_some(std::span<std::int16_t> interleaved);
    sf_count_t read_some(std::span<std::int32_t> interleaved);
    sf_count_t read_rounded(std::span<std::int16_t> interleaved);
    void explain_end();
    [[nodiscard]] bool knows_frames() const;

    std::string name;
    ByteInput input;
    AudioHead head;
    SF_INFO info{};
    SoundHandle sound; // after `input`, which it reads from until it is closed
    bool is_integer = true;
    sf_count_t position = 0;
    bool at_end = false;
    std::optional<FileError> pending;
    std::array<double, 4096> wide{};
};

AudioReader::AudioReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;
AudioReader::~AudioReader() = default;

namespace {

/// Formats that are also read from the end have to be in memory as a whole.
std::optional<FileError> take_in(ByteInput& input, const std::string& name) {
    if (input.become_file()) {
        return std::nullopt;
    }
    return input.error_number() != 0
               ? read_error(name, input.error_number())
               : file_error(name,
                            "is longer than a pipe may be in this format: save it to a file and name that");
}

/// Why libsndfile does not open what it was given.
FileError not_opened(const std::string& path, const std::string& name, const AudioHead& head,
                     ByteInput& input) {
    if (input.went_back()) {
        return file_error(name, "cannot come through a pipe: save it to a file and name that");
    }
    if (head.container != Container::other) {
        return file_error(name, "its header is damaged or its encoding unknown: " + ffmpeg_command(path));
    }
    return file_error(
        name, foreign_audio(path, input)
                  .value_or("is not audio in a known format: if it is audio, try " + ffmpeg_command(path)));
}

} // namespace

Result<AudioReader, FileError> AudioReader::open(const std::string& path, const Options& options) {
    const bool is_standard_input = path == "-";
    const std::string name = is_standard_input ? "standard input" : path;
    auto opened = open_input(path, name);
    if (!opened) {
        return opened.error();
    }

    auto state = std::make_unique<State>(name, *std::move(opened));
    ByteInput& input = state->input;
    input.end_when_readable(options.stop);
    AudioHead& head = state->head;
    SF_INFO& info = state->info;
    head = scan_audio_head(input);
    if (input.error_number() != 0) {
        return read_error(name, input.error_number());
    }
    if (head.is_empty) {
        return file_error(name, "is empty: record or copy it again");
    }
    auto raw = options.raw;
    if (raw) {
        head = {};
    } else if (head.container == Container::other && !is_standard_input) {
        raw = raw_format_of_name(path);
    }
    if (head.cut_off) {
        return file_error(name, "ends inside its header: it was cut off, copy it again");
    }
    if (head.channels) {
        if (auto wrong = wrong_channels(name, *head.channels)) {
            return *std::move(wrong);
        }
    }
    if (head.rate_hz) {
        if (auto wrong = wrong_rate(name, *head.rate_hz)) {
            return *std::move(wrong);
        }
    }
    if (raw) {
        info.format = SF_FORMAT_RAW | sound_format(raw->encoding);
        info.samplerate = raw->rate_hz;
        info.channels = 1;
    }
    if (input.is_pipe()) {
        if (raw ? comes_in_blocks(info.format) : head.is_read_from_both_ends) {
            if (auto problem = take_in(input, name)) {
                return *std::move(problem);
            }
        } else if (!raw && (head.container == Container::other || head.no_data)) {
            return file_error(name, foreign_audio(path, input)
                                        .value_or("is not WAV, AU or FLAC, nor Ogg or MP3, which alone can "
                                                  "come through a pipe: save it to a file and name that"));
        }
    }
    show_promised_data(input, head);

    SF_VIRTUAL_IO callbacks{input_length, input_seek, input_read, input_write, input_tell};
    state->sound.reset(sf_open_virtual(&callbacks, SFM_READ, &info, &input));
    if (input.error_number() != 0) {
        return read_error(name, input.error_number());
    }
    if (state->sound == nullptr) {
        return not_opened(path, name, head, input);
    }
    if (input.is_pipe() && !head.data_size && comes_in_blocks(info.format)) {
        return file_error(name, "its encoding needs the file's length, which a pipe does not tell: "
                                "save it to a file and name that");
    }
    if (auto wrong = wrong_channels(name, info.channels)) {
        return *std::move(wrong);
    }
    if (auto wrong = wrong_rate(name, info.samplerate)) {
        return *std::move(wrong);
    }
    input.stop_keeping();
    state->is_integer = fits_16_bits(info.format);
    return AudioReader(std::move(state));
}

int AudioReader::rate_hz() const {
    return state_->info.samplerate;
}

int AudioReader::channels() const {
    return state_->info.channels;
}

SampleCount AudioReader::frames() const {
    return state_->knows_frames() ? state_->info.frames : 0;
}

bool AudioReader::State::knows_frames() const {
    // In a pipe libsndfile computes the number of frames from the pipe's made-up length, except in FLAC,
    // whose header has the number.
    const bool is_invented = input.length() == ByteInput::endless && head.container != Container::flac;
    return !is_invented && info.frames >= 0 && info.frames <= max_believable_frames;
}

std::optional<SampleLayout> AudioReader::layout() const {
    const auto encoding = encoding_in(state_->info.format);
    if (!encoding || state_->input.is_pipe()) {
        return std::nullopt;
    }
    // Nothing was read yet, or it is read again: either way libsndfile now stands at the first sample.
    if (state_->position != 0 || sf_seek(state_->sound.get(), 0, SEEK_SET) != 0) {
        return std::nullopt;
    }
    return SampleLayout{*encoding, is_big_endian(state_->info.format), state_->input.position()};
}

bool AudioReader::is_flac() const {
    return (state_->info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC;
}

AudioShape AudioReader::shape() const {
    AudioShape shape{state_->info.format, state_->info.samplerate, state_->info.channels};
    for (int tag = SF_STR_FIRST; tag <= SF_STR_LAST; ++tag) {
        if (const char* const text = sf_get_string(state_->sound.get(), tag)) {
            shape.tags.emplace_back(tag, text);
        }
    }
    return shape;
}

Result<SampleCount, FileError> AudioReader::read(std::span<std::int16_t> interleaved) {
    return state_->read(interleaved);
}

Result<SampleCount, FileError> AudioReader::read(std::span<std::int32_t> interleaved) {
    return state_->read(interleaved);
}

template <class Sample>
Result<SampleCount, FileError> AudioReader::State::read(std::span<Sample> interleaved) {
    const auto channels = static_cast<std::size_t>(info.channels);
    interleaved = interleaved.first(interleaved.size() / channels * channels);
    if (interleaved.empty()) {
        return SampleCount{0};
    }
    if (!at_end) {
        const sf_count_t got = read_frames(interleaved);
        if (got > 0) {
            return SampleCount{got};
        }
    }
    if (pending) {
        return *pending;
    }
    return SampleCount{0};
}

template <class Sample>
sf_count_t AudioReader::State::read_frames(std::span<Sample> interleaved) {
    const auto wanted = static_cast<sf_count_t>(interleaved.size()) / info.channels;
    const sf_count_t got = read_some(interleaved);
    position += std::max<sf_count_t>(0, got);
    if (got < wanted) {
        at_end = true;
        explain_end();
    }
    return got;
}

sf_count_t AudioReader::State::read_some(std::span<std::int16_t> interleaved) {
    const auto wanted = static_cast<sf_count_t>(interleaved.size()) / info.channels;
    return is_integer ? sf_readf_short(sound.get(), interleaved.data(), wanted) : read_rounded(interleaved);
}

sf_count_t AudioReader::State::read_some(std::span<std::int32_t> interleaved) {
    const auto wanted = static_cast<sf_count_t>(interleaved.size()) / info.channels;
    return sf_readf_int(sound.get(), interleaved.data(), wanted);
}

sf_count_t AudioReader::State::read_rounded(std::span<std::int16_t> interleaved) {
    const auto channels = static_cast<std::size_t>(info.channels);
    const std::size_t step = wide.size() / channels * channels;
    std::size_t done = 0;
    while (done < interleaved.size()) {
        const std::size_t wanted = std::min(step, interleaved.size() - done) / channels;
        const auto frames = std::max<sf_count_t>(
            0, sf_readf_double(sound.get(), wide.data(), static_cast<sf_count_t>(wanted)));
        const std::size_t samples = static_cast<std::size_t>(frames) * channels;
        for (std::size_t i = 0; i < samples; ++i, ++done) {
            if (!std::isfinite(wide[i])) {
                const auto whole = static_cast<sf_count_t>(done / channels);
                pending = file_error(name, "holds a sample that is not a finite number at " +
                                               seconds_text(position + whole, info.samplerate) +
                                               ": save it again as 16-bit PCM");
                return whole;
            }
            interleaved[done] =
                static_cast<std::int16_t>(std::lrint(std::clamp(wide[i] * 32768.0, -32768.0, 32767.0)));
        }
        if (static_cast<std::size_t>(frames) < wanted) {
            break;
        }
    }
    return static_cast<sf_count_t>(done / channels);
}

void AudioReader::State::explain_end() {
    if (pending) {
        return;
    }
    if (input.error_number() != 0) {
        pending = read_error(name, input.error_number());
        return;
    }
    if (input.went_back()) {
        pending = file_error(name, "cannot come through a pipe: save it to a file and name that");
        return;
    }
    // The number of frames in Ogg and MPEG files is libsndfile's estimate, and not to be relied on.
    const int container = info.format & SF_FORMAT_TYPEMASK;
    const bool frames_are_promised =
        container != SF_FORMAT_OGG && container != SF_FORMAT_MPEG && knows_frames();
    // An Ogg file without its last page has no number of frames at all.
    const bool has_lost_its_end = (container == SF_FORMAT_OGG && info.frames > max_believable_frames) ||
                                  (head.file_size && *head.file_size > input.length());
    const bool is_short =
        has_lost_its_end ||
        (head.data_size ? input.ended_early() : frames_are_promised && position < info.frames);
    if (is_short) {
        std::string what = "ends after " + seconds_text(position, info.samplerate);
        if (knows_frames() && info.frames > position) {
            what += " of " + seconds_text(info.frames, info.samplerate);
        }
        pending = file_error(name, what + ": it was cut off, copy it again");
    } else if (sf_error(sound.get()) != SF_ERR_NO_ERROR) {
        pending = file_error(name, "is damaged after " + seconds_text(position, info.samplerate) +
                                       ": copy it again");
    }
}

} // namespace keytone::io
