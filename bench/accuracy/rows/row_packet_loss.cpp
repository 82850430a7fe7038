// SPDX-License-Identifier: MIT
#include "bench/accuracy/key_stream.hpp"
#include "bench/accuracy/receivers.hpp"
#include "bench/accuracy/rows/lines.hpp"
#include "bench/accuracy/rows/rows.hpp"

#include <algorithm>

namespace keytone::accuracy {

namespace {

constexpr double frame_ms = 20.0;
constexpr double lost_share = 0.05;
constexpr double asked_percent = 99.9;

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
    return {{zeros, told}};
}

} // namespace keytone::accuracy
