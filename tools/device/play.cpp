// SPDX-License-Identifier: MIT
#include "tools/device/play.hpp"

#include "dsp/sample_rate.hpp"
#include "engine/io/device/audio_stream.hpp"
#include "tools/console/interruption.hpp"
#include "tools/device/device_lines.hpp"
#include "tools/device/key_playback.hpp"
#include "tools/device/live_view.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace keytone::tools {

namespace {

/// Loudspeakers have two channels; a line has one.
constexpr int channels_wanted = 2;
/// What the audio system buffers beyond the latency that it reports.
constexpr Milliseconds untold_latency{50};

constexpr std::string_view play_examples = R"(Examples:
  keytone play 5551234
  keytone play '*70w1ww#' --device headset --tone-ms 60 --gap-ms 40

DIGITS are 0-9 * # A-D, with w for a pause of 0.5 s and W for one of 1 s; quote * and # in a shell. They sound on up to
two channels. On a terminal the key that sounds is shown; otherwise a line tells of each key as it begins. With
--json, one object per line:
  ev=start device name system rate_hz
  ev=key digit start_s duration_s                  as the key begins to sound
  ev=summary digits seconds blocks late over_time input_underflows input_overflows output_underflows
             output_overflows busiest_percent reports_lost
late counts the blocks that came later than the device's buffers bridge, over_time those that took longer than they
last. The exit code is 1 when the device is unplugged or its audio system ends.)";

/// Prints the keys as they sound.
class PlayDisplay {
  public:
    PlayDisplay(const DigitStream& stream, const StreamInUse& use, bool json, Console& console)
        : use_(use),
          json_(json),
          live_(!json && console.shows_live_line()),
          length_(stream.length()),
          console_(console) {
        stream.for_each_tone([&](const DtmfGenerator::Tone& tone) {
            tones_.push_back(tone);
            digits_ += tone.key.character();
        });
    }

    /// False when the output can no longer be written.
    bool start() { return console_.print(json_ ? json_start_line(use_) : text_start_line(use_)); }

    /// Everything before `position` has sounded. False when the output can no longer be written.
    bool update(SampleIndex position) {
        bool printing = true;
        for (; next_ < tones_.size() && tones_[next_].begin < position; ++next_) {
            const DtmfGenerator::Tone& tone = tones_[next_];
            printing = printing && (live_ || console_.print(json_ ? json_key_line(tone, use_.rate)
                                                                  : text_key_line(tone, use_.rate)));
        }
        if (live_) {
            const bool sounds = next_ > 0 && position < tones_[next_ - 1].end;
            console_.show(draw_playing(digits_, sounds ? std::optional(next_ - 1) : std::nullopt, next_,
                                       use_.rate.seconds(position), use_.rate.seconds(length_),
                                       console_.live_line_width()));
        }
        return printing;
    }

    bool finish(SampleIndex position, const io::StreamCounts& counts) {
        const StreamSummary summary{.digits = digits_.substr(0, next_),
                                    .seconds =
                                        use_.rate.seconds(std::clamp(position, SampleIndex{0}, length_)),
                                    .counts = counts};
        return console_.print(json_ ? json_summary_line(summary) : text_summary_line("played", summary));
    }

  private:
    StreamInUse use_;
    bool json_;
    bool live_;
    SampleCount length_;
    Console& console_;
    std::vector<DtmfGenerator::Tone> tones_;
    std::string digits_;
    std::size_t next_ = 0; ///< The first tone that has not begun.
};

} // namespace

CLI::App* add_play_command(CLI::App& program, PlayOptions& options) {
    CLI::App* command = program.add_subcommand("play", "Play digits on a loudspeaker or a line");
    command->option_defaults()->always_capture_default();
    command->footer(std::string(play_examples));
    add_digits_argument(*command, options.tones);
    add_tone_options(*command, options.tones);
    command->option_defaults()->always_capture_default(false);
    add_device_options(*command, options.device);
    return command;
}

std::optional<Failure> play(const PlayOptions& options, Console& console) {
    // A mistake in the options is reported before a device is looked for.
    if (const auto trial = make_digit_stream(options.tones, SampleRate::narrowband()); !trial) {
        return trial.error();
    }
    catch_interruptions();
    if (!options.device.verbose) {
        console.keep_streams_to_itself();
    }
    const auto system = io::AudioSystem::open();
    if (!system) {
        return Failure{ExitCode::failed, system.error().message};
    }
    const auto chosen = choose(*system, io::AudioDirection::output, options.device);
    if (!chosen) {
        return chosen.error();
    }
    const SampleRate rate = chosen->rate;
    const auto digits = make_digit_stream(options.tones, rate);
    if (!digits) {
        return digits.error();
    }

    std::shared_ptr<KeyPlayback> playback;
    auto stream = io::AudioStream::open(
        *system,
        {.device = chosen->device,
         .direction = io::AudioDirection::output,
         .channels = channels_wanted,
         .rate = rate},
        [&](std::size_t channels) { return playback = std::make_shared<KeyPlayback>(*digits, channels); });
    if (!stream) {
        return Failure{ExitCode::failed, stream.error().message};
    }
    PlayDisplay display(*digits,
                        {.device = chosen->device,
                         .direction = io::AudioDirection::output,
                         .rate = rate,
                         .channel = std::nullopt},
                        options.device.json, console);
    const SampleCount latency = rate.samples(Milliseconds{1000.0 * stream->latency_s()});
    const SampleCount enough = digits->length() + rate.samples(untold_latency);
    std::optional<Failure> failure;
    bool printing = display.start();
    SampleIndex sounded = 0;
    while (printing && interruption() == 0 && sounded < enough && !failure) {
        std::this_thread::sleep_for(live_tick);
        sounded = std::max(SampleIndex{0}, playback->position() - latency);
        printing = display.update(sounded);
        if (const auto error = stream->failure()) {
            failure = Failure{ExitCode::failed, error->message};
        }
    }
    console.end_progress();
    const io::StreamCounts counts = stream->counts();
    stream->close();
    display.finish(sounded, counts);
    return failure;
}

} // namespace keytone::tools
