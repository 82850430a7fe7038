// SPDX-License-Identifier: MIT
//
// The options of commands that hear audio files, and what all of them do with them.
#pragma once

#include "dsp/function_ref.hpp"
#include "engine/io/file_error.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/detect/file_hearing.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytone::tools {

/// Which files, and how they are opened.
struct FileOptions {
    std::vector<std::string> files; ///< `-` is standard input.
    bool recursive = false;         ///< Folders stand for the audio files in them and below.
    std::string raw;                ///< ENCODING@RATE of files without a header; empty: by their names.
    std::string channel = "all";    ///< Or a number, counted from 1.
    std::string picture;            ///< File for a picture of the only input's sound; none when empty.
    int jobs = 0;                   ///< Files to process at the same time; 0: one for each core.
};

/// Adds FILE, --recursive and --raw.
void add_input_options(CLI::App& command, FileOptions& options);
/// Adds --channel, --picture, which draws `drawn`, and --jobs.
void add_hearing_options(CLI::App& command, FileOptions& options, std::string_view drawn);
/// Replaces folders by their files where that is wanted, and checks what the options ask for together.
/// `command` is its name: `keytone detect`.
std::optional<Failure> prepare(FileOptions& options, std::string_view command);
/// How the files are heard.
HearingSettings hearing_of(const FileOptions& options, const DtmfLimits& limits);

/// Outputs text of a file; false when that is no longer possible.
using FileSay = FunctionRef<bool(std::string_view)>;
/// Is told which part of a file is done, 0 to 1.
using FilePart = FunctionRef<void(double)>;
/// Processes one file.
using FileProcess =
    std::function<std::optional<io::FileError>(const std::string& path, FileSay say, FilePart part)>;

/// Processes all files, each on one of several threads, and keeps the order of their output; after a signal
/// that asks for the end (interruption()) no more of them. `failed` when one failed, or the output could not
/// be written.
ExitCode process_files(const FileOptions& options, Console& console, FileProcess process);

} // namespace keytone::tools
