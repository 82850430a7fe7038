// SPDX-License-Identifier: MIT
#include "tools/render/render.hpp"

#include "dsp/sample_rate.hpp"
#include "engine/io/audio_writer.hpp"
#include "engine/io/wav_writer.hpp"
#include "tools/console/interruption.hpp"
#include "tools/console/printable.hpp"
#include "tools/option_checks.hpp"
#include "tools/render/digit_stream.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string_view>
#include <system_error>
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

/// A WAV file counts its bytes, including those of its header, in 32 bits.
constexpr SampleCount max_data_bytes = std::numeric_limits<std::uint32_t>::max() - 1024;

constexpr std::string_view render_examples = R"(Examples:
  keytone render 5551234 -o number.wav
  keytone render '*70w1ww#' -o code.wav --rate 48000 --tone-ms 60 --gap-ms 40
  keytone render 123 -o greeting.sln
  keytone render 123 -o - --encoding ulaw | aplay
  keytone render --tone busy --country de --duration 5s -o busy.wav

DIGITS are 0-9 * # A-D, with w for a pause of 0.5 s and W for one of 1 s; quote * and # in a shell.
Tones and gaps last 5 to 6000 ms; a level is -60 to +3.14 dBm0, where +3.14 dBm0 is a full-scale sine, and both
tones together must stay within full scale. FILE appears when it is complete, or not at all. Its ending says what it is:
WAV, FLAC, Ogg (Vorbis), Opus, MP3, AU; or without a header mu-law (.ul), A-law (.al), 16 bits (.sln, .sln16).)";

std::vector<std::string> encoding_names() {
    std::vector<std::string> names;
    for (const Encoding& encoding : encodings) {
        names.emplace_back(encoding.name);
    }
    return names;
}

/// A failure if the encoded samples do not fit into a WAV file.
std::optional<Failure> check_size(SampleCount length, int bytes_per_sample, SampleRate rate) {
    const SampleCount most = max_data_bytes / bytes_per_sample;
    if (length <= most) {
        return std::nullopt;
    }
    const auto minutes = [rate](SampleCount count) {
        return std::to_string(static_cast<SampleCount>(rate.seconds(count) / 60.0));
    };
    return misused(
        "the recording would last " + minutes(length) + " minutes, more than the " + minutes(most) +
        " that a WAV file holds at this rate and encoding: give fewer digits or shorter tones and gaps");
}

/// Generates all of `stream` into `writer`.
template <class Sample, class Stream, class Writer>
Result<SampleCount, io::FileError> write_all(Stream stream, Writer& writer, Console& console) {
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
            return done; // Not closed: the file does not appear.
        }
    }
    return writer.close();
}

/// Writes all of `stream` into `writer`, in the sample type that the encoding is computed from.
template <class Stream, class Writer>
std::optional<Failure> write(const Stream& stream, Result<Writer, io::FileError> writer,
                             io::WavEncoding encoding, Console& console) {
    if (!writer) {
        return Failure{ExitCode::failed, writer.error().message, writer.error().reader_is_gone};
    }
    const auto written = encoding == io::WavEncoding::float32
                             ? write_all<float>(stream, *writer, console)
                             : write_all<std::int16_t>(stream, *writer, console);
    console.end_progress();
    if (!written) {
        return Failure{ExitCode::failed, written.error().message, written.error().reader_is_gone};
    }
    return std::nullopt;
}

/// The format that a file's name asks for. Standard output, pipes and devices have no ending: they get WAV.
Result<io::AudioFormat, Failure> format_of(const RenderOptions& options) {
    std::error_code ignored;
    const auto kind = std::filesystem::status(options.output, ignored).type();
    using Type = std::filesystem::file_type;
    const bool may_be_named = kind == Type::regular || kind == Type::not_found || kind == Type::none;
    if (options.output.empty() || options.output == "-" || !may_be_named) {
        return io::AudioFormat::wav;
    }
    const auto format = io::audio_format_of(options.output);
    if (!format) {
        return misused(printable(options.output) + " does not tell the format: end it in one of " +
                       io::written_endings());
    }
    const bool has_encodings = *format == io::AudioFormat::wav || *format == io::AudioFormat::au;
    if (!has_encodings && options.encoding != "pcm16") {
        return misused("--encoding " + options.encoding + " is for WAV and AU: leave it to the ending of " +
                       printable(options.output));
    }
    return *format;
}

/// Adds the options of a tone that takes the place of digits.
void add_network_tone_options(CLI::App& command, CLI::Option& digits, NetworkToneOptions& options) {
    CLI::Option* const tone =
        command.add_option("--tone", options.tone, "Instead of DIGITS: " + enumerate(network_tone_names()))
            ->type_name("NAME")
            ->always_capture_default(false)
            ->check(one_of(network_tone_names()));
    // One of both has to be there.
    digits.required(false);
    command.add_option("--country", options.country, "Whose tone: " + enumerate(country_codes()))
        ->type_name("CODE")
        ->check(one_of(country_codes()))
        ->needs(tone);
    command
        .add_option("--duration", options.duration, "How long the tone is sent, with s or ms, up to 3600s")
        ->type_name("TIME")
        ->needs(tone);
    command
        .add_option("--level-dbm0", options.level_dbm0, "Level of the tone, of all its frequencies together")
        ->type_name("DBM0")
        ->check(decimal_number())
        ->needs(tone);
    command.callback([&digits, tone] {
        if (digits.count() == 0 && tone->count() == 0) {
            throw CLI::RequiredError("DIGITS");
        }
    });
}

/// Writes all of `stream` where the options say.
template <class Stream>
std::optional<Failure> write_stream(const Stream& stream, const RenderOptions& options, Console& console) {
    const auto* const encoding = std::ranges::find(encodings, options.encoding, &Encoding::name);
    if (encoding == encodings.end()) {
        return misused("--encoding " + options.encoding + ": use " + enumerate(encoding_names()));
    }
    const auto format = format_of(options);
    if (!format) {
        return format.error();
    }
    const auto rate = *SampleRate::from_hz(options.rate_hz);
    if (const auto problem = check_size(stream.length(), encoding->bytes_per_sample, rate)) {
        return problem;
    }
    if (options.output == "-" && isatty(STDOUT_FILENO) == 1) {
        return misused("standard output is a terminal, which cannot play a WAV file: use -o FILE, or a pipe");
    }

    if (options.output != "-") {
        catch_interruptions();
    }
    if (*format != io::AudioFormat::wav) {
        return write(stream,
                     io::AudioWriter::create(options.output, *format, options.rate_hz, encoding->encoding),
                     encoding->encoding, console);
    }
    return write(
        stream,
        io::WavWriter::create(options.output, options.rate_hz, 1, encoding->encoding, stream.length()),
        encoding->encoding, console);
}

} // namespace

CLI::App* add_render_command(CLI::App& program, RenderOptions& options) {
    CLI::App* command =
        program.add_subcommand("render", "Render digits or a network's tone to an audio file");
    command->option_defaults()->always_capture_default();
    command->footer(std::string(render_examples));

    CLI::Option* const digits = add_digits_argument(*command, options.tones);
    command
        ->add_option("-o,--output", options.output,
                     "File to write, by its ending " + io::written_endings() + "; - is standard output, WAV")
        ->required()
        ->type_name("FILE");
    command->add_option("--rate", options.rate_hz, "Sampling rate: " + enumerate(offered_rates()))
        ->type_name("HZ")
        ->check(one_of(offered_rates()));
    add_tone_options(*command, options.tones);
    add_network_tone_options(*command, *digits, options.network);
    command->add_option("--encoding", options.encoding, "Form of the samples: " + enumerate(encoding_names()))
        ->type_name("NAME")
        ->check(one_of(encoding_names()));
    return command;
}

std::optional<Failure> render(const RenderOptions& options, Console& console) {
    const auto rate = SampleRate::from_hz(options.rate_hz);
    if (!rate) {
        return misused("--rate " + std::to_string(options.rate_hz) + ": " + std::string(text(rate.error())));
    }
    const bool digits = !options.tones.digits.empty();
    if (!options.network.tone.empty()) {
        if (digits) {
            return misused("DIGITS and --tone: give one of them");
        }
        const auto stream = make_tone_stream(options.network, *rate);
        return stream ? write_stream(*stream, options, console) : std::optional(stream.error());
    }
    const auto stream = make_digit_stream(options.tones, *rate);
    return stream ? write_stream(*stream, options, console) : std::optional(stream.error());
}

} // namespace keytone::tools
