// SPDX-License-Identifier: MIT
//
// The options of commands that hear audio files, and what all of them do with them.
#pragma once

#include "dsp/function_ref.hpp"
#include "engine/io/file_error.hpp"
#include "tools/console/console.hpp"
#include "tools/console/failure.hpp"
#include "tools/console/work_progress.hpp"
#include "tools/detect/file_hearing.hpp"
#include "tools/detect/ordered_output.hpp"

#include <CLI/CLI.hpp>

#include <atomic>
#include <cstddef>
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

/// Processes the files of one command, each on one of several threads, and keeps the order of their output.
class FileWork {
  public:
    /// Processes one file; `say` outputs text of it, and is false when that is no longer possible.
    using Say = FunctionRef<bool(std::string_view)>;
    using Part = FunctionRef<void(double)>;
    using Process = std::function<std::optional<io::FileError>(const std::string& path, Say say, Part part)>;

    FileWork(const FileOptions& options, Console& console, Process process);

    /// Processes all files, or those until a signal asks for the end (interruption()). False when one failed,
    /// or the output could not be written.
    bool run();

  private:
    void process_files();
    bool process_file(std::size_t index);

    const FileOptions& options_;
    WorkProgress progress_;
    OrderedOutput output_;
    Process process_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> failed_ = false;
};

} // namespace keytone::tools
