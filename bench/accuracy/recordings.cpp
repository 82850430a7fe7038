// SPDX-License-Identifier: MIT
#include "bench/accuracy/recordings.hpp"

#include "engine/io/audio_reader.hpp"
#include "engine/io/wav_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <stdexcept>

namespace keytone::accuracy {

namespace {

// In the order of their paths. Other packages in the same place are for judging, or have no WAV files.
constexpr std::array prompt_folders{"/usr/share/asterisk/sounds/en_US_f_Allison",
                                    "/usr/share/asterisk/sounds/es_MX_f_Allison"};
constexpr std::size_t block_frames = 4096;

} // namespace

bool is_held_out(std::string_view source) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char character : source) {
        hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001B3ULL;
    }
    return hash % 3 == 0;
}

std::vector<float> read_audio(const std::filesystem::path& path) {
    auto reader = io::AudioReader::open(path.string());
    if (!reader) {
        throw std::runtime_error(reader.error().message);
    }
    const auto channels = static_cast<std::size_t>(reader->channels());
    Pcm block(block_frames * channels);
    Pcm samples;
    while (true) {
        const auto frames = reader->read(block);
        if (!frames) {
            throw std::runtime_error(frames.error().message);
        }
        if (*frames == 0) {
            break;
        }
        for (std::size_t i = 0; i < static_cast<std::size_t>(*frames); ++i) {
            samples.push_back(block[i * channels]);
        }
    }
    return resampled(from_pcm(samples), static_cast<double>(recording_rate_hz) / reader->rate_hz());
}

void write_audio(const std::filesystem::path& path, std::span<const float> samples) {
    auto writer = io::WavWriter::create(path.string(), recording_rate_hz, 1, io::WavEncoding::pcm16);
    const auto fail = [](const io::FileError& error) { throw std::runtime_error(error.message); };
    if (!writer) {
        fail(writer.error());
    }
    if (const auto written = writer->write(to_pcm(samples)); !written) {
        fail(written.error());
    }
    if (const auto closed = writer->close(); !closed) {
        fail(closed.error());
    }
}

std::vector<Recording> read_recordings(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    if (std::filesystem::is_directory(folder)) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file() && entry.path().extension() == ".wav") {
                paths.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(paths);
    std::vector<Recording> recordings;
    for (const auto& path : paths) {
        recordings.push_back({path.filename().string(), read_audio(path)});
    }
    return recordings;
}

const std::vector<Recording>& prompts() {
    static const std::vector<Recording> all = [] {
        std::vector<Recording> found;
        for (const char* const folder : prompt_folders) {
            std::ranges::move(read_recordings(folder), std::back_inserter(found));
        }
        return found;
    }();
    return all;
}

} // namespace keytone::accuracy
