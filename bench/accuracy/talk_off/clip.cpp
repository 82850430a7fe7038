// SPDX-License-Identifier: MIT
#include "bench/accuracy/talk_off/clip.hpp"

#include "bench/accuracy/program.hpp"
#include "bench/accuracy/recordings.hpp"

#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace keytone::accuracy {

namespace {

namespace fs = std::filesystem;

// The level of speech on the network: Q.24's talk-off levels are -13 and -15 dBm.
constexpr double speech_dbm0 = -15.0;
constexpr sf_count_t frames_at_once = 4096;

using File = std::unique_ptr<SNDFILE, decltype(&sf_close)>;

struct OpenFile {
    File file;
    SF_INFO info;
};

OpenFile open_file(const fs::path& path, Clip::Format format) {
    SF_INFO info{};
    if (format == Clip::Format::gsm) {
        info.samplerate = recording_rate_hz;
        info.channels = 1;
        info.format = static_cast<int>(SF_FORMAT_RAW) | static_cast<int>(SF_FORMAT_GSM610);
    }
    File file(sf_open(path.c_str(), SFM_READ, &info), sf_close);
    if (!file) {
        throw std::runtime_error(path.string() + ": " + sf_strerror(nullptr));
    }
    // Opus is decoded at the rate that it was made from, not at 48 kHz.
    int original = 0;
    if ((info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_OPUS &&
        sf_command(file.get(), SFC_GET_ORIGINAL_SAMPLERATE, &original, sizeof(original)) == SF_TRUE &&
        sf_command(file.get(), SFC_SET_ORIGINAL_SAMPLERATE, &original, sizeof(original)) == SF_TRUE) {
        sf_command(file.get(), SFC_GET_CURRENT_SF_INFO, &info, sizeof(info));
    }
    return {std::move(file), info};
}

std::vector<float> first_channel(const fs::path& path, Clip::Format format, int rate_hz) {
    const OpenFile open = open_file(path, format);
    const auto channels = static_cast<std::size_t>(open.info.channels);
    const auto longest = static_cast<std::size_t>(longest_clip_s * open.info.samplerate);
    std::vector<float> block(static_cast<std::size_t>(frames_at_once) * channels);
    std::vector<float> samples;
    while (samples.size() < longest) {
        const sf_count_t frames = sf_readf_float(open.file.get(), block.data(), frames_at_once);
        if (frames <= 0) {
            break;
        }
        for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i) {
            samples.push_back(block[i * channels]);
        }
    }
    samples.resize(std::min(samples.size(), longest));
    return resampled(samples, static_cast<double>(rate_hz) / open.info.samplerate);
}

void bring_to_speech_level(std::vector<float>& samples) {
    const double power = active_mean_square(samples, recording_rate_hz);
    const auto gain = static_cast<float>(power > 0.0 ? std::sqrt(mean_square(speech_dbm0) / power) : 0.0);
    for (float& sample : samples) {
        sample *= gain;
    }
}

std::vector<float> read_aloud(const Clip& clip, const fs::path& output) {
    std::vector<std::string> words = clip.command;
    std::ranges::replace(words, std::string("{}"), output.string());
    if (!run_program(words, "/dev/null")) {
        throw std::runtime_error(clip.name + ": " + words.front() + " failed");
    }
    std::vector<float> samples = first_channel(output, Clip::Format::header, recording_rate_hz);
    fs::remove(output);
    bring_to_speech_level(samples);
    return samples;
}

/// The size of the file is part of the name, as packages are updated.
fs::path kept_path(const Clip& clip, const fs::path& cache) {
    std::string name = clip.name;
    std::ranges::replace(name, '/', '_');
    const bool is_file = clip.command.empty();
    return cache / (name + (is_file ? "-" + std::to_string(fs::file_size(clip.path)) : "") + ".wav");
}

} // namespace

std::vector<float> clip_samples(const Clip& clip, const fs::path& cache, int rate_hz) {
    if (rate_hz != recording_rate_hz && clip.command.empty()) {
        return first_channel(clip.path, clip.format, rate_hz);
    }
    const fs::path kept = kept_path(clip, cache);
    if (fs::exists(kept)) {
        return first_channel(kept, Clip::Format::header, rate_hz);
    }
    fs::create_directories(cache);
    fs::path made = kept;
    made.replace_extension(".made.wav");
    const std::vector<float> samples = clip.command.empty()
                                           ? first_channel(clip.path, clip.format, recording_rate_hz)
                                           : read_aloud(clip, made);
    write_audio(kept, samples);
    return first_channel(kept, Clip::Format::header, rate_hz);
}

std::vector<Clip> a_part_of(const std::vector<Clip>& clips, std::size_t step) {
    std::vector<Clip> part;
    for (std::size_t i = 0; i < clips.size(); i += step) {
        part.push_back(clips[i]);
    }
    return part;
}

} // namespace keytone::accuracy
