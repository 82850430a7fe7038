// SPDX-License-Identifier: MIT
#include "bench/accuracy/talk_off/hearing.hpp"

#include "bench/accuracy/random.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/recordings.hpp"

#include <algorithm>
#include <iterator>

namespace keytone::accuracy {

namespace {

constexpr double frame_ms = 20.0;
constexpr double lost_share = 0.05;

/// Which frames are lost: the same ones in every clip of the same length.
Feed feed_with_losses(Pcm& samples, int rate_hz) {
    Random random(samples.size());
    Feed feed{.ms = frame_ms};
    const std::size_t frame = sample_count(frame_ms, rate_hz);
    for (std::size_t at = 0; at < samples.size(); at += frame) {
        const bool lost = random.uniform() < lost_share;
        feed.lost.push_back(lost);
        if (lost) {
            const std::size_t end = std::min(at + frame, samples.size());
            std::fill(samples.begin() + static_cast<std::ptrdiff_t>(at),
                      samples.begin() + static_cast<std::ptrdiff_t>(end), std::int16_t{0});
        }
    }
    return feed;
}

/// Codecs work at 8 kHz, whatever the receivers' rate.
Pcm through_codec(std::span<const float> samples, int rate_hz, Pass codec) {
    const double down = static_cast<double>(recording_rate_hz) / rate_hz;
    const Pcm decoded = codec(to_pcm(resampled(samples, down)));
    return rate_hz == recording_rate_hz ? decoded : to_pcm(resampled(from_pcm(decoded), 1.0 / down));
}

/// Adds the keys in `reports`. A key's last report has its final measurements.
void list_keys(const Clip& clip, const Way& way, std::span<const KeytoneReport> reports, int rate_hz,
               std::vector<FalseKey>& keys) {
    for (const KeytoneReport& heard : reports) {
        const DtmfReport& report = heard.report;
        if (report.kind == DtmfReport::Kind::begin) {
            const double at_s = static_cast<double>(report.onset) / rate_hz;
            keys.push_back({.clip = clip.name,
                            .way = way.name,
                            .speed = way.speed,
                            .at_s = at_s,
                            .in_clip_s = at_s * way.speed,
                            .key = report.key.character()});
        }
        if (report.kind != DtmfReport::Kind::hint) {
            FalseKey& key = keys.back();
            key.duration_ms = 1000.0 * static_cast<double>(report.duration) / rate_hz;
            key.snr_db = report.snr.value;
            key.low_dbm0 = report.low_level.value;
            key.high_dbm0 = report.high_level.value;
            key.low_hz = report.low_frequency.value;
            key.high_hz = report.high_frequency.value;
        }
    }
}

struct Heard {
    FalseKeys count;
    std::vector<FalseKey> keys;
};

void hear_one_way(const Setting& setting, const Clip& clip, std::span<const float> samples, const Way& way,
                  std::span<const DtmfLimits> limits, Heard& heard) {
    Sound sound{setting.rate_hz, resampled(samples, 1.0 / way.speed), {}};
    scale(sound, way.gain_db);
    Pcm pcm =
        way.codec == nullptr ? to_pcm(sound.samples) : through_codec(sound.samples, sound.rate_hz, way.codec);
    Feed feed;
    if (way.loss != Way::Loss::none) {
        const Feed losses = feed_with_losses(pcm, setting.rate_hz);
        feed = way.loss == Way::Loss::told ? losses : feed;
    }
    FalseKeys count{.seconds = sound.seconds()};
    for (const DtmfLimits& limit : limits) {
        const auto reports = keytone_reports(pcm, setting.rate_hz, limit, feed);
        count.keytone.push_back(static_cast<std::int64_t>(confirmed_keys(reports).size()));
        if (count.keytone.size() == 1) {
            list_keys(clip, way, reports, setting.rate_hz, heard.keys);
        }
    }
    if (setting.compares()) {
        count.spandsp = static_cast<std::int64_t>(heard_by_spandsp(pcm, feed).size());
    }
    heard.count += count;
}

} // namespace

std::vector<Way> speeds(double step) {
    std::vector<Way> ways;
    for (const double speed : steps(0.7, 1.4, step)) {
        ways.push_back({.speed = speed, .name = "speed " + number_text(speed, 3)});
    }
    return ways;
}

FalseKeys& FalseKeys::operator+=(const FalseKeys& other) {
    seconds += other.seconds;
    keytone.resize(std::max(keytone.size(), other.keytone.size()));
    for (std::size_t i = 0; i < other.keytone.size(); ++i) {
        keytone[i] += other.keytone[i];
    }
    spandsp += other.spandsp;
    return *this;
}

Hearing hear(const Setting& setting, std::span<const Clip> clips, std::span<const Way> ways,
             std::span<const DtmfLimits> limits) {
    std::vector<Heard> heard(clips.size());
    setting.work.for_each(clips.size(), [&](std::size_t index) {
        const Clip& clip = clips[index];
        const std::vector<float> samples = clip_samples(clip, setting.cache, setting.rate_hz);
        for (const Way& way : ways) {
            hear_one_way(setting, clip, samples, way, limits, heard[index]);
        }
    });
    Hearing hearing;
    for (Heard& of_clip : heard) {
        hearing.clips.push_back(std::move(of_clip.count));
        std::ranges::move(of_clip.keys, std::back_inserter(hearing.keys));
    }
    return hearing;
}

} // namespace keytone::accuracy
