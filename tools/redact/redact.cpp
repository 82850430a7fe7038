// SPDX-License-Identifier: MIT
#include "tools/redact/redact.hpp"

#include "engine/io/name_ending.hpp"
#include "engine/io/open_input.hpp"
#include "tools/console/interruption.hpp"
#include "tools/console/printable.hpp"
#include "tools/console/text_output.hpp"
#include "tools/detect/file_hearing.hpp"
#include "tools/option_checks.hpp"
#include "tools/redact/file_redaction.hpp"
#include "tools/redact/frame_copies.hpp"
#include "tools/redact/redaction_report.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace keytone::tools {

namespace {

constexpr std::string_view redact_examples = R"(Examples:
  keytone redact call.wav -o clean.wav
  keytone redact call.flac -o clean.flac --report keys.tsv
  keytone redact call.wav -o clean.wav --report - --json
  keytone redact call.mp3 -o clean.wav
  keytone redact --raw ulaw@8000 capture.bin -o clean.bin

Keys are replaced by silence, in each channel by itself; the recording keeps its length. All other samples stay as they
are, to the bit, and so do the header, tags and everything else in the file: WAV, AIFF, AU, CAF, W64, RF64, files
without a header; in FLAC, the samples and the text tags. OUT has the ending of IN. What is coded with loss, such as
MP3, Ogg or GSM, cannot be changed in part: OUT is then a .wav file of 16 bits, of what IN decodes to.

OUT appears when it is complete, or not at all, and is never IN itself. Prints OUT<TAB>CHANNEL<TAB>KEYS<TAB>SECONDS for
each channel: how many keys, and how long they are silenced; nothing where OUT is standard output. --report writes
CHANNEL<TAB>START<TAB>DURATION for each key, in seconds; its digit comes last, and only with --digits. With --json,
objects with file channel start_s duration_s and digit, and file channel keys silenced_s seconds.)";

/// Keeps frames until it is known what is silenced in them, and writes them then.
template <class Copy>
class FrameLine {
  public:
    FrameLine(Copy& copy, FileRedaction& redaction) : copy_(copy), redaction_(redaction) {}

    [[nodiscard]] std::vector<typename Copy::Unit>& units() { return units_; }

    Problem write_settled() {
        const SampleIndex end = redaction_.settled();
        const std::size_t size = copy_.units_per_frame();
        const auto settled = std::span(units_).first(static_cast<std::size_t>(end - first_) * size);
        redaction_.silence(first_, end,
                           [&](std::size_t channel, SampleIndex frame, std::int32_t left, std::int32_t all) {
                               const auto at = static_cast<std::size_t>(frame - first_) * size;
                               copy_.scale(settled.subspan(at, size), channel, left, all);
                           });
        auto problem = copy_.write(settled);
        units_.erase(units_.begin(), units_.begin() + std::ssize(settled));
        first_ = end;
        return problem;
    }

  private:
    Copy& copy_;
    FileRedaction& redaction_;
    std::vector<typename Copy::Unit> units_;
    SampleIndex first_ = 0; // of the frames that are kept
};

/// Writes all of a recording; returns its frames. After a signal, nothing appears.
template <class Copy>
Result<SampleCount, io::FileError> redact_all(Copy copy, const io::AudioReader& reader,
                                              FileRedaction& redaction, Console& console) {
    constexpr std::size_t block_frames = 4096;
    FrameLine<Copy> line(copy, redaction);
    std::vector<std::int16_t> heard(block_frames * static_cast<std::size_t>(reader.channels()));
    if (auto problem = copy.begin()) {
        return *std::move(problem);
    }
    SampleCount done = 0;
    while (interruption() == 0) {
        const auto frames = copy.read(heard, line.units());
        if (!frames) {
            return frames;
        }
        if (*frames == 0) {
            redaction.finish();
        } else {
            redaction.hear(std::span(heard).first(static_cast<std::size_t>(*frames * reader.channels())));
        }
        if (auto problem = line.write_settled()) {
            return *std::move(problem);
        }
        if (*frames == 0) {
            if (auto problem = copy.end()) {
                return *std::move(problem);
            }
            break;
        }
        done += *frames;
        if (reader.frames() > 0) {
            console.progress(static_cast<double>(done) / static_cast<double>(reader.frames()));
        }
    }
    return done;
}

/// Why the options cannot be followed, if so.
std::optional<Failure> misused_names(const RedactOptions& options) {
    if (options.input == "-") {
        return misused("a recording cannot be redacted through a pipe: save it to a file and name that");
    }
    if (options.output == "-" && options.report == "-") {
        return misused("-o - and --report - would both go to standard output: name a file for one of them");
    }
    for (const std::string& written : {options.output, options.report}) {
        std::error_code ignored;
        if (std::filesystem::equivalent(options.input, written, ignored)) {
            return misused(printable(written) +
                           " is the recording itself: write another file, and look at it before you remove "
                           "the recording");
        }
    }
    std::error_code ignored;
    if (!options.report.empty() && (options.report == options.output ||
                                    std::filesystem::equivalent(options.report, options.output, ignored))) {
        return options.report == "-"
                   ? std::nullopt
                   : std::optional(misused(printable(options.report) + " is given twice: name two files"));
    }
    return std::nullopt;
}

/// Why OUT's name does not fit, if so: it must end as `ending` does.
std::optional<Failure> wrong_ending(const RedactOptions& options, const std::string& ending,
                                    const std::string& why) {
    if (options.output == "-" || io::name_ending(options.output) == ending) {
        return std::nullopt;
    }
    const std::string remedy = ending.empty()
                                   ? "give " + printable(options.output) + " no ending"
                                   : "end the name of " + printable(options.output) + " in ." + ending;
    return misused(printable(options.input) + " " + why + ": " + remedy);
}

Failure failed_by(const io::FileError& error) {
    return {ExitCode::failed, error.message, error.reader_is_gone};
}

/// Writes OUT in the way that suits IN; returns its frames.
Result<SampleCount, Failure> write_redacted(const RedactOptions& options, io::AudioReader& reader,
                                            FileRedaction& redaction, Console& console) {
    const auto concluded = [](Result<SampleCount, io::FileError> done) -> Result<SampleCount, Failure> {
        return done ? Result<SampleCount, Failure>(*done) : failed_by(done.error());
    };
    const std::string ending = io::name_ending(options.input);
    if (const auto layout = reader.layout()) {
        if (auto failure = wrong_ending(options, ending, "keeps its format")) {
            return *std::move(failure);
        }
        auto bytes = io::open_input(options.input, options.input);
        if (!bytes) {
            return failed_by(bytes.error());
        }
        auto output = io::ByteOutput::create(options.output);
        if (!output) {
            return failed_by(output.error());
        }
        return concluded(
            redact_all(ByteCopy(reader, *layout, *std::move(bytes), *std::move(output), options.input),
                       reader, redaction, console));
    }
    if (reader.is_flac()) {
        if (auto failure = wrong_ending(options, ending, "keeps its format")) {
            return *std::move(failure);
        }
        auto writer = io::AudioWriter::create_like(options.output, reader.shape());
        if (!writer) {
            return failed_by(writer.error());
        }
        return concluded(redact_all(FlacCopy(reader, *std::move(writer)), reader, redaction, console));
    }
    if (auto failure = wrong_ending(options, "wav", "is coded with loss, which cannot be changed in part")) {
        return *std::move(failure);
    }
    auto writer =
        io::WavWriter::create(options.output, reader.rate_hz(), reader.channels(), io::WavEncoding::pcm16);
    if (!writer) {
        return failed_by(writer.error());
    }
    return concluded(redact_all(DecodedCopy(reader, *std::move(writer)), reader, redaction, console));
}

} // namespace

CLI::App* add_redact_command(CLI::App& program, RedactOptions& options) {
    CLI::App* command = program.add_subcommand("redact", "Silence the digits in a recording");
    command->footer(std::string(redact_examples));

    command->add_option("IN", options.input, "The recording")->required()->type_name("");
    command->add_option("-o,--output", options.output, "File to write; - is standard output")
        ->required()
        ->type_name("OUT");
    command
        ->add_option("--report", options.report, "Write here where keys were silenced; - is standard output")
        ->type_name("FILE");
    command->add_flag("--digits", options.digits, "Name the digits in the report");
    command->add_flag("--json", options.json, "Print and report JSON, one object per line");
    command->add_flag("--keep-length", options.keep_length,
                      "Silence keys, do not cut them out: always so, and accepted for clearness");
    command
        ->add_option("--raw", options.raw,
                     "What IN is, if it has no header: " + enumerate(io::raw_encoding_names()) +
                         ", and the rate")
        ->type_name("FORMAT@RATE")
        ->check(raw_format());
    return command;
}

std::optional<Failure> redact(const RedactOptions& options, Console& console) {
    if (auto failure = misused_names(options)) {
        return failure;
    }
    auto reader = io::AudioReader::open(options.input, {.raw = io::parse_raw_format(options.raw)});
    if (!reader) {
        return failed_by(reader.error());
    }
    const auto rate = rate_to_hear(reader->rate_hz());
    if (!rate) {
        return failed_by(no_rate_for_keys(options.input, reader->rate_hz()));
    }
    catch_interruptions();
    FileRedaction redaction(*rate, reader->rate_hz(), reader->channels());
    const auto frames = write_redacted(options, *reader, redaction, console);
    console.end_progress();
    if (!frames) {
        return frames.error();
    }
    if (interruption() != 0) {
        return std::nullopt;
    }
    const RedactedFile file{options.input, options.output, reader->rate_hz(), reader->channels(), *frames};
    const auto keys = std::move(redaction).keys();
    if (options.output != "-" && options.report != "-" &&
        !console.print(channel_lines(file, keys, options.json))) {
        return console.output_failure();
    }
    if (options.report == "-") {
        const std::string lines =
            key_lines(file, keys, options.json, options.digits) + channel_lines(file, keys, options.json);
        return console.print(lines) ? std::nullopt : console.output_failure();
    }
    if (!options.report.empty()) {
        return write_text(options.report, key_lines(file, keys, options.json, options.digits),
                          options.digits ? io::FileReaders::owner : io::FileReaders::usual);
    }
    return std::nullopt;
}

} // namespace keytone::tools
