// SPDX-License-Identifier: MIT
#include "engine/rtp/playout_ring.hpp"

#include <algorithm>
#include <array>

namespace keytone {

void PlayoutRing::reset(SampleIndex first) noexcept {
    std::ranges::fill(samples_, std::int16_t{0});
    std::ranges::fill(states_, State::unknown);
    begin_ = end_ = furthest_ = first;
}

void PlayoutRing::write(SampleIndex at, G711Law law, std::span<const std::uint8_t> codes) noexcept {
    std::array<std::int16_t, max_packet> decoded;
    const auto samples = std::span(decoded).first(codes.size());
    g711_decode(law, codes, samples);
    const SampleIndex from = std::max(at, begin_);
    const SampleIndex until = std::min(at + std::ssize(codes), limit());
    for (SampleIndex i = from; i < until; ++i) {
        State& state = states_[place(i)];
        if (state != State::audio) {
            state = State::audio;
            samples_[place(i)] = samples[static_cast<std::size_t>(i - at)];
        }
    }
    end_ = std::max(end_, until);
}

void PlayoutRing::silence(SampleIndex from, SampleIndex until) noexcept {
    from = std::max(from, begin_);
    until = std::min(until, limit());
    for (SampleIndex i = from; i < until; ++i) {
        State& state = states_[place(i)];
        state = state == State::unknown ? State::silent : state;
    }
    if (from < until) {
        end_ = std::max(end_, until);
    }
}

PlayoutRing::Run PlayoutRing::run(SampleCount offset, SampleCount most) const noexcept {
    const SampleIndex from = begin_ + offset;
    const State state = from < end_ ? states_[place(from)] : State::unknown;
    if (from >= end_) {
        return {state, most};
    }
    SampleCount count = 0;
    const SampleCount known = std::min(most, end_ - from);
    while (count < known && states_[place(from + count)] == state) {
        ++count;
    }
    return {state, count};
}

void PlayoutRing::read(std::span<std::int16_t> out) const noexcept {
    SampleIndex at = begin_;
    for (std::int16_t& sample : out) {
        sample = samples_[place(at++)];
    }
}

void PlayoutRing::move_on(SampleCount count) noexcept {
    const SampleIndex until = begin_ + count;
    for (SampleIndex i = begin_; i < std::min(until, end_); ++i) {
        states_[place(i)] = State::unknown;
        samples_[place(i)] = 0;
    }
    begin_ = until;
    end_ = std::max(end_, begin_);
    furthest_ = std::max(furthest_, begin_);
}

void PlayoutRing::move_back(SampleCount count) noexcept {
    count = std::min(count, begin_ - (furthest_ - reserve));
    end_ = end_ == begin_ ? begin_ - count : end_;
    begin_ -= count;
}

} // namespace keytone
