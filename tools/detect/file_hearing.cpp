// SPDX-License-Identifier: MIT
#include "tools/detect/file_hearing.hpp"

#include "dsp/sample_rate.hpp"
#include "engine/io/offline_resampler.hpp"
#include "tools/console/interruption.hpp"

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

/// A lower rate has no room for a key's highest tone, 1633 Hz; higher rates are not used for audio.
constexpr int lowest_file_hz = 4000;
constexpr int highest_file_hz = 3'072'000;

/// One channel's detector, and the digits that have ended since they were last delivered.
struct ChannelEar {
    int number;
    DtmfDetector detector;
    std::optional<io::OfflineResampler> to_rate; ///< Where the file has another rate.
    std::string digits;
};

/// Detects in the channels of one open file.
class FileEar {
  public:
    FileEar(SampleRate rate, const io::AudioReader& file, const HearingSettings& settings)
        : rate_(rate), stride_(static_cast<std::size_t>(file.channels())), samples_(block_frames) {
        const int first = settings.channel.value_or(1);
        const int last = settings.channel.value_or(file.channels());
        for (int number = first; number <= last; ++number) {
            ears_.push_back({number, DtmfDetector(rate, settings.limits), std::nullopt, {}});
            if (file.rate_hz() != rate.hz()) {
                ears_.back().to_rate.emplace(file.rate_hz(), rate.hz());
            }
        }
    }

    /// Takes at most block_frames frames.
    void process(std::span<const std::int16_t> interleaved, SoundSink on_sound) {
        const std::size_t frames = interleaved.size() / stride_;
        for (ChannelEar& ear : ears_) {
            const auto offset = static_cast<std::size_t>(ear.number - 1);
            for (std::size_t i = 0; i < frames; ++i) {
                samples_[i] = interleaved[i * stride_ + offset];
            }
            const auto samples = std::span(samples_).first(frames);
            if (ear.to_rate) {
                ear.to_rate->add(io::from_pcm16(samples));
                hear(ear, io::to_pcm16(ear.to_rate->take()), on_sound);
            } else {
                hear(ear, samples, on_sound);
            }
        }
    }

    void finish(SoundSink on_sound) {
        for (ChannelEar& ear : ears_) {
            if (ear.to_rate) {
                hear(ear, io::to_pcm16(ear.to_rate->finish()), on_sound);
            }
            ear.detector.finish([&](const DtmfReport& report) { take_down(ear, report); });
        }
    }

    /// Delivers the digits that ended since the last call. False when `on_digit` returned that.
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
    void hear(ChannelEar& ear, std::span<const std::int16_t> samples, SoundSink on_sound) {
        on_sound({ear.number, rate_.hz(), samples});
        ear.detector.process(samples, [&](const DtmfReport& report) { take_down(ear, report); });
    }

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

HeardFile failed(io::FileError error) {
    HeardFile file;
    file.error = std::move(error);
    return file;
}

} // namespace

std::optional<SampleRate> rate_to_hear(int file_hz) {
    if (file_hz < lowest_file_hz || file_hz > highest_file_hz) {
        return std::nullopt;
    }
    const auto next = std::ranges::lower_bound(SampleRate::offered_hz, file_hz);
    const int hz = next == SampleRate::offered_hz.end() ? SampleRate::offered_hz.back() : *next;
    return *SampleRate::from_hz(hz);
}

io::FileError no_rate_for_keys(const std::string& path, int rate_hz) {
    return {name_of(path) + ": its rate is " + std::to_string(rate_hz) + " Hz, and keys are heard from " +
            std::to_string(lowest_file_hz) + " Hz to " + std::to_string(highest_file_hz) +
            " Hz: record it at one of " + std::string(offered_rates_text)};
}

HeardFile hear_file(const std::string& path, const HearingSettings& settings, DigitSink on_digit,
                    SoundSink on_sound, FileProgressSink on_progress) {
    auto reader = io::AudioReader::open(path, {.raw = settings.raw, .stop = interruption_descriptor()});
    if (!reader) {
        return failed(reader.error());
    }
    const auto rate = rate_to_hear(reader->rate_hz());
    if (!rate) {
        return failed(no_rate_for_keys(path, reader->rate_hz()));
    }
    if (settings.channel && *settings.channel > reader->channels()) {
        return failed(no_such_channel(path, reader->channels(), *settings.channel));
    }
    if (settings.one_channel && !settings.channel && reader->channels() > 1) {
        return failed(several_channels(path, reader->channels()));
    }

    FileEar ear(*rate, *reader, settings);
    const auto stride = static_cast<std::size_t>(reader->channels());
    std::vector<std::int16_t> block(block_frames * stride);
    HeardFile heard;
    SampleCount done = 0;
    bool go_on = true;
    while (go_on && interruption() == 0) {
        const auto frames = reader->read(block);
        if (!frames) {
            if (interruption() == 0) {
                heard.error = frames.error();
            }
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
        ear.finish(on_sound);
        ear.deliver(on_digit);
    }
    heard.channels = std::move(ear).channels();
    heard.seconds = static_cast<double>(done) / reader->rate_hz();
    return heard;
}

} // namespace keytone::tools
