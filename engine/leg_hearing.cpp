// SPDX-License-Identifier: MIT
#include "engine/leg_hearing.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace keytone {

namespace {

constexpr Milliseconds longest_gap{200};
constexpr std::array<std::int16_t, 256> silence{};

} // namespace

LegHearing::LegHearing(Leg leg, SampleRate rate, const DtmfLimits& limits, ReportOutbox& outbox)
    : leg_(leg), outbox_(outbox), detector_(rate, limits), longest_gap_(rate.samples(longest_gap)) {}

void LegHearing::hear(std::span<const std::int16_t> samples) noexcept {
    if (!samples.empty()) {
        lost_on_end_ = 0;
        detector_.process(samples, [this](const DtmfReport& heard) { report(heard); });
    }
}

// The detector judges a loss by the length it is told at once; here it may come in pieces.
void LegHearing::hear_lost(SampleCount count) noexcept {
    const auto sink = [this](const DtmfReport& heard) { report(heard); };
    const SampleCount bridged = std::min(count, longest_gap_ - lost_on_end_);
    lost_on_end_ += bridged;
    detector_.process_lost(bridged, sink);
    for (SampleCount left = count - bridged; left > 0; left -= std::ssize(silence)) {
        const auto part = std::min<SampleCount>(left, std::ssize(silence));
        detector_.process(std::span(silence).first(static_cast<std::size_t>(part)), sink);
    }
}

void LegHearing::finish() noexcept {
    detector_.finish([this](const DtmfReport& heard) { report(heard); });
}

void LegHearing::report(const DtmfReport& heard) noexcept {
    if (heard.kind != DtmfReport::Kind::end) {
        return;
    }
    const SampleIndex begin = first_sample_ + heard.onset;
    outbox_.put({.kind = MediaReport::Kind::digit_heard,
                 .leg = leg_,
                 .digit = heard.key.character(),
                 .begin = begin,
                 .end = begin + heard.duration,
                 .snr_db = static_cast<float>(heard.snr.value)});
}

} // namespace keytone
