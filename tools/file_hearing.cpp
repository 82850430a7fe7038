// SPDX-License-Identifier: MIT
#include "tools/file_hearing.hpp"

#include "dsp/sample_rate.hpp"
#include "tools/option_checks.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>

namespace keytone::tools {

namespace {

/// Frames that are read at a time.
constexpr std::size_t block_frames = 1024;

/// One channel's detector, and the digits that ended since the last look.
struct ChannelEar {
    int number;
    DtmfDetector detector;
    std::string digits;
};

/// Listens to the channels of one open file.
class FileEar {
  public:
    FileEar(SampleRate rate, int file_channels, const HearingSettings& settings)
        : rate_(rate), stride_(static_cast<std::size_t>(file_channels)), samples_(block_frames) {
        const int first = settings.channel.value_or(1);
        const int last = settings.channel.value_or(file_channels);
        for (int number = first; number <= last; ++number) {
            ears_.push_back({number, DtmfDetector(rate, settings.limits), {}});
        }
    }

    /// Hears at most block_frames frames.
    void process(std::span<const std::int16_t> interleaved, SoundSink on_sound) {
        const std::size_t frames = interleaved.size() / stride_;
        for (ChannelEar& ear : ears_) {
            const auto offset = static_cast<std::size_t>(ear.number - 1);
            for (std::size_t i = 0; i < frames; ++i) {
                samples_[i] = interleaved[i * stride_ + offset];
            }
            const auto samples = std::span(samples_).first(frames);
            on_sound({ear.number, rate_.hz(), samples});
            ear.detector.process(samples, [&](const DtmfReport& report) { take_down(ear, report); });
        }
    }

    void finish() {
        for (ChannelEar& ear : ears_) {
            ear.detector.finish([&](const DtmfReport& report) { take_down(ear, report); });
        }
    }

    /// Hands on the digits that ended since the last call. False when `on_digit` said so.
    bool deliver(DigitSink on_digit) {
        std::ranges::sort(ended_, {}, [](const HeardDigit& digit) {
            return std::tuple(digit.report.onset + digit.report.duration, digit.channel);
        });
        const bool go_on = std::ranges::all_of(ended_, on_digit);
        ended_.clear();
        return go_on;
    }

    [[nodiscard]] std::vector<HeardChannel> channels() && {
        std::vector<HeardChannel> heard;
        for (ChannelEar& ear : ears_) {
            heard.push_back({ear.number, std::move(ear.digits)});
        }
        return heard;
    }

  private:
    void take_down(ChannelEar& ear, const DtmfReport& report) {
        if (report.kind == DtmfReport::Kind::end) {
            ear.digits += report.key.character();
            ended_.push_back({ear.number, rate_.hz(), report});
        }
    }

    SampleRate rate_;
    std::size_t stride_;
    std::vector<std::int16_t> samples_;
    std::vector<ChannelEar> ears_;
    std::vector<HeardDigit> ended_;
};

std::string name_of(const std::string& path) {
    return path == "-" ? "standard input" : path;
}

io::FileError no_such_channel(const std::string& path, int channels, int wanted) {
    return {name_of(path) + ": has no channel " + std::to_string(wanted) +
            (channels == 1 ? ": it has one channel, use --channel all"
                           : ": use --channel 1 to " + std::to_string(channels) + ", or all")};
}

io::FileError several_channels(const std::string& path, int channels) {
    return {name_of(path) + ": has " + std::to_string(channels) +
            " channels, of which a picture shows one: use --channel 1 to " + std::to_string(channels)};
}

io::FileError rate_not_offered(const std::string& path, int rate_hz) {
    return {name_of(path) + ": its rate is " + std::to_string(rate_hz) + " Hz: convert it to " +
            enumerate(offered_rates()) + " Hz"};
}

HeardFile failed(io::FileError error) {
    HeardFile file;
    file.error = std::move(error);
    return file;
}

} // namespace

HeardFile hear_file(const std::string& path, const HearingSettings& settings, DigitSink on_digit,
                    SoundSink on_sound, FileProgressSink on_progress) {
    auto reader = io::WavReader::open(path);
    if (!reader) {
        return failed(reader.error());
    }
    const auto rate = SampleRate::from_hz(reader->rate_hz());
    if (!rate) {
        return failed(rate_not_offered(path, reader->rate_hz()));
    }
    if (settings.channel && *settings.channel > reader->channels()) {
        return failed(no_such_channel(path, reader->channels(), *settings.channel));
    }
    if (settings.one_channel && !settings.channel && reader->channels() > 1) {
        return failed(several_channels(path, reader->channels()));
    }

    FileEar ear(*rate, reader->channels(), settings);
    const auto stride = static_cast<std::size_t>(reader->channels());
    std::vector<std::int16_t> block(block_frames * stride);
    HeardFile heard;
    SampleCount done = 0;
    bool go_on = true;
    while (go_on) {
        const auto frames = reader->read(block);
        if (!frames) {
            heard.error = frames.error();
            break;
        }
        if (*frames == 0) {
            break;
        }
        ear.process(std::span(block).first(static_cast<std::size_t>(*frames) * stride), on_sound);
        go_on = ear.deliver(on_digit);
        done += *frames;
        if (reader->frames() > 0) {
            on_progress(static_cast<double>(done) / static_cast<double>(reader->frames()));
        }
    }
    if (go_on) {
        ear.finish();
        ear.deliver(on_digit);
    }
    heard.channels = std::move(ear).channels();
    heard.seconds = rate->seconds(done);
    return heard;
}

} // namespace keytone::tools
