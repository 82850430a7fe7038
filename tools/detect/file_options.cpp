// SPDX-License-Identifier: MIT
#include "tools/detect/file_options.hpp"

#include "engine/io/picture/picture_format.hpp"
#include "tools/audio_files.hpp"
#include "tools/console/interruption.hpp"
#include "tools/console/work_progress.hpp"
#include "tools/detect/ordered_output.hpp"
#include "tools/option_checks.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

namespace keytone::tools {

namespace {

constexpr int max_channel = 1024;
constexpr int max_jobs = 256;

CLI::Validator all_or_channel() {
    const auto check = [](std::string& text) -> std::string {
        const std::string problem = text == "all" ? "" : whole_number(1, max_channel)(text);
        return problem.empty() ? "" : problem + ", or all";
    };
    return {check, "", ""};
}

CLI::Validator picture_name() {
    const auto check = [](std::string& text) -> std::string {
        return io::picture_format_of(text)
                   ? ""
                   : "'" + text + "' does not tell the format: end it in .png or .svg";
    };
    return {check, "", ""};
}

std::size_t threads_for(const FileOptions& options) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t jobs = options.jobs > 0 ? static_cast<std::size_t>(options.jobs) : cores;
    return std::min(jobs, options.files.size());
}

/// The files of one command, in work.
class FileWork {
  public:
    FileWork(const FileOptions& options, Console& console, FileProcess process)
        : options_(options),
          progress_(options.files, console),
          output_(
              options.files.size(), [&console](std::string_view text) { return console.print(text); },
              [&console](std::string_view message) { console.error(message); }),
          process_(std::move(process)) {}

    bool run();

  private:
    void process_files();
    bool process_file(std::size_t index);

    const FileOptions& options_;
    WorkProgress progress_;
    OrderedOutput output_;
    FileProcess process_;
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> failed_ = false;
};

bool FileWork::run() {
    {
        const std::size_t threads = threads_for(options_);
        std::vector<std::jthread> helpers;
        try {
            while (helpers.size() + 1 < threads) {
                helpers.emplace_back([this] { process_files(); });
            }
        } catch (const std::system_error&) { // No more threads: those that run do it all.
        }
        process_files();
    }
    return !failed_;
}

/// Takes one file after the other until none is left, the output can no longer be written, or a signal asks
/// for the end.
void FileWork::process_files() {
    for (std::size_t index = next_++; index < options_.files.size() && interruption() == 0; index = next_++) {
        if (!process_file(index)) {
            failed_ = true;
            return;
        }
    }
}

bool FileWork::process_file(std::size_t index) {
    const std::string& path = options_.files[index];
    std::string error;
    bool printing = true;
    const auto say = [&](std::string_view text) {
        printing = printing && output_.say(index, text);
        return printing;
    };
    try {
        const auto problem = process_(path, say, [&](double part) { progress_.file_part(index, part); });
        error = problem ? problem->message : "";
    } catch (const std::bad_alloc&) {
        error = path + ": out of memory, use a smaller --jobs";
    } catch (const std::exception& exception) {
        error = path + ": internal error, please report it: " + exception.what();
    }
    if (!error.empty()) {
        failed_ = true;
    }
    progress_.file_part(index, 1.0);
    return output_.finish(index, error) && printing;
}

} // namespace

void add_input_options(CLI::App& command, FileOptions& options) {
    command.add_option("FILE", options.files, "Audio files; - is standard input")->required()->type_name("");
    command.add_flag("--recursive", options.recursive,
                     "Take folders too: the audio files in them and below, in the order of their names");
    command
        .add_option("--raw", options.raw,
                    "What all files are, if they have no header: " + enumerate(io::raw_encoding_names()) +
                        ", and the rate")
        ->type_name("FORMAT@RATE")
        ->check(raw_format());
}

void add_hearing_options(CLI::App& command, FileOptions& options, std::string_view drawn) {
    command.add_option("--channel", options.channel, "Channel to listen to: all, or its number, from 1")
        ->type_name("all|N")
        ->check(all_or_channel())
        ->capture_default_str();
    command.add_option("--picture", options.picture, std::string(drawn))
        ->type_name("FILE")
        ->check(picture_name());
    command.add_option("--jobs", options.jobs, "Files to process at the same time [one per core]")
        ->type_name("N")
        ->check(whole_number(1, max_jobs));
}

std::optional<Failure> prepare(FileOptions& options, std::string_view command) {
    if (options.recursive) {
        auto files = audio_files_below(options.files);
        if (!files) {
            return files.error();
        }
        options.files = *std::move(files);
    }
    if (std::ranges::count(options.files, "-") > 1) {
        return Failure{ExitCode::usage, "- is given twice: standard input can be read once only"};
    }
    if (!options.picture.empty() && options.files.size() > 1) {
        return Failure{ExitCode::usage, "--picture draws one file, and " +
                                            std::to_string(options.files.size()) + " are given: run " +
                                            std::string(command) + " for each"};
    }
    return std::nullopt;
}

HearingSettings hearing_of(const FileOptions& options, const DtmfLimits& limits) {
    HearingSettings settings{.limits = limits,
                             .channel = std::nullopt,
                             .one_channel = !options.picture.empty(),
                             .raw = io::parse_raw_format(options.raw)};
    if (options.channel != "all") {
        settings.channel = std::stoi(options.channel);
    }
    return settings;
}

ExitCode process_files(const FileOptions& options, Console& console, FileProcess process) {
    catch_interruptions();
    FileWork work(options, console, std::move(process));
    const bool all_done = work.run();
    console.end_progress();
    return all_done ? ExitCode::done : ExitCode::failed;
}

} // namespace keytone::tools
