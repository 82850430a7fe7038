// SPDX-License-Identifier: MIT
//
// Sound that holds no keys, as files: what a receiver reports in it is false. A file is decoded when it is
// first heard, and kept.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace keytone::accuracy {

struct Clip {
    enum class Format {
        header, ///< As the file says.
        gsm,    ///< GSM 06.10 without a header, 8 kHz.
    };

    std::string kind;   ///< What it is counted under: a package, or a way of speaking.
    std::string name;   ///< Tells it from every other.
    std::string source; ///< Its speaker, song or publisher: is_held_out() goes by it.
    std::filesystem::path path{};
    Format format = Format::header;
    /// Instead of `path`: a program and its arguments, of which `{}` stands for the WAV file that it writes.
    std::vector<std::string> command{};
};

struct Corpus {
    std::vector<Clip> clips{};
    std::vector<std::string> missing{}; ///< What is not there and what would bring it, a line each.
};

/// At most so much of a clip is heard.
inline constexpr double longest_clip_s = 600.0;

/// The clip's first channel at `rate_hz`, full scale 1: up to half of that rate, where the clip has as much.
/// At 8 kHz it is kept in `cache`. What a program reads aloud is brought to -15 dBm0. Throws a line that
/// names the clip. `[any]`
std::vector<float> clip_samples(const Clip& clip, const std::filesystem::path& cache, int rate_hz);

/// Every `step`th clip.
std::vector<Clip> a_part_of(const std::vector<Clip>& clips, std::size_t step);

} // namespace keytone::accuracy
