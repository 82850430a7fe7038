// SPDX-License-Identifier: MIT
#include "dsp/dtmf_suppressor.hpp"

#include "dsp/detector/sub_block.hpp"

#include <algorithm>

namespace keytone {

namespace {

// At 8 kHz the detector reports at the ends of its sub-blocks only; at other rates these fall between
// samples, and shorter pieces tell sooner.
SampleCount piece_of(SampleRate rate) {
    return rate == SampleRate::narrowband() ? sub_block_samples : rate.samples(1_ms);
}

} // namespace

DtmfSuppressor::DtmfSuppressor(SampleRate rate, const DtmfLimits& limits)
    : keys_(rate, limits), delay_(rate.samples(look_ahead)), piece_(piece_of(rate)) {}

void DtmfSuppressor::reset() noexcept {
    keys_.reset();
    position_ = 0;
    place_ = 0;
    taken_ = 0;
    lost_ = false;
    kept_.fill(0);
}

void DtmfSuppressor::process(std::span<const std::int16_t> in, std::span<std::int16_t> out) noexcept {
    while (!in.empty()) {
        const auto size = static_cast<std::size_t>(std::min(std::ssize(in), piece_ - position_ % piece_));
        take(in.first(size), out.first(size), false);
        in = in.subspan(size);
        out = out.subspan(size);
    }
}

void DtmfSuppressor::process_lost(std::span<std::int16_t> out) noexcept {
    constexpr std::array<std::int16_t, static_cast<std::size_t>(offered_rates_hz.back()) / 200> nothing{};
    while (!out.empty()) {
        const auto size = static_cast<std::size_t>(std::min(std::ssize(out), piece_ - position_ % piece_));
        take(std::span(nothing).first(size), out.first(size), true);
        out = out.subspan(size);
    }
}

// The samples of at most one piece. What comes out is silenced by what was known at the piece's beginning:
// its samples are heard at its end, or where a loss begins or ends, however it is cut.
void DtmfSuppressor::take(std::span<const std::int16_t> in, std::span<std::int16_t> out, bool lost) noexcept {
    if (lost != lost_) {
        hear_taken();
        lost_ = lost;
    }
    const auto length = static_cast<std::size_t>(delay_);
    for (std::size_t i = 0; i < in.size(); ++i) {
        const std::int16_t next = in[i]; // `out` may be the same memory
        out[i] = kept_[place_];
        kept_[place_] = next;
        place_ = place_ + 1 == length ? 0 : place_ + 1;
    }
    keys_.silence(position_ - delay_, out);
    taken_ += in.size();
    position_ += std::ssize(in);
    if (position_ % piece_ == 0) {
        hear_taken();
    }
    keys_.forget_before(position_ - delay_);
}

void DtmfSuppressor::hear_taken() noexcept {
    if (lost_) {
        keys_.hear_lost(static_cast<SampleCount>(taken_));
    } else {
        const auto kept = std::span<const std::int16_t>(kept_).first(static_cast<std::size_t>(delay_));
        const std::size_t first = (place_ + kept.size() - taken_) % kept.size();
        const auto to_end = kept.subspan(first).first(std::min(taken_, kept.size() - first));
        keys_.hear(to_end);
        keys_.hear(kept.first(taken_ - to_end.size()));
    }
    taken_ = 0;
}

} // namespace keytone
