// SPDX-License-Identifier: MIT
#include "tools/detect/detect.hpp"

#include "dsp/offered_rates.hpp"
#include "engine/io/picture/picture_format.hpp"
#include "tools/audio_files.hpp"
#include "tools/console/interruption.hpp"
#include "tools/console/work_progress.hpp"
#include "tools/detect/detection_picture.hpp"
#include "tools/detect/digit_lines.hpp"
#include "tools/detect/file_hearing.hpp"
#include "tools/detect/ordered_output.hpp"
#include "tools/option_checks.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>

namespace keytone::tools {

namespace {

constexpr int max_channel = 1024;
constexpr int max_jobs = 256;

constexpr std::string_view detect_examples = R"(Examples:
  keytone detect call.wav
  keytone detect --json --profile etsi --channel 2 recordings/*.wav
  keytone detect --picture call.png call.wav
  keytone detect --recursive recordings
  keytone detect --raw ulaw@8000 capture.bin
  arecord -r 8000 -f S16_LE | keytone detect -

Prints FILE<TAB>DIGITS for each file and channel. With --json, one object per line: for each digit
  file channel digit start_s duration_s low_dbm0 high_dbm0 low_hz high_hz snr_db
as soon as it is over, and for each file and channel
  file channel digits seconds
Times are in seconds from the beginning of the file. --picture draws one channel of one file: its frequencies up to
4 kHz over time, and the digits found. A file that cannot be processed is reported on standard error; the others
still are. Ctrl-C ends it with what was heard so far, its last lines included.

Reads WAV, FLAC, Ogg, Opus, MP3, AU and others; by the endings of their names, .ul .al .gsm .sln .sln16 without a
header; and with --raw, any file or pipe of s16le@16000 and the like. What keytone hears as it is:
  )";

constexpr std::string_view other_rates = R"(
Files of other rates, from 4000 Hz on, are brought to the next of these.)";

CLI::Validator all_or_channel() {
    const auto check = [](std::string& text) -> std::string {
        const std::string problem = text == "all" ? "" : whole_number(1, max_channel)(text);
        return problem.empty() ? "" : problem + ", or all";
    };
    return {check, "", ""};
}

CLI::Validator raw_format() {
    const auto check = [](std::string& text) -> std::string {
        return io::parse_raw_format(text)
                   ? ""
                   : "'" + text + "' is no format: give " + enumerate(io::raw_encoding_names()) +
                         ", @ and a rate, such as ulaw@8000";
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

/// Processes the files of one command, each on one of several threads.
class Detection {
  public:
    Detection(const DetectOptions& options, const HearingSettings& settings, Console& console)
        : options_(options),
          settings_(settings),
          progress_(options.files, console),
          output_(
              options.files.size(), [&](std::string_view text) { return console.print(text); },
              [&](std::string_view message) { console.error(message); }) {
        if (const auto format = io::picture_format_of(options.picture)) {
            picture_.emplace(options.picture, *format, options.files.front());
        }
    }

    /// Processes all files; false when one failed, or the output could not be written.
    bool run(std::size_t threads) {
        {
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

  private:
    /// Takes one file after the other until none is left, the output can no longer be written, or a signal
    /// asks for the end.
    void process_files() {
        for (std::size_t index = next_++; index < options_.files.size() && interruption() == 0;
             index = next_++) {
            if (!process_file(index)) {
                failed_ = true;
                return;
            }
        }
    }

    bool process_file(std::size_t index) {
        std::string error;
        bool printing = true;
        try {
            const std::optional<io::FileError> problem = print_file(index, printing);
            error = problem ? problem->message : "";
        } catch (const std::bad_alloc&) {
            error = options_.files[index] + ": out of memory, use a smaller --jobs";
        } catch (const std::exception& exception) {
            error = options_.files[index] + ": internal error, please report it: " + exception.what();
        }
        if (!error.empty()) {
            failed_ = true;
        }
        progress_.file_part(index, 1.0);
        return output_.finish(index, error) && printing;
    }

    /// Prints what is detected in a file; `printing` becomes false when that is no longer possible.
    std::optional<io::FileError> print_file(std::size_t index, bool& printing) {
        const std::string& path = options_.files[index];
        const auto on_digit = [&](const HeardDigit& digit) {
            if (picture_) {
                picture_->mark(digit);
            }
            printing = !options_.json || output_.say(index, json_digit_line(path, digit));
            return printing;
        };
        const auto on_sound = [&](const HeardSound& sound) {
            if (picture_) {
                picture_->hear(sound);
            }
        };
        const auto on_progress = [&](double part) { progress_.file_part(index, part); };
        const HeardFile heard = hear_file(path, settings_, on_digit, on_sound, on_progress);
        for (const HeardChannel& channel : heard.channels) {
            printing =
                printing && output_.say(index, options_.json ? json_channel_line(path, channel, heard.seconds)
                                                             : text_line(path, channel));
        }
        if (picture_ && !heard.channels.empty()) {
            const auto problem = picture_->write();
            return heard.error ? heard.error : problem;
        }
        return heard.error;
    }

    const DetectOptions& options_;
    const HearingSettings& settings_;
    WorkProgress progress_;
    OrderedOutput output_;
    std::optional<DetectionPicture> picture_; ///< Only with a single file, which one thread processes.
    std::atomic<std::size_t> next_ = 0;
    std::atomic<bool> failed_ = false;
};

} // namespace

CLI::App* add_detect_command(CLI::App& program, DetectOptions& options) {
    CLI::App* command = program.add_subcommand("detect", "Find the digits in audio files");
    command->footer(std::string(detect_examples) + std::string(offered_rates_text) +
                    std::string(other_rates));

    command->add_option("FILE", options.files, "Audio files; - is standard input")->required()->type_name("");
    command->add_flag("--recursive", options.recursive,
                      "Take folders too: the audio files in them and below, in the order of their names");
    command
        ->add_option("--raw", options.raw,
                     "What all files are, if they have no header: " + enumerate(io::raw_encoding_names()) +
                         ", and the rate")
        ->type_name("FORMAT@RATE")
        ->check(raw_format());
    command->add_flag("--json", options.json,
                      "Print JSON, one object per line, with times, levels and frequencies");
    add_limits_options(*command, options.limits);
    command->add_option("--channel", options.channel, "Channel to listen to: all, or its number, from 1")
        ->type_name("all|N")
        ->check(all_or_channel())
        ->capture_default_str();
    command
        ->add_option("--picture", options.picture,
                     "Draw the sound of one FILE and its digits into this file, .png or .svg")
        ->type_name("FILE")
        ->check(picture_name());
    command->add_option("--jobs", options.jobs, "Files to process at the same time [one per core]")
        ->type_name("N")
        ->check(whole_number(1, max_jobs));
    return command;
}

ExitCode detect(const DetectOptions& given, Console& console) {
    DetectOptions options = given;
    if (options.recursive) {
        auto files = audio_files_below(options.files);
        if (!files) {
            console.error(files.error().message);
            return files.error().code;
        }
        options.files = *std::move(files);
    }
    if (std::ranges::count(options.files, "-") > 1) {
        console.error("- is given twice: standard input can be read once only");
        return ExitCode::usage;
    }
    if (!options.picture.empty() && options.files.size() > 1) {
        console.error("--picture draws one file, and " + std::to_string(options.files.size()) +
                      " are given: run keytone detect for each");
        return ExitCode::usage;
    }
    HearingSettings settings{.limits = limits_of(options.limits),
                             .channel = std::nullopt,
                             .one_channel = !options.picture.empty(),
                             .raw = io::parse_raw_format(options.raw)};
    if (options.channel != "all") {
        settings.channel = std::stoi(options.channel);
    }
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t jobs = options.jobs > 0 ? static_cast<std::size_t>(options.jobs) : cores;

    catch_interruptions();
    Detection detection(options, settings, console);
    const bool all_done = detection.run(std::min(jobs, options.files.size()));
    console.end_progress();
    return all_done ? ExitCode::done : ExitCode::failed;
}

} // namespace keytone::tools
