// SPDX-License-Identifier: MIT
#include "tools/render.hpp"

#include "dsp/sample_rate.hpp"
#include "tools/digit_stream.hpp"
#include "tools/interruption.hpp"
#include "tools/option_checks.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace keytone::tools {

namespace {

struct Encoding {
    std::string_view name;
    io::WavEncoding encoding;
    int bytes_per_sample;
};

constexpr std::array encodings{
    Encoding{"pcm16", io::WavEncoding::pcm16, 2},
    Encoding{"ulaw", io::WavEncoding::ulaw, 1},
    Encoding{"alaw", io::WavEncoding::alaw, 1},
    Encoding{"float", io::WavEncoding::float32, 4},
};

/// A WAV file counts its bytes in 32 bits, those of its header among them.
constexpr SampleCount max_data_bytes = std::numeric_limits<std::uint32_t>::max() - 1024;

constexpr std::string_view examples = R"(Examples:
  keytone render 5551234 -o number.wav
  keytone render '*70w1ww#' -o code.wav --rate 48000 --tone-ms 60 --gap-ms 40
  keytone render 123 -o - --encoding ulaw | aplay

DIGITS are 0-9 * # A-D, with w for a pause of 0.5 s and W for one of 1 s; quote * and # in a shell.
Tones and gaps last 5 to 6000 ms; a level is -60 to +3.14 dBm0, where +3.14 dBm0 is a full-scale sine, and both
tones together must stay within full scale. FILE appears when it is complete, or not at all.)";

std::vector<std::string> encoding_names() {
    std::vector<std::string> names;
    for (const Encoding& encoding : encodings) {
        names.emplace_back(encoding.name);
    }
    return names;
}

Failure usage(std::string message) {
    return {ExitCode::usage, std::move(message)};
}

/// The encoded size that would not fit a WAV file, if so.
std::optional<Failure> check_size(SampleCount length, int bytes_per_sample, SampleRate rate) {
    const SampleCount most = max_data_bytes / bytes_per_sample;
    if (length <= most) {
        return std::nullopt;
    }
    const auto minutes = [rate](SampleCount count) {
        return std::to_string(static_cast<SampleCount>(rate.seconds(count) / 60.0));
    };
    return usage(
        "the recording would last " + minutes(length) + " minutes, more than the " + minutes(most) +
        " that a WAV file holds at this rate and encoding: give fewer digits or shorter tones and gaps");
}

/// Generates all of `stream` into `writer`.
template <class Sample>
Result<SampleCount, io::FileError> write_all(DigitStream stream, io::WavWriter& writer, Console& console) {
    const auto length = static_cast<double>(stream.length());
    std::array<Sample, 4096> block{};
    SampleCount done = 0;
    while (const std::size_t count = stream.generate(std::span<Sample>(block))) {
        if (auto written = writer.write(std::span<const Sample>(block.data(), count)); !written) {
            return written;
        }
        done += static_cast<SampleCount>(count);
        console.progress(static_cast<double>(done) / length);
        if (interruption() != 0) {
            return done; // Not closed: nothing is left of it.
        }
    }
    return writer.close();
}

} // namespace

CLI::App* add_render_command(CLI::App& program, RenderOptions& options) {
    CLI::App* command = program.add_subcommand("render", "Render digits to a WAV file");
    command->option_defaults()->always_capture_default();
    command->footer(std::string(examples));

    add_digits_argument(*command, options.tones);
    command->add_option("-o,--output", options.output, "WAV file to write; - is standard output")
        ->required()
        ->type_name("FILE");
    command->add_option("--rate", options.rate_hz, "Sampling rate: " + enumerate(offered_rates()))
        ->type_name("HZ")
        ->check(one_of(offered_rates()));
    add_tone_options(*command, options.tones);
    command->add_option("--encoding", options.encoding, "Form of the samples: " + enumerate(encoding_names()))
        ->type_name("NAME")
        ->check(one_of(encoding_names()));
    return command;
}

std::optional<Failure> render(const RenderOptions& options, Console& console) {
    const auto rate = SampleRate::from_hz(options.rate_hz);
    if (!rate) {
        return usage("--rate " + std::to_string(options.rate_hz) + ": " + std::string(text(rate.error())));
    }
    const auto stream = make_digit_stream(options.tones, *rate);
    if (!stream) {
        return stream.error();
    }
    const auto* const encoding = std::ranges::find(encodings, options.encoding, &Encoding::name);
    if (encoding == encodings.end()) {
        return usage("--encoding " + options.encoding + ": use " + enumerate(encoding_names()));
    }
    if (const auto problem = check_size(stream->length(), encoding->bytes_per_sample, *rate)) {
        return problem;
    }
    if (options.output == "-" && isatty(STDOUT_FILENO) == 1) {
        return usage("standard output is a terminal, which cannot play a WAV file: use -o FILE, or a pipe");
    }

    if (options.output != "-") {
        catch_interruptions();
    }
    auto writer =
        io::WavWriter::create(options.output, options.rate_hz, 1, encoding->encoding, stream->length());
    if (!writer) {
        return Failure{ExitCode::failed, writer.error().message};
    }
    const auto written = encoding->encoding == io::WavEncoding::float32
                             ? write_all<float>(*stream, *writer, console)
                             : write_all<std::int16_t>(*stream, *writer, console);
    console.end_progress();
    if (!written) {
        return Failure{ExitCode::failed, written.error().message};
    }
    return std::nullopt;
}

} // namespace keytone::tools
