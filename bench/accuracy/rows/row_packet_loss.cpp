// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace keytone::accuracy {

namespace {

constexpr double frame_ms = 20.0;
constexpr double lost_share = 0.05;
constexpr double asked_percent = 99.9;
// A key goes on after a loss of up to this, and not after a longer one.
constexpr double longest_bridged_ms = 200.0;

struct Losses {
    Comparison zero_filled;
    Comparison told;

    Losses& operator+=(const Losses& other) {
        zero_filled += other.zero_filled;
        told += other.told;
        return *this;
    }
};

Losses hear_with_losses(const Setting& setting, int digits, Random& random) {
    const KeyShape shape{.tone_ms = 100.0, .pause_ms = 100.0};
    const Sound sound = key_stream(shape, digits, setting.rate_hz, random);
    Pcm samples = to_pcm(sound.samples);
    const std::size_t frame = sample_count(frame_ms, setting.rate_hz);
    Feed feed{.ms = frame_ms};
    for (std::size_t at = 0; at < samples.size(); at += frame) {
        const bool lost = random.uniform() < lost_share;
        feed.lost.push_back(lost);
        if (lost) {
            const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(at);
            std::fill(begin, begin + static_cast<std::ptrdiff_t>(std::min(frame, samples.size() - at)),
                      std::int16_t{0});
        }
    }
    Losses losses;
    losses.zero_filled.keytone = score(sound.keys, heard_by_keytone(samples, setting.rate_hz));
    losses.told.keytone = score(sound.keys, heard_by_keytone(samples, setting.rate_hz, {}, feed));
    if (setting.compares()) {
        losses.zero_filled.spandsp = score(sound.keys, heard_by_spandsp(samples));
        losses.told.spandsp = score(sound.keys, heard_by_spandsp(samples, feed));
    }
    return losses;
}

/// The reports for a line of which samples `from` to before `to` are lost, passed in pieces of at most
/// `piece` samples.
std::vector<DtmfReport> hear_with_loss(std::span<const std::int16_t> samples, int rate_hz,
                                       const DtmfLimits& limits, std::size_t from, std::size_t to,
                                       std::size_t piece) {
    DtmfDetector detector(*SampleRate::from_hz(rate_hz), limits);
    std::vector<DtmfReport> reports;
    const auto sink = [&](const DtmfReport& report) { reports.push_back(report); };
    detector.process(samples.first(from), sink);
    for (std::size_t at = from; at < to; at += piece) {
        detector.process_lost(static_cast<SampleCount>(std::min(piece, to - at)), sink);
    }
    detector.process(samples.subspan(to), sink);
    detector.finish(sink);
    return reports;
}

/// A long key of which a part is lost, passed at once and in pieces: one key, or two where the loss is too
/// long. It counts as missed when other keys are reported, or wrong times.
Score hear_loss_in_key(double lost_ms, int rate_hz, Random& random) {
    constexpr double allowance_s = 0.005;
    const DtmfProfile& profile = dtmf_profiles()[random.below(dtmf_profiles().size())];
    const double before_ms = random.uniform(60.0, 300.0);
    KeyShape shape{.tone_ms = before_ms + lost_ms + random.uniform(60.0, 300.0), .pause_ms = 100.0};
    KeyLine line(shape, rate_hz, random);
    line.press();
    const Sound sound = std::move(line).finish();
    const Pcm samples = to_pcm(sound.samples);
    const SentKey& key = sound.keys.front();
    const double lost_from_s = key.onset_s + before_ms / 1000.0;
    const double lost_to_s = lost_from_s + lost_ms / 1000.0;
    const std::size_t from = sample_count(1000.0 * lost_from_s, rate_hz);
    const std::size_t to = from + sample_count(lost_ms, rate_hz);
    const auto hear = [&](std::size_t piece) {
        return hear_with_loss(samples, rate_hz, profile.limits, from, to, piece);
    };
    const auto reports = hear(to - from);
    bool is_right = reports == hear(1) && reports == hear(sample_count(frame_ms, rate_hz)) &&
                    reports == hear(1 + random.below(to - from));
    std::vector<SentKey> asked{key};
    if (lost_ms > longest_bridged_ms) {
        asked = {{key.key, key.onset_s, lost_from_s}, {key.key, lost_to_s, key.end_s}};
    }
    std::size_t ended = 0;
    for (const DtmfReport& report : reports) {
        if (report.kind == DtmfReport::Kind::end) {
            const double onset_s = static_cast<double>(report.onset) / rate_hz;
            const double end_s = static_cast<double>(report.onset + report.duration) / rate_hz;
            is_right = is_right && ended < asked.size() && report.key.character() == asked[ended].key &&
                       std::abs(onset_s - asked[ended].onset_s) <= allowance_s &&
                       std::abs(end_s - asked[ended].end_s) <= allowance_s;
            ++ended;
        }
    }
    is_right = is_right && ended == asked.size();
    return {.sent = 1, .hits = is_right ? 1 : 0, .missed = is_right ? 0 : 1};
}

} // namespace

Outcome measure_packet_loss(const Setting& setting) {
    const Losses losses = measure<Losses>(setting, 1, [&](std::size_t, int digits, Random& random) {
                              return hear_with_losses(setting, digits, random);
                          }).front();
    Line zeros = enough_heard(setting, "100/100 ms, frames lost are zeros", losses.zero_filled, 0.0);
    zeros.asked = "no extra";
    zeros.met = losses.zero_filled.keytone.clean();
    Line told =
        enough_heard(setting, "100/100 ms, the receiver is told of the loss", losses.told, asked_percent);
    told.asked += ", no extra";
    told.met = *told.met && losses.told.keytone.clean();

    constexpr std::array lost_ms{20.0,  60.0,  80.0,  120.0, 160.0, longest_bridged_ms,
                                 205.0, 220.0, 240.0, 1000.0};
    const auto scores =
        measure<Score>(setting, lost_ms.size(), [&](std::size_t point, int digits, Random& random) {
            Score sum;
            for (int i = 0; i < std::max(1, digits / 10); ++i) {
                sum += hear_loss_in_key(lost_ms[point], setting.rate_hz, random);
            }
            return sum;
        });
    Comparison bridged;
    Comparison parted;
    for (std::size_t point = 0; point < scores.size(); ++point) {
        (lost_ms[point] <= longest_bridged_ms ? bridged : parted).keytone += scores[point];
    }
    Line one = all_heard(setting, "20 to 200 ms lost in a key, at once or in pieces: one key", bridged);
    Line two = all_heard(setting, "205 to 1000 ms lost in a key, at once or in pieces: two", parted);
    one.spandsp.reset();
    two.spandsp.reset();
    return {{zeros, told, one, two}};
}

} // namespace keytone::accuracy
