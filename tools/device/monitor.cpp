// SPDX-License-Identifier: MIT
#include "tools/device/monitor.hpp"

#include "dsp/sample_rate.hpp"
#include "engine/io/device/audio_stream.hpp"
#include "tools/console/interruption.hpp"
#include "tools/device/device_lines.hpp"
#include "tools/device/line_monitor.hpp"
#include "tools/device/live_view.hpp"
#include "tools/listen/listen.hpp"
#include "tools/option_checks.hpp"

#include <chrono>
#include <csignal>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace keytone::tools {

namespace {

constexpr int max_channel = 1024;
constexpr double min_seconds = 0.1;
constexpr double max_seconds = 1e6;
/// The window of a level, long enough for the display to be read.
constexpr Milliseconds level_window{80};

constexpr std::string_view monitor_examples = R"(Examples:
  keytone monitor
  keytone monitor --device headset --json | jq -c 'select(.ev == "end") | [.start_s, .digit]'
  keytone monitor --seconds 30 --profile etsi
  keytone monitor --all --json

Listens until --seconds are over or Ctrl-C is pressed. A line tells of each key as it begins and as it ends, and the
last line what was heard; on a terminal the level and what sounds are shown, too. With --json, one object per line:
  ev=start device name system rate_hz channel
  ev=hint digit start_s                            a key may have begun, 10 ms ago: good for muting only
  ev=begin digit start_s low_dbm0 high_dbm0 low_hz high_hz snr_db
  ev=end digit start_s duration_s low_dbm0 high_dbm0 low_hz high_hz snr_db
  ev=heard what start_s end_s                      with --all: what keytone listen tells, when it is over
  ev=summary digits seconds blocks late over_time input_underflows input_overflows output_underflows
             output_overflows busiest_percent reports_lost
Times are in seconds from the first sample. late counts the blocks that came later than the device's buffers bridge,
over_time those that took longer than they last. The exit code is 1 when the device is unplugged or its audio system
ends.)";

/// Prints what is heard.
class MonitorDisplay {
  public:
    MonitorDisplay(const StreamInUse& use, bool json, Console& console)
        : use_(use), json_(json), live_(!json && console.shows_live_line()), console_(console) {}

    /// False when the output can no longer be written.
    bool start() { return console_.print(json_ ? json_start_line(use_) : text_start_line(use_)); }

    /// Prints what is new. False when the output can no longer be written.
    bool update(LineMonitor& heard) {
        bool printing = true;
        while (const auto report = heard.poll()) {
            take_down(*report);
            const std::string line =
                json_ ? json_report_line(*report, use_.rate) : text_report_line(*report, use_.rate);
            printing = printing && (line.empty() || console_.print(line));
        }
        while (const auto thing = heard.poll_thing()) {
            printing = printing && console_.print(json_ ? json_thing_line(*thing, use_.rate)
                                                        : text_thing_line(*thing, use_.rate));
        }
        if (live_) {
            show(heard);
        }
        return printing;
    }

    bool finish(const LineMonitor& heard, const io::StreamCounts& counts) {
        const StreamSummary summary{.digits = digits_,
                                    .seconds = use_.rate.seconds(heard.position()),
                                    .counts = counts,
                                    .reports_lost = heard.reports_lost()};
        return console_.print(json_ ? json_summary_line(summary) : text_summary_line("heard", summary));
    }

  private:
    void take_down(const DtmfReport& report) {
        const bool end = report.kind == DtmfReport::Kind::end;
        if (end) {
            digits_ += report.key.character();
        }
        sounding_ = end ? '\0' : report.key.character();
        certain_ = report.kind == DtmfReport::Kind::begin;
        reported_ = report.onset;
    }

    void show(LineMonitor& heard) {
        const SampleIndex position = heard.position();
        if (position >= next_level_) {
            level_ = heard.level_since();
            next_level_ = position + use_.rate.samples(level_window);
        }
        // A hint that was wrong is not followed by anything.
        if (!certain_ && position > reported_ + use_.rate.samples(hint_lasts)) {
            sounding_ = '\0';
        }
        console_.show(
            draw_listening({.level = level_, .heard = digits_, .sounding = sounding_, .certain = certain_},
                           console_.live_line_width()));
    }

    static constexpr Milliseconds hint_lasts{200};

    StreamInUse use_;
    bool json_;
    bool live_;
    Console& console_;
    std::string digits_;
    char sounding_ = '\0';
    bool certain_ = false;
    SampleIndex reported_ = 0;
    Dbm0 level_{-100.0};
    SampleIndex next_level_ = 0;
};

} // namespace

CLI::App* add_monitor_command(CLI::App& program, MonitorOptions& options) {
    CLI::App* command =
        program.add_subcommand("monitor", "Tell the digits that a microphone or a line hears");
    command->footer(std::string(monitor_examples));
    add_limits_options(*command, options.limits);
    command->add_flag("--all", options.all,
                      "Tell all that is heard: speech, silence, beeps, call progress, who answers");
    add_country_option(*command, options.country);
    command->add_option("--channel", options.channel, "Channel of the device to listen to, from 1")
        ->type_name("N")
        ->check(whole_number(1, max_channel))
        ->capture_default_str();
    command->add_option("--seconds", options.seconds, "How long to listen [until Ctrl-C]")
        ->type_name("S")
        ->check(decimal_number(min_seconds, max_seconds, " s"));
    add_device_options(*command, options.device);
    return command;
}

std::optional<Failure> monitor(const MonitorOptions& options, Console& console) {
    catch_interruptions();
    if (!options.device.verbose) {
        console.keep_streams_to_itself();
    }
    const auto system = io::AudioSystem::open();
    if (!system) {
        return Failure{ExitCode::failed, system.error().message};
    }
    const auto chosen = choose(*system, io::AudioDirection::input, options.device);
    if (!chosen) {
        return chosen.error();
    }
    if (options.channel > chosen->device.inputs) {
        return Failure{
            ExitCode::failed,
            "device '" + chosen->device.name + "' has no channel " + std::to_string(options.channel) +
                ": use --channel 1" +
                (chosen->device.inputs == 1 ? "" : " to " + std::to_string(chosen->device.inputs))};
    }
    const SampleRate rate = chosen->rate;
    const SampleCount limit =
        options.seconds > 0.0 ? rate.samples(Milliseconds{1000.0 * options.seconds}) : LineMonitor::unlimited;

    std::shared_ptr<LineMonitor> heard;
    auto stream = io::AudioStream::open(*system,
                                        {.device = chosen->device,
                                         .direction = io::AudioDirection::input,
                                         .channels = options.channel,
                                         .rate = rate},
                                        [&](std::size_t channels) {
                                            return heard = std::make_shared<LineMonitor>(
                                                       rate, limits_of(options.limits), channels,
                                                       static_cast<std::size_t>(options.channel - 1), limit,
                                                       options.all ? Country::from_code(options.country)
                                                                   : std::nullopt);
                                        });
    if (!stream) {
        return Failure{ExitCode::failed, stream.error().message};
    }
    MonitorDisplay display({.device = chosen->device,
                            .direction = io::AudioDirection::input,
                            .rate = rate,
                            .channel = options.channel},
                           options.device.json, console);
    std::optional<Failure> failure;
    bool started = false;
    bool printing = true;
    while (printing && interruption() == 0 && heard->position() < limit && !failure) {
        std::this_thread::sleep_for(live_tick);
        // The start is reported with the first sample: what is keyed before that would be missed.
        if (!started && heard->position() > 0) {
            started = true;
            printing = display.start();
        }
        printing = printing && display.update(*heard);
        if (const auto error = stream->failure()) {
            failure = Failure{ExitCode::failed, error->message};
        }
    }
    if (interruption() == SIGINT) {
        forget_interruption();
    }
    const io::StreamCounts counts = stream->counts();
    if (stream->close()) {
        heard->finish();
    }
    printing = printing && display.update(*heard);
    console.end_progress();
    display.finish(*heard, counts);
    return failure;
}

} // namespace keytone::tools
