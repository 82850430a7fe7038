// SPDX-License-Identifier: MIT
#include "engine/io/audio_writer.hpp"

#include "engine/io/byte_output.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/name_ending.hpp"
#include "engine/io/sound_handle.hpp"

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace keytone::io {
namespace {

struct Ending {
    std::string_view ending;
    AudioFormat format;
};
constexpr std::array endings{
    Ending{"wav", AudioFormat::wav},   Ending{"flac", AudioFormat::flac}, Ending{"ogg", AudioFormat::ogg},
    Ending{"opus", AudioFormat::opus}, Ending{"mp3", AudioFormat::mp3},   Ending{"au", AudioFormat::au},
};

int raw_format(RawFormat::Encoding encoding) {
    switch (encoding) {
    case RawFormat::Encoding::ulaw:
        return SF_FORMAT_RAW | SF_FORMAT_ULAW;
    case RawFormat::Encoding::alaw:
        return SF_FORMAT_RAW | SF_FORMAT_ALAW;
    default:
        return SF_FORMAT_RAW | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE;
    }
}

int sound_format(AudioFormat format, const std::string& path, WavEncoding encoding) {
    switch (format) {
    case AudioFormat::flac:
        return SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    case AudioFormat::ogg:
        return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    case AudioFormat::opus:
        return SF_FORMAT_OGG | SF_FORMAT_OPUS;
    case AudioFormat::mp3:
        return SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
    case AudioFormat::au:
        return SF_FORMAT_AU | sample_format(encoding);
    case AudioFormat::raw:
        return raw_format(raw_format_of_name(path)->encoding);
    case AudioFormat::wav:
        break;
    }
    return SF_FORMAT_WAV | sample_format(encoding);
}

/// Where libsndfile writes to. The headers of some formats are corrected at the end.
struct Target {
    ByteOutput output;
    std::int64_t end = 0;
    std::int64_t position = 0;

    bool write(std::span<const std::uint8_t> bytes) {
        // Bytes before the end may be written again; a gap beyond the end is not possible.
        const std::int64_t room = end - position;
        const auto again = static_cast<std::size_t>(std::clamp<std::int64_t>(room, 0, std::ssize(bytes)));
        if (room < 0 || (again > 0 && !output.rewrite(position, bytes.first(again))) ||
            !output.append(bytes.subspan(again))) {
            return false;
        }
        position += std::ssize(bytes);
        end = std::max(end, position);
        return true;
    }
};

sf_count_t target_length(void* target) {
    return static_cast<Target*>(target)->end;
}
sf_count_t target_seek(sf_count_t offset, int whence, void* user) {
    auto& target = *static_cast<Target*>(user);
    const sf_count_t origin = whence == SEEK_CUR ? target.position : whence == SEEK_END ? target.end : 0;
    if (origin + offset < 0) {
        return -1;
    }
    target.position = origin + offset;
    return target.position;
}
sf_count_t target_read(void*, sf_count_t, void*) {
    return 0;
}
sf_count_t target_write(const void* bytes, sf_count_t count, void* target) {
    const std::span data{static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(count)};
    return static_cast<Target*>(target)->write(data) ? count : 0;
}
sf_count_t target_tell(void* target) {
    return static_cast<Target*>(target)->position;
}

} // namespace

std::optional<AudioFormat> audio_format_of(const std::string& path) {
    const std::string ending = name_ending(path);
    const auto* const found = std::ranges::find(endings, ending, &Ending::ending);
    if (found != endings.end()) {
        return found->format;
    }
    const auto raw = raw_format_of_name(path);
    return raw && raw->encoding != RawFormat::Encoding::gsm ? std::optional(AudioFormat::raw) : std::nullopt;
}

std::string written_endings() {
    std::string list;
    for (const Ending& each : endings) {
        list += "." + std::string(each.ending) + " ";
    }
    return list + ".ul .al .sln .sln16";
}

struct AudioWriter::State {
    explicit State(ByteOutput output) : target{std::move(output)} {}

    Result<SampleCount, FileError> finish(std::size_t samples, sf_count_t is_written) {
        if (is_written != static_cast<sf_count_t>(samples)) {
            return error();
        }
        written += is_written;
        return SampleCount{is_written};
    }
    [[nodiscard]] FileError error() const {
        const int number = target.output.error_number();
        return write_error(target.output.name(), number != 0 ? number : EIO);
    }

    Target target;
    SoundHandle sound; // after `target`, which it writes to until it is closed
    SampleCount written = 0;
};

AudioWriter::AudioWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
AudioWriter::AudioWriter(AudioWriter&&) noexcept = default;
AudioWriter& AudioWriter::operator=(AudioWriter&&) noexcept = default;
AudioWriter::~AudioWriter() = default;

Result<AudioWriter, FileError> AudioWriter::create(const std::string& path, AudioFormat format, int rate_hz,
                                                   WavEncoding encoding) {
    const std::string ending = "." + name_ending(path);
    const auto raw = format == AudioFormat::raw ? raw_format_of_name(path) : std::nullopt;
    if (raw && raw->rate_hz != rate_hz) {
        return file_error(path, "a " + ending + " file has " + std::to_string(raw->rate_hz) + " Hz, not " +
                                    std::to_string(rate_hz) + ": choose that rate, or another ending");
    }
    return open(path, {.format = sound_format(format, path, encoding), .rate_hz = rate_hz, .channels = 1});
}

Result<AudioWriter, FileError> AudioWriter::create_like(const std::string& path, const AudioShape& shape) {
    auto writer = open(path, shape);
    if (writer) {
        for (const auto& [tag, text] : shape.tags) {
            // Where the format has no room for it, the sound is still the same.
            static_cast<void>(sf_set_string(writer->state_->sound.get(), tag, text.c_str()));
        }
    }
    return writer;
}

Result<AudioWriter, FileError> AudioWriter::open(const std::string& path, const AudioShape& shape) {
    SF_INFO info{};
    info.samplerate = shape.rate_hz;
    info.channels = shape.channels;
    info.format = shape.format;
    auto output = ByteOutput::create(path);
    if (!output) {
        return output.error();
    }
    if (!output->can_rewrite()) {
        return file_error(path, "is a pipe or a device, which takes WAV only: name a file");
    }
    auto state = std::make_unique<State>(*std::move(output));
    SF_VIRTUAL_IO callbacks{target_length, target_seek, target_read, target_write, target_tell};
    state->sound.reset(sf_open_virtual(&callbacks, SFM_WRITE, &info, &state->target));
    if (state->sound == nullptr) {
        return file_error(path, "a ." + name_ending(path) + " file has no rate of " +
                                    std::to_string(shape.rate_hz) +
                                    " Hz: choose another rate, such as 8000, 16000 or 48000, or a .wav file");
    }
    return AudioWriter(std::move(state));
}

Result<SampleCount, FileError> AudioWriter::write(std::span<const std::int16_t> samples) {
    const auto count = static_cast<sf_count_t>(samples.size());
    return state_->finish(samples.size(), sf_write_short(state_->sound.get(), samples.data(), count));
}

Result<SampleCount, FileError> AudioWriter::write(std::span<const float> samples) {
    const auto count = static_cast<sf_count_t>(samples.size());
    return state_->finish(samples.size(), sf_write_float(state_->sound.get(), samples.data(), count));
}

Result<SampleCount, FileError> AudioWriter::write(std::span<const std::int32_t> samples) {
    const auto count = static_cast<sf_count_t>(samples.size());
    return state_->finish(samples.size(), sf_write_int(state_->sound.get(), samples.data(), count));
}

Result<SampleCount, FileError> AudioWriter::close() {
    state_->sound.reset();
    if (state_->target.output.error_number() != 0 || !state_->target.output.commit()) {
        return state_->error();
    }
    return state_->written;
}

} // namespace keytone::io
