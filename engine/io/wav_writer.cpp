// SPDX-License-Identifier: MIT
#include "engine/io/wav_writer.hpp"

#include "engine/io/byte_output.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/headed_stream.hpp"
#include "engine/io/sound_handle.hpp"

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <utility>

namespace keytone::io {
namespace {

// Bytes of samples; the header's sizes count the rest of the file in 32 bits, too.
constexpr std::int64_t max_data_bytes = 0xFFFFFFFFLL - 4096;
// The size that SoX writes where it cannot know it, and reads as "until the end".
constexpr std::int64_t unknown_data_bytes = 0x7FFFF000;

int bytes_a_sample(WavEncoding encoding) {
    switch (encoding) {
    case WavEncoding::ulaw:
    case WavEncoding::alaw:
        return 1;
    case WavEncoding::float32:
        return 4;
    case WavEncoding::pcm16:
        break;
    }
    return 2;
}

sf_count_t stream_length(void* stream) {
    return static_cast<HeadedStream*>(stream)->length();
}
sf_count_t stream_seek(sf_count_t offset, int whence, void* user) {
    auto& stream = *static_cast<HeadedStream*>(user);
    const sf_count_t origin = whence == SEEK_CUR   ? stream.position()
                              : whence == SEEK_END ? stream.length()
                                                   : 0;
    if (origin + offset < 0) {
        return -1;
    }
    stream.seek(origin + offset);
    return stream.position();
}
sf_count_t stream_read(void*, sf_count_t, void*) {
    return 0;
}
sf_count_t stream_write(const void* bytes, sf_count_t count, void* stream) {
    const std::span data{static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(count)};
    return static_cast<HeadedStream*>(stream)->write(data) ? count : 0;
}
sf_count_t stream_tell(void* stream) {
    return static_cast<HeadedStream*>(stream)->position();
}

} // namespace

struct WavWriter::State {
    explicit State(ByteOutput output) : stream(std::move(output)) {}

    // Whether there is room for so many more samples, and an error if not.
    std::optional<FileError> refuse(std::size_t samples);
    Result<SampleCount, FileError> fail(FileError error);
    Result<SampleCount, FileError> finish(std::size_t samples, bool is_written);
    FileError output_error();
    // Samples converted at a time: whole frames, as libsndfile requires.
    [[nodiscard]] std::size_t piece_samples() const {
        return floats.size() / static_cast<std::size_t>(channels) * static_cast<std::size_t>(channels);
    }

    HeadedStream stream;
    SoundHandle sound; // after `stream`, which it writes to until it is closed
    WavEncoding encoding = WavEncoding::pcm16;
    int rate_hz = 0;
    int channels = 0;
    std::optional<SampleCount> announced;
    SampleCount frames = 0;
    bool is_closed = false;
    std::optional<FileError> failure;
    std::array<std::int16_t, 4096> integers{};
    std::array<float, 4096> floats{};
};

WavWriter::WavWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
WavWriter::WavWriter(WavWriter&&) noexcept = default;
WavWriter& WavWriter::operator=(WavWriter&&) noexcept = default;
WavWriter::~WavWriter() = default;

Result<WavWriter, FileError> WavWriter::create(const std::string& path, int rate_hz, int channels,
                                               WavEncoding encoding, std::optional<SampleCount> frames) {
    const std::string name = path == "-" ? "standard output" : path;
    if (rate_hz < 1) {
        return file_error(name, "cannot have a rate of " + std::to_string(rate_hz) + " Hz: give one above 0");
    }
    if (channels < 1 || channels > 64) {
        return file_error(name, "cannot have " + std::to_string(channels) + " channels: give 1 to 64");
    }
    const std::int64_t frame_bytes = std::int64_t{channels} * bytes_a_sample(encoding);
    if (frames && (*frames < 0 || *frames > max_data_bytes / frame_bytes)) {
        return file_error(name, "cannot hold " + std::to_string(*frames) +
                                    " frames, a WAV file ends at 4 GiB: write several");
    }
    auto output = ByteOutput::create(path);
    if (!output) {
        return output.error();
    }
    auto state = std::make_unique<State>(std::move(*output));
    state->encoding = encoding;
    state->rate_hz = rate_hz;
    state->channels = channels;
    state->announced = frames;

    SF_VIRTUAL_IO callbacks{stream_length, stream_seek, stream_read, stream_write, stream_tell};
    SF_INFO info{};
    info.samplerate = rate_hz;
    info.channels = channels;
    info.format = SF_FORMAT_WAV | sample_format(encoding);
    HeadedStream& stream = state->stream;
    state->sound.reset(sf_open_virtual(&callbacks, SFM_WRITE, &info, &stream));
    if (state->sound == nullptr) {
        return file_error(name, "cannot be a WAV file of this rate and encoding: choose others");
    }
    // The peak chunk would make the header longer, and could not be right in a pipe.
    sf_command(state->sound.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
    sf_command(state->sound.get(), SFC_UPDATE_HEADER_NOW, nullptr, 0);
    if (!stream.output().can_rewrite()) {
        const std::int64_t data_bytes = frames ? *frames * frame_bytes : unknown_data_bytes;
        stream.announce(data_bytes, data_bytes / frame_bytes);
    }
    if (!stream.send_head()) {
        return state->output_error();
    }
    return WavWriter(std::move(state));
}

Result<SampleCount, FileError> WavWriter::write(std::span<const std::int16_t> interleaved) {
    State& state = *state_;
    if (auto refusal = state.refuse(interleaved.size())) {
        return state.fail(*std::move(refusal));
    }
    SNDFILE* sound = state.sound.get();
    bool is_written = true;
    if (state.encoding != WavEncoding::float32) {
        const auto count = static_cast<sf_count_t>(interleaved.size());
        is_written = sf_write_short(sound, interleaved.data(), count) == count;
    } else {
        for (auto rest = interleaved; !rest.empty() && is_written;) {
            const auto piece = rest.first(std::min(rest.size(), state.piece_samples()));
            std::transform(piece.begin(), piece.end(), state.floats.begin(),
                           [](std::int16_t sample) { return static_cast<float>(sample) / 32768.0F; });
            const auto count = static_cast<sf_count_t>(piece.size());
            is_written = sf_write_float(sound, state.floats.data(), count) == count;
            rest = rest.subspan(piece.size());
        }
    }
    return state.finish(interleaved.size(), is_written);
}

Result<SampleCount, FileError> WavWriter::write(std::span<const float> interleaved) {
    State& state = *state_;
    if (auto refusal = state.refuse(interleaved.size())) {
        return state.fail(*std::move(refusal));
    }
    const auto bad = std::find_if_not(interleaved.begin(), interleaved.end(),
                                      [](float sample) { return std::isfinite(sample); });
    if (bad != interleaved.end()) {
        return state.fail(file_error(state.stream.output().name(),
                                     "was given a sample that is not a finite number: nothing is written"));
    }
    SNDFILE* sound = state.sound.get();
    bool is_written = true;
    if (state.encoding == WavEncoding::float32) {
        const auto count = static_cast<sf_count_t>(interleaved.size());
        is_written = sf_write_float(sound, interleaved.data(), count) == count;
    } else {
        for (auto rest = interleaved; !rest.empty() && is_written;) {
            const auto piece = rest.first(std::min(rest.size(), state.piece_samples()));
            std::transform(piece.begin(), piece.end(), state.integers.begin(), [](float sample) {
                return static_cast<std::int16_t>(
                    std::lrint(std::clamp(sample * 32768.0F, -32768.0F, 32767.0F)));
            });
            const auto count = static_cast<sf_count_t>(piece.size());
            is_written = sf_write_short(sound, state.integers.data(), count) == count;
            rest = rest.subspan(piece.size());
        }
    }
    return state.finish(interleaved.size(), is_written);
}

Result<SampleCount, FileError> WavWriter::close() {
    State& state = *state_;
    if (state.failure) {
        return *state.failure;
    }
    if (state.is_closed) {
        return state.frames;
    }
    ByteOutput& output = state.stream.output();
    if (state.announced && state.frames != *state.announced) {
        return state.fail(file_error(output.name(), "was given " + std::to_string(state.frames) + " of " +
                                                        std::to_string(*state.announced) +
                                                        " frames: it is not complete"));
    }
    state.is_closed = true;
    if (!output.can_rewrite() && !state.announced) {
        // Samples that extend to the end get no padding after them: it would be read as one more sample.
        state.stream.stop_data();
    }
    state.sound.reset();
    if (!state.stream.put_head_right() || !output.commit()) {
        return state.fail(state.output_error());
    }
    return state.frames;
}

std::optional<FileError> WavWriter::State::refuse(std::size_t samples) {
    if (failure) {
        return failure;
    }
    const std::string& name = stream.output().name();
    if (is_closed) {
        return file_error(name, "is closed already: write before close()");
    }
    const auto more = static_cast<std::int64_t>(samples) / channels;
    if (samples % static_cast<std::size_t>(channels) != 0) {
        return file_error(name, "was given part of a frame: write whole ones");
    }
    if (announced && more > *announced - frames) {
        return file_error(name, "was given more than the " + std::to_string(*announced) +
                                    " frames announced: announce them all");
    }
    // A pipe without an announced length may go on without end.
    const bool is_bounded = stream.output().can_rewrite() || announced;
    if (is_bounded && (frames + more) * channels * bytes_a_sample(encoding) > max_data_bytes) {
        return file_error(name, "would exceed the 4 GiB that a WAV file can hold: write several");
    }
    return std::nullopt;
}

Result<SampleCount, FileError> WavWriter::State::finish(std::size_t samples, bool is_written) {
    if (!is_written) {
        return fail(output_error());
    }
    const auto written = static_cast<SampleCount>(samples) / channels;
    frames += written;
    return written;
}

Result<SampleCount, FileError> WavWriter::State::fail(FileError error) {
    failure = std::move(error);
    return *failure;
}

FileError WavWriter::State::output_error() {
    const int error_number = stream.output().error_number();
    return write_error(stream.output().name(), error_number != 0 ? error_number : EIO);
}

} // namespace keytone::io
