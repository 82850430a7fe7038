// SPDX-License-Identifier: MIT
#include "tools/listen/listen.hpp"

#include "tools/console/program_run.hpp"
#include "tools/detect/detection_picture.hpp"
#include "tools/detect/file_hearing.hpp"
#include "tools/listen/line_ear.hpp"
#include "tools/listen/listen_lines.hpp"
#include "tools/option_checks.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace keytone::tools {

namespace {

constexpr std::string_view listen_examples = R"(Examples:
  keytone listen call.wav
  keytone listen --json recordings/*.wav | jq -c 'select(.what == "answer")'
  keytone listen --picture call.png --country de call.wav
  arecord -r 8000 -f S16_LE | keytone listen --json -

Prints a line for each thing that is heard, as soon as it is over:
  FILE<TAB>CHANNEL<TAB>START<TAB>END<TAB>WHAT
WHAT is a key, speech, silence, a beep, call progress or a fax's tone, who answered, or a sound that is none of
these. With --json, one object per line:
  file channel what start_s end_s        what is key, speech, silence, beep, progress, answer or sound
                                         key: digit low_dbm0 high_dbm0 low_hz high_hz snr_db
                                         progress: tone, information (of special information tones), certainty
                                         answer: by, which is human, machine, fax, sit or unknown
and for each file and channel
  file channel digits answered_by seconds
Times are in seconds from the beginning of the file. Who answered is told as if the call was answered there; it may be
told again, as a machine's beep comes late. --picture draws one channel of one file: its frequencies up to 4 kHz over
time, the keys, and what else was heard. Reads what keytone detect reads. A file that cannot be processed is reported
on standard error; the others still are. Ctrl-C ends it with what was heard so far.)";

/// One channel of a file.
struct ChannelListening {
    LineEar ear;
    int rate_hz;
    std::optional<AnsweredBy> answered_by = std::nullopt;
};

/// Something that is to be printed, and when it was over.
struct Line {
    double end_s;
    int channel;
    std::string text;
};

/// Listens to one file.
class FileListening {
  public:
    FileListening(std::string path, bool json, Country country, DetectionPicture* picture)
        : path_(std::move(path)), json_(json), country_(country), picture_(picture) {}

    std::optional<io::FileError> run(const HearingSettings& settings, FileSay say, FilePart part) {
        bool printing = true;
        const auto on_digit = [&](const HeardDigit& digit) {
            take(digit);
            return printing;
        };
        const auto on_sound = [&](const HeardSound& sound) {
            // Keys that ended in the block before were told since.
            printing = printing && print(say);
            take(sound);
        };
        const HeardFile heard = hear_file(path_, settings, on_digit, on_sound, part);
        for (auto& [number, channel] : channels_) {
            channel.ear.finish([&, number = number](const HeardThing& thing) { take(number, thing); });
        }
        print(say);
        for (const HeardChannel& channel : heard.channels) {
            if (json_) {
                say(last_line(channel, heard.seconds));
            }
        }
        if (picture_ != nullptr && !heard.channels.empty()) {
            const auto problem = picture_->write();
            return heard.error ? heard.error : problem;
        }
        return heard.error;
    }

  private:
    void take(const HeardSound& sound) {
        if (picture_ != nullptr) {
            picture_->hear(sound);
        }
        const SampleRate rate = *SampleRate::from_hz(sound.rate_hz);
        ChannelListening& channel =
            channels_.try_emplace(sound.channel, ChannelListening{LineEar(rate, country_), sound.rate_hz})
                .first->second;
        channel.ear.process(sound.samples, [&](const HeardThing& thing) { take(sound.channel, thing); });
    }

    void take(const HeardDigit& digit) {
        if (picture_ != nullptr) {
            picture_->mark(digit);
        }
        const DtmfReport& key = digit.report;
        const SampleIndex end = key.onset + key.duration;
        if (const auto channel = channels_.find(digit.channel); channel != channels_.end()) {
            channel->second.ear.note_key(key.onset, end);
        }
        const double start_s = static_cast<double>(key.onset) / digit.rate_hz;
        const double end_s = static_cast<double>(end) / digit.rate_hz;
        const HeardWhere where{path_, digit.channel};
        lines_.push_back({end_s, digit.channel,
                          json_
                              ? json_line_of(where, as_json(key, digit.rate_hz))
                              : text_line(where, start_s, end_s, std::string("key ") + key.key.character())});
    }

    void take(int number, const HeardThing& thing) {
        ChannelListening& channel = channels_.at(number);
        if (thing.what == HeardThing::What::answer) {
            channel.answered_by = thing.by;
        }
        const double start_s = static_cast<double>(thing.begin) / channel.rate_hz;
        const double end_s = static_cast<double>(thing.end) / channel.rate_hz;
        if (picture_ != nullptr && thing.what != HeardThing::What::silence) {
            picture_->mark(channel.rate_hz, start_s, end_s, in_words(thing));
        }
        const HeardWhere where{path_, number};
        lines_.push_back({end_s, number,
                          json_ ? json_line_of(where, as_json(thing, channel.rate_hz))
                                : text_line(where, start_s, end_s, in_words(thing))});
    }

    /// Prints what is over, in the order in which it was.
    bool print(FileSay say) {
        std::ranges::stable_sort(lines_, {},
                                 [](const Line& line) { return std::tuple(line.end_s, line.channel); });
        const bool printing = std::ranges::all_of(lines_, [&](const Line& line) { return say(line.text); });
        lines_.clear();
        return printing;
    }

    [[nodiscard]] std::string last_line(const HeardChannel& channel, double seconds) const {
        Json object{{"digits", channel.digits}};
        const auto heard = channels_.find(channel.number);
        const bool answered = heard != channels_.end() && heard->second.answered_by;
        object["answered_by"] = name_of(answered ? *heard->second.answered_by : AnsweredBy::unknown);
        object["seconds"] = to_microseconds(seconds);
        return json_line_of({path_, channel.number}, object);
    }

    std::string path_;
    bool json_;
    Country country_;
    DetectionPicture* picture_;
    std::map<int, ChannelListening> channels_;
    std::vector<Line> lines_;
};

} // namespace

void add_country_option(CLI::App& command, std::string& country) {
    std::vector<std::string> codes;
    for (const CountryTones& known : country_tones()) {
        codes.emplace_back(known.code);
    }
    codes.emplace_back("any");
    command.add_option("--country", country, "Whose call progress to hear: " + enumerate(codes))
        ->type_name("CODE")
        ->check(one_of(codes))
        ->capture_default_str();
}

CLI::App* add_listen_command(CLI::App& program, ListenOptions& options) {
    CLI::App* command = program.add_subcommand("listen", "Tell all that is heard in audio files");
    command->footer(std::string(listen_examples));
    add_input_options(*command, options.input);
    command->add_flag("--json", options.json, "Print JSON, one object per line");
    add_limits_options(*command, options.limits);
    add_country_option(*command, options.country);
    add_hearing_options(*command, options.input,
                        "Draw the sound of one FILE and what is heard into this file, .png or .svg");
    return command;
}

ExitCode listen(const ListenOptions& given, Console& console) {
    ListenOptions options = given;
    if (const auto failure = prepare(options.input, "keytone listen")) {
        return report(*failure, console);
    }
    const HearingSettings settings = hearing_of(options.input, limits_of(options.limits));
    auto picture =
        DetectionPicture::of(options.input); // Only with a single file, which one thread processes.
    return process_files(options.input, console, [&](const std::string& path, FileSay say, FilePart part) {
        FileListening listening(path, options.json, *Country::from_code(options.country),
                                picture ? &*picture : nullptr);
        return listening.run(settings, say, part);
    });
}

} // namespace keytone::tools
