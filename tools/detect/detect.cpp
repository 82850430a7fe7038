// SPDX-License-Identifier: MIT
#include "tools/detect/detect.hpp"

#include "dsp/offered_rates.hpp"
#include "tools/console/program_run.hpp"
#include "tools/detect/detection_picture.hpp"
#include "tools/detect/digit_lines.hpp"
#include "tools/detect/file_hearing.hpp"

#include <optional>
#include <string_view>

namespace keytone::tools {

namespace {

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

/// Detects in the files of one command.
class Detection {
  public:
    Detection(const DetectOptions& options, const HearingSettings& settings)
        : options_(options), settings_(settings), picture_(DetectionPicture::of(options.input)) {}

    /// Prints what is detected in a file.
    std::optional<io::FileError> print_file(const std::string& path, FileSay say, FilePart part) {
        const auto on_digit = [&](const HeardDigit& digit) {
            if (picture_) {
                picture_->mark(digit);
            }
            return !options_.json || say(json_digit_line(path, digit));
        };
        const auto on_sound = [&](const HeardSound& sound) {
            if (picture_) {
                picture_->hear(sound);
            }
        };
        const HeardFile heard = hear_file(path, settings_, on_digit, on_sound, part);
        for (const HeardChannel& channel : heard.channels) {
            say(options_.json ? json_channel_line(path, channel, heard.seconds) : text_line(path, channel));
        }
        if (picture_ && !heard.channels.empty()) {
            const auto problem = picture_->write();
            return heard.error ? heard.error : problem;
        }
        return heard.error;
    }

  private:
    const DetectOptions& options_;
    const HearingSettings& settings_;
    std::optional<DetectionPicture> picture_; ///< Only with a single file, which one thread processes.
};

} // namespace

CLI::App* add_detect_command(CLI::App& program, DetectOptions& options) {
    CLI::App* command = program.add_subcommand("detect", "Find the digits in audio files");
    command->footer(std::string(detect_examples) + std::string(offered_rates_text) +
                    std::string(other_rates));

    add_input_options(*command, options.input);
    command->add_flag("--json", options.json,
                      "Print JSON, one object per line, with times, levels and frequencies");
    add_limits_options(*command, options.limits);
    add_hearing_options(*command, options.input,
                        "Draw the sound of one FILE and its digits into this file, .png or .svg");
    return command;
}

ExitCode detect(const DetectOptions& given, Console& console) {
    DetectOptions options = given;
    if (const auto failure = prepare(options.input, "keytone detect")) {
        return report(*failure, console);
    }
    const HearingSettings settings = hearing_of(options.input, limits_of(options.limits));
    Detection detection(options, settings);
    return process_files(options.input, console, [&](const std::string& path, FileSay say, FilePart part) {
        return detection.print_file(path, say, part);
    });
}

} // namespace keytone::tools
