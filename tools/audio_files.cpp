// SPDX-License-Identifier: MIT
#include "tools/audio_files.hpp"

#include "engine/io/name_ending.hpp"
#include "engine/io/raw_format.hpp"
#include "tools/console/printable.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace keytone::tools {

namespace {

namespace fs = std::filesystem;

/// Endings of the formats with a header that libsndfile reads.
constexpr std::array<std::string_view, 16> endings{"wav",  "wave", "flac", "ogg", "oga",  "opus",
                                                   "mp3",  "au",   "snd",  "aif", "aiff", "caf",
                                                   "aifc", "w64",  "rf64", "voc"};

bool is_audio(const fs::path& file) {
    const std::string name = file.string();
    return std::ranges::find(endings, io::name_ending(name)) != endings.end() || io::raw_format_of_name(name);
}

} // namespace

Result<std::vector<std::string>, Failure> audio_files_below(const std::vector<std::string>& paths) {
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code error;
        if (path == "-" || !fs::is_directory(path, error)) {
            files.push_back(path);
            continue;
        }
        std::vector<std::string> found;
        for (auto entry = fs::recursive_directory_iterator(path, error);
             !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
            std::error_code gone;
            if (entry->is_regular_file(gone) && is_audio(entry->path())) {
                found.push_back(entry->path().string());
            }
        }
        if (error) {
            return Failure{ExitCode::failed, printable(path) + ": the folder cannot be read (" +
                                                 error.message() +
                                                 "): change its mode, or name the files in it"};
        }
        std::ranges::sort(found);
        files.insert(files.end(), found.begin(), found.end());
    }
    if (files.empty()) {
        return Failure{ExitCode::failed,
                       printable(paths.front()) + ": holds no audio file: name files, or another folder"};
    }
    return files;
}

} // namespace keytone::tools
