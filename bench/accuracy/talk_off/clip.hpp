// SPDX-License-Identifier: MIT
//
// Sound without keys, as files: any key that a receiver reports in it is false. A file is decoded when it is
// first heard, and the result is kept.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace keytone::accuracy {

struct Clip {
    enum class Format {
        header, ///< By the file's header.
        gsm,    ///< GSM 06.10 without a header, 8 kHz.
    };

    std::string kind;   ///< The kind that it is counted under: a package, or a way of speaking.
    std::string name;   ///< A unique name.
    std::string source; ///< Its speaker, song or publisher, for is_held_out().
    std::filesystem::path path{};
    Format format = Format::header;
    /// Instead of `path`: a program and its arguments, in which `{}` stands for the WAV file that it writes.
    std::vector<std::string> command{};
};

struct Corpus {
    std::vector<Clip> clips{};
    std::vector<std::string> missing{}; ///< What is missing and how to get it, a line each.
};

/// At most so many seconds of a clip are heard.
inline constexpr double longest_clip_s = 600.0;

/// The clip's first channel at `rate_hz`, full scale 1, with frequencies up to half of that rate, as far as
/// the clip has them. At 8 kHz it is kept in `cache`. What a program reads aloud is scaled to -15 dBm0.
/// Throws a line that names the clip. `[any]`
std::vector<float> clip_samples(const Clip& clip, const std::filesystem::path& cache, int rate_hz);

/// Every `step`th clip.
std::vector<Clip> a_part_of(const std::vector<Clip>& clips, std::size_t step);

} // namespace keytone::accuracy
