// SPDX-License-Identifier: MIT
#include "engine/rtp/delay_estimate.hpp"

#include <algorithm>

namespace keytone {

DelayEstimate::DelayEstimate(SampleRate clock) noexcept
    : slice_length_(clock.samples(memory) / static_cast<SampleCount>(slices)),
      step_(clock.samples(step)),
      first_spread_(clock.samples(first_spread)),
      spread_(first_spread_) {}

void DelayEstimate::hear(SampleIndex timestamp, SampleIndex arrival) noexcept {
    hear_base(timestamp, arrival);
    heard_ = std::min(heard_ + 1, remembered);
    const float weight = 1.0F / static_cast<float>(heard_);
    for (float& share : share_) {
        share -= weight * share;
    }
    const SampleCount delay = arrival - timestamp - base_;
    share_[static_cast<std::size_t>(std::clamp<SampleCount>(delay / step_, 0, bins - 1))] += weight;

    SampleCount steps = bins;
    for (float late = share_[bins - 1]; steps > 1 && late < 1.0F - static_cast<float>(share_in_time);) {
        --steps;
        late += share_[static_cast<std::size_t>(steps - 1)];
    }
    spread_ = std::max(steps * step_, heard_ < few ? first_spread_ : 0);
}

void DelayEstimate::hear_base(SampleIndex timestamp, SampleIndex arrival) noexcept {
    const SampleCount transit = arrival - timestamp;
    const SampleIndex number = arrival / slice_length_;
    Slice& slice = least_[static_cast<std::size_t>(number) % slices];
    slice.least = slice.number == number ? std::min(slice.least, transit) : transit;
    slice.number = number;
    base_ = transit;
    for (const Slice& other : least_) {
        if (other.number >= 0 && other.number > number - static_cast<SampleIndex>(slices)) {
            base_ = std::min(base_, other.least);
        }
    }
}

void DelayEstimate::begin_anew() noexcept {
    least_ = {};
}

} // namespace keytone
