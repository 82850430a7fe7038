// SPDX-License-Identifier: MIT
#include "bench/accuracy/receivers.hpp"

#include <spandsp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace keytone::accuracy {

namespace {

constexpr int spandsp_rate_hz = 8000;

struct Free {
    void operator()(dtmf_rx_state_t* receiver) const { dtmf_rx_free(receiver); }
};
using SpandspReceiver = std::unique_ptr<dtmf_rx_state_t, Free>;

SpandspReceiver make_spandsp() {
    SpandspReceiver receiver(dtmf_rx_init(nullptr, nullptr, nullptr));
    if (!receiver) {
        throw std::bad_alloc();
    }
    return receiver;
}

/// Passes the samples on piece by piece: each piece, whether it was lost, and the time at its end.
template <class Take>
void feed_samples(std::span<const std::int16_t> samples, int rate_hz, const Feed& feed, Take take) {
    const std::size_t size = sample_count(feed.ms, rate_hz);
    for (std::size_t at = 0, index = 0; at < samples.size(); at += size, ++index) {
        const auto piece = samples.subspan(at, std::min(size, samples.size() - at));
        const bool lost = index < feed.lost.size() && feed.lost[index];
        take(piece, lost, static_cast<double>(at + piece.size()) / rate_hz);
    }
}

} // namespace

std::vector<KeytoneReport> keytone_reports(std::span<const std::int16_t> samples, int rate_hz,
                                           const DtmfLimits& limits, const Feed& feed) {
    const auto rate = SampleRate::from_hz(rate_hz);
    if (!rate) {
        throw std::invalid_argument(std::string(text(rate.error())));
    }
    DtmfDetector detector(*rate, limits);
    std::vector<KeytoneReport> reports;
    double now_s = 0.0;
    const auto sink = [&](const DtmfReport& report) { reports.push_back({report, now_s}); };
    feed_samples(samples, rate_hz, feed, [&](std::span<const std::int16_t> piece, bool lost, double end_s) {
        now_s = end_s;
        if (lost) {
            detector.process_lost(static_cast<SampleCount>(piece.size()), sink);
        } else {
            detector.process(piece, sink);
        }
    });
    detector.finish(sink);
    return reports;
}

std::vector<HeardKey> confirmed_keys(std::span<const KeytoneReport> reports) {
    std::vector<HeardKey> keys;
    for (const KeytoneReport& heard : reports) {
        if (heard.report.kind == DtmfReport::Kind::begin) {
            keys.push_back({heard.report.key.character(), heard.at_s});
        }
    }
    return keys;
}

std::vector<HeardKey> heard_by_keytone(std::span<const std::int16_t> samples, int rate_hz,
                                       const DtmfLimits& limits, const Feed& feed) {
    return confirmed_keys(keytone_reports(samples, rate_hz, limits, feed));
}

std::vector<HeardKey> heard_by_spandsp(std::span<const std::int16_t> samples, const Feed& feed) {
    const SpandspReceiver receiver = make_spandsp();
    std::vector<HeardKey> keys;
    feed_samples(samples, spandsp_rate_hz, feed,
                 [&](std::span<const std::int16_t> piece, bool lost, double end_s) {
                     const auto size = static_cast<int>(piece.size());
                     if (lost) {
                         dtmf_rx_fillin(receiver.get(), size);
                     } else {
                         dtmf_rx(receiver.get(), piece.data(), size);
                     }
                     std::array<char, MAX_DTMF_DIGITS + 1> digits{};
                     const std::size_t count = dtmf_rx_get(receiver.get(), digits.data(), MAX_DTMF_DIGITS);
                     for (std::size_t i = 0; i < count; ++i) {
                         keys.push_back({digits.at(i), end_s});
                     }
                 });
    return keys;
}

void prepare_receivers() {
    make_spandsp();
}

} // namespace keytone::accuracy
